"""The report: one file that loads nothing, says what it compares, and escapes what it shows."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from mlcore.axes import share_axis, spread
from mlcore.evaluation import Case, Evaluation, evaluate
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.charts import CertifiedLine, ChartSet, ReliabilityBin, ReliabilityDiagram, RiskCurve
from mlcore.evaluation.curves import CurveChart, Scale, curve
from mlcore.evaluation.metrics import evaluation_from_json
from mlcore.evaluation.report import DataSource, Report, SystemResult, html_page
from mlcore.evaluation.report.numbers import p_value
from mlcore.schema import ItemType
from tests.mlcore.evaluation.records import invoice, row

VOID = {"meta", "br"}
GOOD = invoice("A1", row("chair", "1.00", ItemType.DME_RENTAL), row("pill", "2.00"))
SOURCE = DataSource("test.jsonl", "ab" * 32, 8)


def system(right: int, documents: range = range(8), name: str = "v<0>") -> Evaluation:
    cases = [
        Case(f"d{n}", f"{name}{n % 3}", GOOD, GOOD if n < right else None, layout="wide", set_name=f"s{n % 2}", seen=n % 3 == 0)
        for n in documents
    ]
    return evaluate(cases, Resampling(50))


def charts() -> ChartSet:
    chart = CurveChart("Curve & co", "documents", "end_to_end", Scale.LOG, (curve("a<b", [(0, system(2)), (50, system(6))], "end_to_end"),))
    diagram = ReliabilityDiagram("before", (ReliabilityBin(10, 0.9, 0.8),))
    certified = (CertifiedLine("documents", 0.95, 400, 0.91, 0.6), CertifiedLine("total", 0.99, 40, None, 0.0))
    return ChartSet((chart,), (diagram,), (RiskCurve("score", ((0.5, 0.01), (1.0, 0.1))),), certified)


def report(*systems: SystemResult) -> Report:
    return Report.of("2026-11-25T12:00:00+00:00", "python -m mlcore evaluate", SOURCE, systems, charts())


class Outline(HTMLParser):
    """Checks that tags are closed in order and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_is_whole_and_loads_nothing() -> None:
    page = html_page(report(SystemResult("old & <b>", system(4)), SystemResult("new", system(6))))
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert not re.search(r"https?:|src=|@import|url\(|<script|<link", page)
    assert "old & <b>" in "".join(outline.words)
    assert "60.0 % from 0.9100" in "".join(outline.words)
    assert "not certifiable with n = 40" in outline.words
    assert "<b>0" not in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ElementTree.fromstring(svg)
    assert page.count("<svg") >= 7


def test_systems_are_compared_on_the_documents_that_all_of_them_read() -> None:
    made = report(SystemResult("old", system(4)), SystemResult("new", system(6, range(2, 8))))
    assert [len(s.evaluation.documents) for s in made.common] == [6, 6]
    (pair,) = made.pairs
    assert (pair.both, pair.first_only, pair.second_only, pair.neither) == (2, 0, 2, 2)
    assert "that all systems read" in html_page(made)


def test_systems_that_share_no_document_are_not_compared() -> None:
    made = report(SystemResult("old", system(4, range(4))), SystemResult("new", system(6, range(4, 8))))
    assert made.pairs == ()
    assert "cannot be compared" in html_page(made)


def test_the_report_as_json_gives_the_evaluations_back() -> None:
    made = report(SystemResult("old", system(4)), SystemResult("new", system(6)))
    data = json.loads(json.dumps(made.to_json()))
    assert evaluation_from_json(data["systems"][1]["evaluation"]) == system(6)
    assert data["pairs"][0]["documents"] == 8
    assert data["curves"][0]["title"] == "Curve & co"


def test_no_value_of_a_document_is_in_a_report() -> None:
    made = report(SystemResult("old", system(4)))
    assert "chair" not in html_page(made)
    assert "chair" not in json.dumps(made.to_json())


def test_small_p_values_are_bounds() -> None:
    assert (p_value(0.0004), p_value(0.0312)) == ("&lt; .001", ".031")


@pytest.mark.parametrize("values", [[1.0], [0.0], [0.5], [0.97, 0.999], [0.3, 1.0], [0.9991, 0.9999], []])
def test_an_axis_holds_its_values_and_stays_within_shares(values: list[float]) -> None:
    axis = share_axis(values, 0, 100)
    assert 0 <= axis.low < axis.high <= 1
    assert all(-1e-6 <= axis.place(value) <= 100 + 1e-6 for value in values)
    assert len(axis.ticks) >= 2


def test_names_are_moved_apart() -> None:
    moved = spread([10.0, 11.0, 50.0], 18)
    assert moved[1] - moved[0] >= 18
    assert moved[2] > moved[1]
