"""The sender's name: which lines of the letterhead are it, and where it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlcore.normalize import comparison_key
from mlcore.readers.blocks import BlockLine, line_of, lines_below
from mlcore.readers.context import Context
from mlcore.readers.label_lines import is_label_line
from mlcore.readers.layout import Layout, Token
from mlcore.readers.party_words import BUSINESS, CUT_NAME, DASHES, STREET, SUFFIX, TITLE, line_kind
from mlcore.readers.scoring import Features
from mlcore.schema import ValueKind

_TOP_ROWS = 14
_MAX_LINES = 3
_LARGE = 1.2
"""Print higher than this many em is large, as names in a letterhead often are."""
_EQUAL = 0.08
"""Heights that differ by less than this share are equal."""


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A possible name over one to three lines. ``cut`` when a registration number was cut off its end."""

    lines: tuple[BlockLine, ...]
    tokens: tuple[Token, ...]
    text: str
    cut: bool


def find_names(context: Context) -> list[NameSpan]:
    """Lines near the top of the first page, and lines with a company form or after a seller label anywhere."""
    layout = context.layout
    spans: list[NameSpan] = []
    for cell in layout.cells:
        if cell.page > 2 or not any(char.isalpha() for char in cell.text):
            continue
        if layout.narrow and cell is not layout.row_cells[cell.row][0]:
            continue
        top = cell.page == 1 and cell.row < _TOP_ROWS
        if not top and not SUFFIX.search(cell.text) and context.section(cell.row, cell.tokens) != "party.seller":
            continue
        first = line_of(layout, cell)
        block = [first, *(lines_below(layout, first, _MAX_LINES - 1) if top else [])]
        for size in range(1, len(block) + 1):
            spans.extend(_variants(context, block[:size]))
            if line_kind(block[size - 1].text) in ("contact", "tax_id", "registration", "address") and size > 1:
                break
    return spans


def is_nobodys(context: Context, span: NameSpan) -> bool:
    """Whether the span begins with a line, or a side of it, that says nothing but labels and their values."""
    row = span.lines[0].row
    return is_label_line(context, [token for token in span.tokens if token.row == row] or span.tokens)


def _span_in_row(layout: Layout, row: int, tokens: Sequence[Token]) -> tuple[int, int]:
    start = layout.rows[row].index(tokens[0])
    return start, start + len(tokens)


def _variants(context: Context, lines: Sequence[BlockLine]) -> Iterator[NameSpan]:
    tokens = [token for line in lines for token in line.tokens]
    labels = [label for label in context.labels[lines[0].row] if label.kind.startswith("party")]
    start = _span_in_row(context.layout, lines[0].row, lines[0].tokens)[0]
    for label in labels:
        if label.first == start and label.last - start < len(tokens) and len(lines) == 1:
            tokens = tokens[label.last - start :]
    text = " ".join(token.text for token in tokens).strip(" :*-=|")
    if not text:
        return
    yield NameSpan(tuple(lines), tuple(tokens), text, False)
    for part in _parts(tokens):
        yield NameSpan(tuple(lines), part, " ".join(token.text for token in part).strip(" :*=|"), True)
    match = CUT_NAME.search(text, 4)
    if match and match.start() >= 4:
        kept, size = text[: match.start()].rstrip(" ,("), 0
        keep = []
        for token in tokens:
            if size >= len(kept):
                break
            keep.append(token)
            size += len(token.text) + 1
        yield NameSpan(tuple(lines), tuple(keep), kept, True)


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """The sides of a lone dash or bar: ``Hospital Bill - Valley General Hospital``."""
    for i, token in enumerate(tokens):
        if token.text in DASHES and 0 < i < len(tokens) - 1:
            yield tuple(tokens[:i])
            yield tuple(tokens[i + 1 :])


def name_features(context: Context, spans: Sequence[NameSpan]) -> list[Features]:
    """Features of every span, in order."""
    page = _Page(context.layout)
    return [_features(context, span, page) for span in spans]


class _Page:
    """What is said of a name by the rest of the page: lines that repeat it or begin with it, and the height of all print."""

    def __init__(self, layout: Layout) -> None:
        self.lines = Counter(comparison_key(ValueKind.TEXT, cell.text) for cell in layout.cells)
        self.beginnings: set[str] = set()
        self.before_addresses: set[str] = set()
        for cell in layout.cells:
            for size in range(1, len(cell.tokens) - 1):
                if any(char.isalnum() for char in cell.tokens[size].text) and not cell.tokens[size - 1].text.endswith(","):
                    continue
                key = comparison_key(ValueKind.TEXT, " ".join(token.text for token in cell.tokens[:size]))
                self.beginnings.add(key)
                if line_kind(" ".join(token.text for token in cell.tokens[size:])) == "address":
                    self.before_addresses.add(key)
        self.highest = max((token.height for token in layout.tokens), default=1.0)


def _features(context: Context, span: NameSpan, page: _Page) -> Features:
    layout, lines, text = context.layout, span.lines, span.text
    kinds = [line_kind(line.text) for line in lines]
    features: Features = {f"size={len(lines)}": 1.0, "cut": float(span.cut), f"kind={kinds[0]}": 1.0}
    if len(lines) > 1:
        features[f"join={kinds[0]}+{kinds[1]}"] = 1.0
        features["first_line_complete"] = float(_ends_with_suffix(lines[0].text))
        features["first_line_open"] = float(lines[0].text.rstrip().endswith(("&", "-", ",")))
        features["last_line_suffix"] = float(bool(SUFFIX.search(lines[-1].text)))
        features["short_last_line"] = float(len(lines[-1].tokens) <= 3)
        heights = [max(t.height for t in line.tokens) for line in lines]
        features["heights_differ"] = min(abs(heights[0] - heights[1]), 1.0)
        features["in_large_print"] = float(all(_is_large(line) and _alike(lines[0], line) for line in lines))
    features["suffix"] = float(bool(SUFFIX.search(text)))
    features["suffix_ends"] = float(_ends_with_suffix(text))
    features["suffix_mid_cut"] = float(not span.cut and bool(CUT_NAME.search(text, 4)))
    features["business"] = float(bool(BUSINESS.search(text)))
    features["title_word"] = float(bool(TITLE.search(text)))
    features["street"] = float(bool(STREET.search(text)))
    features["digits"] = min(sum(char.isdigit() for char in text), 8) / 8
    features["upper"] = sum(char.isupper() for char in text) / max(sum(char.isalpha() for char in text), 1)
    features["words"] = min(len(text.split()), 10) / 10
    features["one_short_word"] = float(len(text) < 5)
    features["long"] = float(len(text) > 45)
    features["colon"] = float(":" in text)
    key = comparison_key(ValueKind.TEXT, text)
    features["seen_again"] = float(page.lines[key] > (1 if len(lines) == 1 else 0))
    features["begins_a_line"] = float(key in page.beginnings)
    features["before_address"] = float(key in page.before_addresses)
    features["highest"] = float(max(token.height for token in span.tokens) > max(_LARGE, (1 - _EQUAL) * page.highest))
    _add_place(features, context, layout, span)
    return features


def _add_place(features: Features, context: Context, layout: Layout, span: NameSpan) -> None:
    lines = span.lines
    row, page = lines[0].row, lines[0].tokens[0].page
    features[f"row={min(row, 5)}" if page == 1 else "later_page"] = 1.0
    features["depth"] = row / max(len(layout.rows), 1)
    features["left_column"] = float(lines[0].tokens[0].x0 < layout.page_sizes[page][0] * 0.4)
    features["tall"] = max(min(max(token.height for token in span.tokens) - 1.0, 2.0), -0.5)
    first, last = _span_in_row(layout, row, lines[0].tokens)
    around = context.around(row, layout.rows[row].index(span.tokens[0]) if span.tokens[0].row == row else first, last)
    for kind in {around.left, around.above, around.previous_row}:
        if kind.startswith("party"):
            features[f"under={kind}"] = 1.0
    section = context.section(row, lines[0].tokens)
    if section:
        features[f"section={section}"] = 1.0
    for label in context.labels[row]:
        if first <= label.first < last:
            features[f"inside={label.kind.partition('.')[0]}"] = 1.0
    below = lines_below(layout, lines[-1], 3)
    features["goes_on"] = float(bool(below) and _is_large(lines[-1]) and _is_large(below[0]) and _alike(lines[-1], below[0]))
    for n, line in enumerate(below[:2]):
        features[f"below_{n + 1}={line_kind(line.text)}"] = 1.0
    features["nothing_below"] = float(not below)
    if row == 0:
        features["above=nothing"] = 1.0
    else:
        features[f"above={line_kind(' '.join(token.text for token in layout.rows[row - 1]))}"] = 1.0
    features["company_before"] = float(any(SUFFIX.search(text.text) for text in context.rows[max(0, row - 3) : row]))


def _is_large(line: BlockLine) -> bool:
    return max(token.height for token in line.tokens) > _LARGE


def _alike(line: BlockLine, other: BlockLine) -> bool:
    """Whether the print of two lines is equally high."""
    one, two = (max(token.height for token in part.tokens) for part in (line, other))
    return abs(one - two) < _EQUAL * max(one, two)


def _ends_with_suffix(text: str) -> bool:
    matches = list(SUFFIX.finditer(text))
    return bool(matches) and len(text.rstrip(" .,:;)")) - matches[-1].end() <= 1
