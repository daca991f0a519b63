"""The report as one HTML file: no script, nothing loaded, plots as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from mlcore.evaluation.against import CRITICAL_FIELDS
from mlcore.evaluation.charts import CertifiedLine, ChartSet
from mlcore.evaluation.curves import CurveChart
from mlcore.evaluation.paired import Paired
from mlcore.evaluation.report.content import Report, SystemResult
from mlcore.evaluation.report.intervals import Row, interval_plot
from mlcore.evaluation.report.lines import curve_plot, risk_plot
from mlcore.evaluation.report.numbers import counted, p_value, text
from mlcore.evaluation.report.reliability import reliability_plot
from mlcore.evaluation.report.system_section import system_section
from mlcore.evaluation.report.tables import Cell, count, estimate, name, table
from mlcore.evaluation.report.wording import MEANINGS, field_label, label_of
from mlcore.percent import percent

_SHOWN = ("field_accuracy", "guide_accuracy", "end_to_end", "payment_right", "rows_right", "rare_f1", "anls")


def html_page(report: Report) -> str:
    """The whole file."""
    title = f"Evaluation on {report.data.name}"
    sections = [_headline(report), _pairs(report), _charts(report.charts)]
    sections.extend(system_section(result, n) for n, result in enumerate(report.systems, start=1))
    sections.append(_meanings())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{_style()}</style></head><body>{_header(report, title)}{_links(report)}"
        f"<main>{''.join(sections)}</main></body></html>\n"
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def _header(report: Report, title: str) -> str:
    facts = (
        ("Documents", f"{report.data.documents:,}"),
        ("File", f"<code>{text(report.data.name)}</code>, SHA-256 <code>{text(report.data.sha256[:16])}…</code>"),
        ("Made", text(report.made.replace("T", " ").replace("+00:00", " UTC"))),
        ("By", f"<code>{text(report.command)}</code>"),
    )
    rows = "".join(f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in facts)
    return f"<header><h1>{text(title)}</h1><dl>{rows}</dl></header>"


def _links(report: Report) -> str:
    names = "".join(f'<a href="#system-{n}">{text(s.name)}</a>' for n, s in enumerate(report.systems, start=1))
    return f'<nav aria-label="Parts of the report"><a href="#overall">Overall</a>{names}<a href="#meanings">What the numbers mean</a></nav>'


def _headline(report: Report) -> str:
    read = report.common or report.systems
    documents, vendors = len(read[0].evaluation.documents), read[0].evaluation.vendors
    shared = f"{counted(documents, 'document', 'documents')} of {counted(vendors, 'vendor', 'vendors')}"
    lead = f"On the {shared} that all systems read, per cent." if report.common else f"{shared}, per cent."
    plots = "".join(_overall_plot(read, measure) for measure in ("field_accuracy", "end_to_end"))
    own = ""
    if report.common:
        own = f"<h3>Each on all documents that it read</h3>{_overall_table(report.systems)}"
    elif len(report.systems) > 1 and not _overlap(report):
        own = '<p class="quiet">There is no document that all systems read: the rows cannot be compared with each other.</p>'
    figures = f'<div class="side">{plots}</div>'
    return f'<section id="overall"><h2>Overall</h2><p class="quiet">{lead}</p>{_overall_table(read)}{figures}{own}</section>'


def _overlap(report: Report) -> bool:
    return bool(set.intersection(*({d.id for d in s.evaluation.documents} for s in report.systems)))


def _overall_table(systems: Sequence[SystemResult]) -> str:
    heads = ("System", "Documents#", "Failed#", *(label_of(measure) for measure in _SHOWN))
    rows = [
        (
            name(s.name), count(len(s.evaluation.documents)), count(s.evaluation.failed, fault=True),
            *(estimate(s.evaluation.overall[measure]) for measure in _SHOWN),
        )
        for s in systems
    ]  # fmt: skip
    return table(heads, rows, "stacked")


def _overall_plot(systems: Sequence[SystemResult], measure: str) -> str:
    rows = [Row(s.name, s.evaluation.overall[measure], n) for n, s in enumerate(systems)]
    caption = f"{label_of(measure)}, %, with 95 % intervals."
    return f"<figure>{interval_plot(rows, caption, width=270)}<figcaption>{caption}</figcaption></figure>"


def _pairs(report: Report) -> str:
    measures = ("field_accuracy", "end_to_end", "payment_right")
    note = (
        "Whole documents right, and the difference in points (second less first) with 95 % intervals over vendors. "
        "McNemar's test takes documents for independent; where it and the interval disagree, believe the interval."
    )
    kept = "On the documents that both have read. "
    fields = tuple(f"field:{one}" for one in CRITICAL_FIELDS)
    return _paired("pairs", "Systems on the same documents", note, report.pairs, measures) + _paired(
        "against", "Against a kept evaluation", kept + note, report.against, (*measures, *fields)
    )


def _paired(id: str, title: str, note: str, pairs: Sequence[Paired], measures: Sequence[str]) -> str:
    if not pairs:
        return ""
    counts = ("Both right#", "First alone#", "Second alone#", "Neither#")
    heads = ("Second against first", *counts, "McNemar p", *(label_of(m) for m in measures))
    rows = [
        (
            Cell(f'{text(p.second)}<br><span class="quiet">against {text(p.first)}</span>'),
            *(count(n) for n in (p.both, p.first_only, p.second_only, p.neither)), Cell(p_value(p.p_value)),
            *(estimate(p.differences[m], signed=True) if m in p.differences else Cell("–") for m in measures),
        )
        for p in pairs
    ]  # fmt: skip
    return f'<section id="{id}"><h2>{title}</h2><p class="quiet">{note}</p>{table(heads, rows, "stacked")}</section>'


def _charts(charts: ChartSet) -> str:
    parts = []
    if charts.curves:
        plots = "".join(_curve_figure(chart) for chart in charts.curves)
        parts.append(f'<section><h2>Curves</h2><p class="quiet">With 95 % intervals.</p><div class="side">{plots}</div></section>')
    figures = [f"<figure><h3>Reliability, {text(d.name)}</h3>{reliability_plot(d, n)}</figure>" for n, d in enumerate(charts.reliability)]
    if charts.risk:
        caption = "What is wrong among the values accepted without a person, the surest first."
        figures.append(f"<figure><h3>Risk against coverage</h3>{risk_plot(charts.risk)}<figcaption>{caption}</figcaption></figure>")
    if figures:
        parts.append(f'<section><h2>Is the confidence true?</h2><div class="side">{"".join(figures)}</div></section>')
    return "".join(parts) + _certified(charts.certified)


def _certified(lines: Sequence[CertifiedLine]) -> str:
    if not lines:
        return ""
    precisions = sorted({line.precision for line in lines}, reverse=True)
    found = {(line.name, line.precision): line for line in lines}
    rows = [
        (
            name(field_label(of)),
            count(max(line.count for line in lines if line.name == of)),
            *(_certified_cell(found.get((of, p))) for p in precisions),
        )
        for of in dict.fromkeys(line.name for line in lines)
    ]
    note = "From a score on so many are right, in 95 of 100 calibrations, each cell by itself; before it the share that lies there."
    heads = ("", "Documents#", *(f"{100 * precision:.0f} % right" for precision in precisions))
    return f'<section id="certified"><h2>What is certified</h2><p class="quiet">{note}</p>{table(heads, rows)}</section>'


def _certified_cell(line: CertifiedLine | None) -> Cell:
    if line is None:
        return Cell("–")
    if line.threshold is None:
        return Cell(f'<span class="quiet">not certifiable with n = {line.count}</span>')
    return Cell(f'<b class="value">{percent(line.coverage)} %</b> <span class="interval">from {line.threshold:.4f}</span>')


def _curve_figure(chart: CurveChart) -> str:
    note = f"<figcaption>{text(chart.note)}</figcaption>" if chart.note else ""
    return f"<figure><h3>{text(chart.title)}</h3>{curve_plot(chart, f'{label_of(chart.measure)}, %')}{note}</figure>"


def _meanings() -> str:
    rows = [(name(term), Cell(text(meaning), "list")) for term, meaning in MEANINGS]
    return f'<section id="meanings"><h2>What the numbers mean</h2>{table(("Name", "Meaning"), rows)}</section>'
