"""The part of a report about one system: fields, line items, line types, groups, vendors, and where it was wrong."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore.compare import Outcome
from mlcore.evaluation.report.content import SystemResult
from mlcore.evaluation.report.intervals import Row, interval_plot
from mlcore.evaluation.report.numbers import counted, text
from mlcore.evaluation.report.tables import Cell, count, estimate, folded, name, table
from mlcore.evaluation.report.wording import field_label, type_label
from mlcore.evaluation.scores import Evaluation, GroupScore

SHOWN = 12
"""Longer tables are folded."""
_MOST_DOCUMENTS = 200


def system_section(result: SystemResult, number: int) -> str:
    """HTML of one system."""
    evaluation = result.evaluation
    failed = f", {counted(evaluation.failed, 'failed', 'failed')}" if evaluation.failed else ""
    vendors = counted(evaluation.vendors, "vendor", "vendors")
    about = f"{counted(len(evaluation.documents), 'document', 'documents')} of {vendors}{failed}."
    parts = [f'<section id="system-{number}"><h2>{text(result.name)}</h2><p class="quiet">{about}</p>']
    parts.append(_fields(evaluation, number - 1))
    parts.append(_line_items(evaluation))
    parts.append(_seen(evaluation))
    parts.extend(_group_part(title, evaluation.of_kind(kind)) for kind, title in (("set", "Sets"), ("layout", "Layouts")))
    parts.append(_vendors(evaluation))
    parts.append(_wrong(evaluation))
    return "".join([*parts, "</section>"])


def _fields(evaluation: Evaluation, series: int) -> str:
    scored = [field for field in evaluation.fields if field.decided]
    rows = [Row(field_label(f.name), f.f1, series, counted(f.decided, "value", "values")) for f in scored]
    heads = ("Field", "Precision, %", "Recall, %", "F1, %", "Right#", "Wrong#", "Missing#", "Spurious#", "Absent on both#")
    body = [
        (
            name(field_label(f.name)), estimate(f.precision), estimate(f.recall), estimate(f.f1), count(f.outcomes[Outcome.CORRECT]),
            *(count(f.outcomes[o], fault=True) for o in (Outcome.WRONG, Outcome.MISSING, Outcome.SPURIOUS)),
            count(f.outcomes[Outcome.BOTH_ABSENT]),
        )
        for f in evaluation.fields
    ]  # fmt: skip
    plot = f"<figure>{interval_plot(rows, 'F1 of each field')}<figcaption>F1 of each field, %, with 95 % intervals.</figcaption></figure>"
    return f"<h3>Fields</h3>{plot if rows else ''}{table(heads, body)}"


def _line_items(evaluation: Evaluation) -> str:
    rows = evaluation.rows
    if not rows.expected and not rows.found:
        return ""
    counts = ("Expected#", "Found#", "Missing#", "Extra#", "All right#")
    heads = ("", *counts, "Rows found, %", "Rows that are rows, %", "Rows right, %")
    cells = (
        name("Rows"), count(rows.expected), count(rows.matched), count(rows.missing, fault=True), count(rows.extra, fault=True),
        count(rows.right), estimate(rows.recall), estimate(rows.precision), estimate(rows.accuracy),
    )  # fmt: skip
    kinds = [
        (name(type_label(k.name)), count(k.support), count(k.called), count(k.hits), *(estimate(e) for e in (k.precision, k.recall, k.f1)))
        for k in evaluation.line_types
    ]
    type_heads = ("Line type", "Rows of it#", "Rows called so#", "Both#", "Precision, %", "Recall, %", "F1, %")
    rare = (name("Mean of the rare types"), *(Cell("") for _ in range(5)), estimate(evaluation.overall["rare_f1"]))
    types = f"<h3>Line types</h3>{table(type_heads, [*kinds, rare])}" if kinds else ""
    return f"<h3>Line items</h3>{table(heads, [cells])}{types}"


def _seen(evaluation: Evaluation) -> str:
    if not evaluation.gap:
        return ""
    groups = [_group_cells(group) for group in evaluation.of_kind("seen")]
    gap = (name("seen less unseen, points"), *(Cell("") for _ in range(3)), *(estimate(e, signed=True) for e in evaluation.gap.values()))
    return f"<h3>Vendors seen in training, and unseen</h3>{table(_GROUP_HEADS, [*groups, gap])}"


_GROUP_HEADS = ("", "Documents#", "Vendors#", "Failed#", "Fields, %", "Fields, guide, %", "End to end, %")


def _group_cells(group: GroupScore) -> Sequence[Cell]:
    counts = (count(group.documents), count(group.vendors), count(group.failed, fault=True))
    return name(group.name), *counts, estimate(group.field_accuracy), estimate(group.guide_accuracy), estimate(group.end_to_end)


def _group_part(title: str, groups: Sequence[GroupScore]) -> str:
    if not groups or (title == "Sets" and len(groups) == 1):
        return ""
    found = table((title.removesuffix("s"), *_GROUP_HEADS[1:]), [_group_cells(group) for group in groups])
    return f"<h3>{title}</h3>{found if len(groups) <= SHOWN else folded(f'{len(groups)} {title.lower()}', found)}"


def _vendors(evaluation: Evaluation) -> str:
    groups = sorted(evaluation.of_kind("vendor"), key=lambda group: (group.field_accuracy.value or 0.0, group.name))
    heads = ("Vendor", "Documents#", "Failed#", "Fields, %", "Fields, guide, %", "End to end, %")
    rows = [
        (
            name(g.name), count(g.documents), count(g.failed, fault=True),
            estimate(g.field_accuracy), estimate(g.guide_accuracy), estimate(g.end_to_end),
        )
        for g in groups
    ]  # fmt: skip
    mean = (name("mean of vendors"), Cell(""), Cell(""), estimate(evaluation.overall["vendor_mean"]), Cell(""), Cell(""))
    note = '<p class="quiet">The weakest first. Intervals of one vendor are drawn over its documents.</p>'
    first = f"<h3>Vendors</h3>{note}{table(heads, [*rows[:SHOWN], mean])}"
    rest = rows[SHOWN:]
    return first + (folded(f"{counted(len(rest), 'more vendor', 'more vendors')}", table(heads, rest)) if rest else "")


def _wrong(evaluation: Evaluation) -> str:
    wrong = [document for document in evaluation.documents if not document.count("exact")]
    if not wrong:
        return "<h3>Documents that are not right</h3><p>None.</p>"
    rows = [
        (name(d.id), Cell(text(d.vendor)), Cell(text(d.failure or ", ".join(field_label(f) for f in d.wrong_fields)), "list"))
        for d in wrong[:_MOST_DOCUMENTS]
    ]
    title = counted(len(wrong), "document", "documents") + (f", the first {_MOST_DOCUMENTS}" if len(wrong) > _MOST_DOCUMENTS else "")
    note = '<p class="quiet">By field, without values: a report may go where the documents may not.</p>'
    return f"<h3>Documents that are not right</h3>{note}{folded(title, table(('Document', 'Vendor', 'Not right'), rows))}"
