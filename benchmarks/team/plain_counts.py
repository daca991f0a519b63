"""What really happened, by plain counting: the simulation knows which row of the document each row of a label stands for, so nothing is
matched and nothing of ``mlcore.agreement`` is used. Every figure is a ratio of two counts, or made of a table of categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from benchmarks.team.filling import ROWS, Answer, Label, Row, Shown
from mlcore.compare import same
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, Value, header_value, item_path, item_value

Counts = Counter[tuple[str, ...]]
"""By figure and part: ``("accuracy", "values", "over")``. ``over`` and ``under`` make a share; ``("table", name, one, other)`` a table."""

_CRITICAL = {s.name for s in HEADER_FIELDS if s.critical} | {f"{ROWS}.{s.name}" for s in LINE_ITEM_FIELDS if s.critical}
_COLUMNS = tuple(f"{ROWS}.{spec.name}" for spec in LINE_ITEM_FIELDS)


def share(counts: Counts, *figure: str) -> float | None:
    """The ratio that a figure is, ``None`` where there is nothing to be right or wrong in."""
    under = counts[(*figure, "under")]
    return counts[(*figure, "over")] / under if under else None


def coefficient(counts: Counts, name: str, kind: str) -> float | None:
    """Cohen's kappa (``kappa``) or Krippendorff's nominal alpha for two labels (``alpha``) of a table; ``None`` with one category."""
    cells = {key[2:]: n for key, n in counts.items() if key[:2] == ("table", name)}
    total = sum(cells.values())
    if not total:
        return None
    first, second = Counter[str](), Counter[str]()
    for (one, other), n in cells.items():
        first[one] += n
        second[other] += n
    agreed = sum(n for (one, other), n in cells.items() if one == other)
    if kind == "kappa":
        by_chance = sum(first[name] * second[name] for name in first) / total**2
        return None if by_chance == 1 else (agreed / total - by_chance) / (1 - by_chance)
    pooled = first + second
    n = 2 * total
    differing = sum(pooled[a] * pooled[b] for a in pooled for b in pooled if a != b)
    return None if not differing else 1 - (n - 1) * 2 * (total - agreed) / differing


def of_pair(first: Label, second: Label) -> Counts:
    """The agreement of two labels of one document."""
    counts: Counts = Counter()
    differs: set[str] = set()
    for name in first.header:
        _compared(counts, name, first.header[name], second.header[name], differs, "header")
    one, other = _by_key(first), _by_key(second)
    for key in one.keys() & other.keys():
        for name in _COLUMNS:
            plain = name.removeprefix(f"{ROWS}.")
            _compared(counts, name, one[key].cells[plain], other[key].cells[plain], differs, "cells")
        types = [row.cells["type"].value for row in (one[key], other[key])]
        if None not in types:
            counts["table", "type", str(types[0]), str(types[1])] += 1
    for key in one.keys() ^ other.keys():
        row = one.get(key) or other[key]
        present = [f"{ROWS}.{name}" for name, answer in row.cells.items() if answer.value is not None]
        counts["agreement", "values", "under"] += len(present)
        differs |= {ROWS} | (_CRITICAL & set(present))
    counts["agreement", "row_f1", "over"] += 2 * len(one.keys() & other.keys())
    counts["agreement", "row_f1", "under"] += len(one) + len(other)
    for figure, fine in (("exact", not differs), ("critical", not differs & _CRITICAL)):
        counts["agreement", figure, "over"] += fine
        counts["agreement", figure, "under"] += 1
    if one or other:
        counts["agreement", "row_count", "over"] += len(one) == len(other)
        counts["agreement", "row_count", "under"] += 1
    return counts


def of_label(label: Label, truth: InvoiceRecord) -> Counts:
    """The accuracy of a label."""
    counts: Counts = Counter()
    for name, answer in label.header.items():
        _judged(counts, name, answer.right, present=answer.value is not None or not answer.right)
    for row in label.rows:
        for name, answer in row.cells.items():
            right = answer.right and row.truth is not None
            _judged(counts, f"{ROWS}.{name}", right, present=answer.value is not None or not answer.right)
    for t in label.overlooked_rows:
        for spec in LINE_ITEM_FIELDS:
            _judged(counts, f"{ROWS}.{spec.name}", False, present=item_value(truth.line_items[t], spec.name) is not None)
    wrong = {key[1] for key in counts if key[2] == "under" and counts[key] > counts[key[0], key[1], "over"]} - {"values"}
    for figure, fine in (("exact", not wrong), ("critical", not wrong & _CRITICAL)):
        counts["accuracy", figure, "over"] += fine
        counts["accuracy", figure, "under"] += 1
    return counts


def of_suggestions(label: Label, truth: InvoiceRecord, shown: Shown, seeded: Collection[str]) -> Counts:
    """How many of the wrong suggestions of a pre-fill the label has; ``seeded`` are paths of the pre-fill."""
    counts: Counts = Counter()
    rows = {row.truth: row for row in label.rows if row.truth is not None}
    for name, path, row, suggested in _wrong_suggestions(truth, shown):
        cells = rows[row].cells if row in rows else {}
        answer = label.header.get(name) if row is None else cells.get(name.removeprefix(f"{ROWS}."))
        _suggestion(counts, name, path in seeded, answer is not None and answer.value == suggested)
    kept = {row.prefilled for row in label.rows if row.truth is None}
    for p in shown.lone:
        _suggestion(counts, ROWS, f"{ROWS}[{p}]" in seeded, p in kept)
    return counts


def total(counted: Iterable[Counts]) -> Counts:
    """All of them added up."""
    counts: Counts = Counter()
    for one in counted:
        counts.update(one)
    return counts


def _suggestion(counts: Counts, name: str, is_seeded: bool, accepted: bool) -> None:
    for figure in ("accepted", "seeded" if is_seeded else "natural", name):
        counts["anchoring", figure, "over"] += accepted
        counts["anchoring", figure, "under"] += 1


def _wrong_suggestions(truth: InvoiceRecord, shown: Shown) -> Iterator[tuple[str, str, int | None, Value]]:
    """Field, path in the pre-fill, row of the document and suggested value of everything that is suggested and is not true."""
    for spec in HEADER_FIELDS:
        suggested = header_value(shown.record, spec.name)
        if suggested is not None and not same(spec.kind, suggested, header_value(truth, spec.name)):
            yield spec.name, spec.name, None, suggested
    for t, p in shown.partners.items():
        for spec in LINE_ITEM_FIELDS:
            suggested = item_value(shown.record.line_items[p], spec.name)
            if suggested is not None and not same(spec.kind, suggested, item_value(truth.line_items[t], spec.name)):
                yield f"{ROWS}.{spec.name}", item_path(p, spec.name), t, suggested


def _compared(counts: Counts, name: str, one: Answer, other: Answer, differs: set[str], part: str) -> None:
    present = one.value is not None or other.value is not None
    counts["table", f"{name} present", str(one.value is not None), str(other.value is not None)] += 1
    if not present:
        return
    alike = one.value is not None and other.value is not None and ((one.right and other.right) or one.value == other.value)
    for figure in (name, "values", *(("cells",) if part == "cells" else ())):
        counts["agreement", figure, "over"] += alike
        counts["agreement", figure, "under"] += 1
    if not alike:
        differs.add(name)


def _judged(counts: Counts, name: str, right: bool, *, present: bool) -> None:
    if present:
        for figure in (name, "values"):
            counts["accuracy", figure, "over"] += right
            counts["accuracy", figure, "under"] += 1


def _by_key(label: Label) -> Mapping[str, Row]:
    return {f"t{row.truth}" if row.truth is not None else f"p{row.prefilled}": row for row in label.rows}
