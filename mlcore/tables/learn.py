"""``learn_table``: from confirmed examples of one layout to a template that reads them back.

The columns come from where the confirmed values stand. The rules (how descriptions wrap, which lines are no
items, whether amounts are printed or computed) are chosen by reading the examples with each candidate template
and keeping what gives the confirmed rows back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mlcore.compare import Outcome, compare_records
from mlcore.documents import GoldExample
from mlcore.normalize import NumberStyle
from mlcore.readers.layout import Layout, build_layout
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord
from mlcore.tables.align import ItemPlace, locate_items
from mlcore.tables.frame import Placed, has_inline_codes, learn_columns, learn_header, stands_apart
from mlcore.tables.item_types import learn_types
from mlcore.tables.lines import learn_lines
from mlcore.tables.read import scan_table
from mlcore.tables.regions import table_header
from mlcore.tables.template import AmountRule, TableTemplate, Wrap

MAX_EXAMPLES = 10
"""More examples than this add time and no columns; the last ones are taken."""
MAX_CATALOGUE = 300
MAX_ROWS_ABOVE = 4
_MIN_ABSENT_ROWS = 2


@dataclass(frozen=True)
class Lesson:
    """One example made ready: its layout and where its confirmed rows stand."""

    example: GoldExample
    layout: Layout
    places: tuple[ItemPlace, ...]


def learn_table(examples: Sequence[GoldExample]) -> TableTemplate | None:
    """Learn one layout's table; ``None`` when no example has line items that can be found on its pages."""
    lessons = [lesson for example in examples[-MAX_EXAMPLES:] if (lesson := _prepare(example)).places]
    if not lessons:
        return None
    placed = [(lesson.layout, lesson.places) for lesson in lessons]
    header = learn_header(placed)
    columns = learn_columns(placed, header)
    if not any(column.numeric for column in columns):
        return None
    apart = stands_apart(placed)
    template = TableTemplate(
        columns=tuple(columns),
        inline_codes=has_inline_codes(placed, header),
        header=header.words,
        style=_style(lessons),
        required=_required(lessons),
        types=learn_types(place.item for lesson in lessons for place in lesson.places),
        wrap=_wrap(placed),
        line_gap=_line_gap(placed),
        rows_above=max(_rows_above(lesson, header.words, apart) for lesson in lessons),
        catalogue=_catalogue(lessons),
        top=min(_top(lesson) for lesson in lessons),
        apart=apart,
        examples=len(lessons),
    )
    return _choose_rules(template, lessons)


def _prepare(example: GoldExample) -> Lesson:
    layout = build_layout(example.document)
    named = example.label_fields is None or any(name.startswith("line_items") for name in example.label_fields)
    return Lesson(example, layout, tuple(locate_items(layout, example.record.line_items, example.evidence)) if named else ())


def _style(lessons: Sequence[Lesson]) -> NumberStyle:
    """The decimal mark, where the confirmed numbers leave no doubt."""
    marks: Counter[str] = Counter()
    for lesson in lessons:
        for place in lesson.places:
            for role in ("unit_price", "total"):
                for chunk in place.numbers.get(role, ())[:1]:
                    if chunk.decimals and chunk.tokens[-1].text.rstrip("€$ )|-")[-chunk.decimals - 1 :][:1] in (".", ","):
                        marks[chunk.tokens[-1].text.rstrip("€$ )|-")[-chunk.decimals - 1]] += 1
    if marks and len(marks) == 1:
        return NumberStyle.POINT if "." in marks else NumberStyle.COMMA
    return NumberStyle.AUTO


def _required(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """The numbers that (nearly) every confirmed row prints on one line."""
    places = [place for lesson in lessons for place in lesson.places]
    roles = []
    for role in ("total", "unit_price", "quantity"):
        own = sum(any(chunk.tokens[0].row == place.row for chunk in place.numbers.get(role, ())) for place in places)
        if own * 10 >= len(places) * 9:
            roles.append(role)
    return tuple(roles) or ("total",)


def _is_labeled(example: GoldExample, name: str) -> bool:
    fields = example.label_fields
    return fields is None or "line_items" in fields or f"line_items.{name}" in fields


def _rows_above(lesson: Lesson, header: tuple[tuple[str, float], ...], apart: bool) -> int:
    """How far above the header the first description begins: 0 in a usual table; one row is added for a wrapped one."""
    words = lesson.places[0].words
    if not words or not header:
        return 0
    page = words[0].page
    rows = [index for index, row in enumerate(lesson.layout.rows) if row[0].page == page]
    match = table_header(lesson.layout, rows[0], rows[-1] + 1, header, apart)
    above = match.rows[0] - min(token.row for token in words) if match else 0
    return above + 1 if 0 < above <= MAX_ROWS_ABOVE else 0


def _catalogue(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """The latest distinct descriptions."""
    items = [item for lesson in reversed(lessons) for item in lesson.example.record.line_items]
    return tuple(sorted(dict.fromkeys(item.description for item in items if item.description))[:MAX_CATALOGUE])


def _top(lesson: Lesson) -> float:
    row = lesson.layout.rows[lesson.places[0].row]
    return max(0.0, min(token.box.y0 for token in row) - 0.004)


def _wrap(placed: Sequence[Placed]) -> Wrap:
    """Where the further lines of descriptions stand."""
    above = below = 0
    for _, places in placed:
        for place in places:
            rows = {token.row for token in (*place.words, *place.codes)}
            above += min(rows, default=place.row) < place.row
            below += max(rows, default=place.row) > place.row
    if above and below:
        return Wrap.NEAREST
    return Wrap.BEFORE if above else Wrap.AFTER if below else Wrap.NEAREST


def _line_gap(placed: Sequence[Placed]) -> float:
    """A little more than the widest gap between two lines of one description, in em; 1 when none was seen."""
    widest = 0.0
    for layout, places in placed:
        for place in places:
            rows = sorted({token.row for token in (*place.words, *place.codes)} | {place.row})
            for upper, lower in pairwise(range(rows[0], rows[-1] + 1)):
                if layout.rows[upper][0].page == layout.rows[lower][0].page:
                    gap = min(t.y0 for t in layout.rows[lower]) - max(t.y1 for t in layout.rows[upper])
                    widest = max(widest, gap)
    return round(widest * 1.3 + 0.15, 3) if widest > 0 else 1.0


def _choose_rules(template: TableTemplate, lessons: Sequence[Lesson]) -> TableTemplate:
    """The variant that reads the examples back best; ties go to the plainer one."""
    best, most = template, -1.0
    for variant in _variants(template):
        taught = learn_lines(variant, [(lesson.layout, lesson.places) for lesson in lessons])
        for candidate in (variant, taught) if taught != variant else (variant,):
            score, spurious = _agreement(candidate, lessons)
            if score > most + 1e-9:
                best, most = replace(candidate, absent=spurious), score
    return best


def _variants(template: TableTemplate) -> Iterator[TableTemplate]:
    yield template
    yield replace(template, amount=AmountRule.COMPUTED)
    yield replace(template, codes_in_description=True)
    yield replace(template, first_line_only=True)
    yield from (replace(template, wrap=wrap) for wrap in Wrap if wrap is not template.wrap)


def _agreement(template: TableTemplate, lessons: Sequence[Lesson]) -> tuple[float, tuple[str, ...]]:
    """Share of the labeled cells of the examples that the template reads back, and the columns read that are never labeled."""
    right = total = 0
    spurious: Counter[str] = Counter()
    present: set[str] = set()
    for lesson in lessons:
        scan = scan_table(lesson.layout, template)
        found = InvoiceRecord(line_items=tuple(row.item for row in scan.rows) if scan else ())
        labeled = {f"line_items.{s.name}" for s in LINE_ITEM_FIELDS if _is_labeled(lesson.example, s.name)}
        outcome = compare_records(lesson.example.record, found, labeled)
        right += outcome.count(Outcome.CORRECT)
        total += len(outcome.fields) - outcome.count(Outcome.BOTH_ABSENT)
        for cell in outcome.fields:
            if cell.expected is not None:
                present.add(cell.name)
            elif cell.outcome is Outcome.SPURIOUS and cell.expected_row is not None:
                spurious[cell.name] += 1
    never = sorted(
        name.removeprefix("line_items.") for name, count in spurious.items() if count >= _MIN_ABSENT_ROWS and name not in present
    )
    return (right / total if total else 0.0), tuple(never)
