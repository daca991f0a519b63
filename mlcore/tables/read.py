"""``read_table``: the line items of one document, with or without a learned template."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlcore.documents import DocumentText, TextSource
from mlcore.readers.layout import Layout, build_layout
from mlcore.tables.assemble import Block, drop_numbering, group_rows, leads_with_code, read_block
from mlcore.tables.catalogue import correct_descriptions
from mlcore.tables.detect import detect_table
from mlcore.tables.lost_points import with_points
from mlcore.tables.reading import RowReading, TableReading, WordRef
from mlcore.tables.regions import Region, regions_for
from mlcore.tables.sums import without_sums
from mlcore.tables.template import TableTemplate


@dataclass(frozen=True)
class TableScan:
    """A table as found: its items with the rows they were made from; what learning looks at."""

    template: TableTemplate
    regions: tuple[Region, ...]
    blocks: tuple[Block, ...]
    rows: tuple[RowReading, ...]


def read_table(document: DocumentText, template: TableTemplate | None) -> TableReading:
    """Read the line items. ``template=None`` reads without knowing the vendor. Never raises for odd content."""
    layout = build_layout(document)
    found = scan_table(layout, template)
    if template is not None and (found is None or (template.header and not any(region.header for region in found.regions))):
        found = _better(found, scan_table(layout, None))
    if found is None:
        return TableReading()
    ocr = any(page.source is TextSource.OCR for page in document.pages)
    rows = with_points(correct_descriptions(found.rows, found.template.catalogue)) if ocr else found.rows
    consumed = frozenset(_refs(layout, found))
    confidence = sum(min((c.confidence for c in row.cells.values()), default=0.0) for row in found.rows) / max(1, len(found.rows))
    return TableReading(rows, consumed, confidence, ocr)


def scan_table(layout: Layout, template: TableTemplate | None) -> TableScan | None:
    """Find the table and cut it into items; ``None`` when there is none."""
    spec = template or detect_table(layout)
    if spec is None:
        return None
    regions = regions_for(layout, spec)
    base = 0.95 if template is not None else 0.8
    blocks: list[Block] = []
    for region in regions:
        blocks.extend(group_rows(region.rows, spec))
    blocks = without_sums(_without_footer(blocks))
    if not blocks:
        return None
    if spec.column("cpt_code") is None and any(leads_with_code(block, spec) for block in blocks):
        spec = replace(spec, inline_codes=True)
    if spec.apart:
        drop_numbering(blocks)
    return TableScan(spec, tuple(regions), tuple(blocks), tuple(read_block(block, spec, base) for block in blocks))


def _without_footer(blocks: list[Block]) -> list[Block]:
    """The blocks without a last one whose amount has no cents where all the others have them: the number of the page."""
    amounts = [block.number("total") for block in blocks]
    cents = [amount is not None and amount.money_like for amount in amounts]
    return blocks[:-1] if len(blocks) > 1 and all(cents[:-1]) and amounts[-1] is not None and not cents[-1] else blocks


def _better(by_place: TableScan | None, general: TableScan | None) -> TableScan | None:
    """Without the template's header: the reading with more rows that multiply out; the template's place when equal."""
    if by_place is None or general is None:
        return by_place or general
    return general if _sound(general) > _sound(by_place) else by_place


def _sound(scan: TableScan) -> int:
    return sum(block.anchor.multiplies for block in scan.blocks)


def _refs(layout: Layout, found: TableScan) -> list[WordRef]:
    rows = {row.index for block in found.blocks for row in block.rows} | {i for region in found.regions for i in region.header}
    return [(token.page, token.index) for index in rows for token in layout.rows[index]]
