"""``learn_table``: from confirmed examples of one layout to a template that reads them back.

The columns come from where the confirmed values stand. The rules (how descriptions wrap, which lines are no
items, whether amounts are printed or computed) are chosen by reading the examples with each candidate template
and keeping what gives the confirmed rows back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mlcore.compare import Outcome, compare_records
from mlcore.documents import GoldExample
from mlcore.normalize import NumberStyle
from mlcore.readers.layout import Layout, build_layout
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord
from mlcore.tables.align import ItemPlace, locate_items
from mlcore.tables.frame import learn_columns, learn_header, stands_apart
from mlcore.tables.item_types import learn_types
from mlcore.tables.lines import learn_lines
from mlcore.tables.read import scan_table
from mlcore.tables.template import AmountRule, TableTemplate, Wrap

MAX_EXAMPLES = 10
"""More examples than this add time and no columns; the last ones are taken."""
_MIN_ABSENT_ROWS = 3


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
    template = TableTemplate(
        columns=tuple(columns),
        header=header.words,
        style=_style(lessons),
        required=_required(lessons),
        types=learn_types(place.item for lesson in lessons for place in lesson.places),
        absent=_absent(lessons),
        top=min(_top(lesson) for lesson in lessons),
        apart=stands_apart(placed),
        examples=len(lessons),
    )
    return _choose_rules(template, lessons)


def _prepare(example: GoldExample) -> Lesson:
    layout = build_layout(example.document)
    named = example.label_fields is None or any(name.startswith("line_items") for name in example.label_fields)
    return Lesson(example, layout, tuple(locate_items(layout, example.record.line_items)) if named else ())


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


def _absent(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    """Labeled columns that are empty in every confirmed row."""
    items = [item for lesson in lessons for item in lesson.example.record.line_items]
    if len(items) < _MIN_ABSENT_ROWS:
        return ()
    labeled = [spec.name for spec in LINE_ITEM_FIELDS if all(_is_labeled(lesson.example, spec.name) for lesson in lessons)]
    return tuple(name for name in labeled if all(getattr(item, name) is None for item in items))


def _is_labeled(example: GoldExample, name: str) -> bool:
    fields = example.label_fields
    return fields is None or "line_items" in fields or f"line_items.{name}" in fields


def _top(lesson: Lesson) -> float:
    row = lesson.layout.rows[lesson.places[0].row]
    return max(0.0, min(token.box.y0 for token in row) - 0.004)


def _choose_rules(template: TableTemplate, lessons: Sequence[Lesson]) -> TableTemplate:
    """The variant that reads the examples back best; ties go to the plainer one."""
    best, most = template, -1.0
    for variant in _variants(template):
        taught = learn_lines(variant, [(lesson.layout, lesson.places) for lesson in lessons])
        for candidate in (variant, taught) if taught != variant else (variant,):
            score = _agreement(candidate, lessons)
            if score > most + 1e-9:
                best, most = candidate, score
    return best


def _variants(template: TableTemplate) -> Iterator[TableTemplate]:
    amounts = (AmountRule.PRINTED, AmountRule.COMPUTED)
    for amount in amounts:
        for wrap in (Wrap.NEAREST, Wrap.AFTER, Wrap.BEFORE):
            for first_line_only in (False, True):
                yield replace(template, amount=amount, wrap=wrap, first_line_only=first_line_only)
    yield replace(template, codes_in_description=True)


def _agreement(template: TableTemplate, lessons: Sequence[Lesson]) -> float:
    """Share of the labeled cells of the examples that the template reads back."""
    right = total = 0
    for lesson in lessons:
        scan = scan_table(lesson.layout, template)
        found = InvoiceRecord(line_items=tuple(row.item for row in scan.rows) if scan else ())
        labeled = {f"line_items.{s.name}" for s in LINE_ITEM_FIELDS if _is_labeled(lesson.example, s.name)}
        outcome = compare_records(lesson.example.record, found, labeled)
        right += outcome.count(Outcome.CORRECT)
        total += len(outcome.fields) - outcome.count(Outcome.BOTH_ABSENT)
    return right / total if total else 0.0
