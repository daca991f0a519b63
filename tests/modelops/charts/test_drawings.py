"""The templates make well-formed, labeled drawings with a table behind them, and ask for nothing that the content policy forbids."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from modelops.charts import (
    Bin,
    Caption,
    Datum,
    Event,
    Promise,
    Rank,
    Series,
    Unit,
    Whole,
    histogram,
    line_chart,
    ranking,
    reliability,
    share_columns,
    share_rows,
    sparkline,
)

DAYS = [dt.date(2026, 9, 1) + dt.timedelta(days=n) for n in range(40)]
CAPTION = Caption("drawn", "What <is> drawn", note="counted & shown", csv="/file.csv?a=1&b=2", more="/more/")


def charts() -> dict[str, Any]:
    data = [Datum(day, 0.9 + n / 500, 0.88, 0.99, n=40) for n, day in enumerate(DAYS)]
    return {
        "lines": line_chart(
            CAPTION,
            [Series("Documents", data), Series("Values <all>", data[::3])],
            Unit.SHARE,
            events=[Event(DAYS[9], "Model 4 & more", "/m/4/")],
            target=0.95,
        ),
        "ranking": ranking(CAPTION, [Rank("A & B", 0.9, 0.8, 0.95, 30, "/v/1/"), Rank("C", None, note="2 of 20")], Unit.SHARE, target=0.95),
        "bars": ranking(CAPTION, [Rank("A", 12, 8, 14), Rank("B", 3)], Unit.COUNT),
        "reliability": reliability(CAPTION, [Promise(0.9, 0.85, 120, 0.8, 0.9), Promise(0.5, 0.6, 9)]),
        "histogram": histogram(CAPTION, [Bin(n / 20, (n + 1) / 20, n * n, n // 10) for n in range(20)], Unit.SHARE, groups=["low", "high"]),
        "columns": share_columns(CAPTION, [Whole("Sep", [3, 2, 1]), Whole("Oct", [0, 0, 0])], ["a", "b", "c"]),
        "rows": share_rows(CAPTION, [Whole("Sep <x>", [3, 2, 1], "/x/")], ["a", "b", "c"]),
    }


@pytest.mark.parametrize("name", list(charts()))
def test_a_drawing_is_well_formed_named_and_has_its_table(name: str) -> None:
    made = render_to_string("modelops/charts/figure.html", {"chart": charts()[name]}).replace(" download>", ">")
    figure = ElementTree.fromstring(made)
    ids = {element.get("id") for element in figure.iter() if element.get("id")}
    for element in figure.iter():
        for relation in ("aria-labelledby", "aria-describedby"):
            assert element.get(relation, "chart-drawn-title") in ids
        assert element.get("style") is None
        assert not any(attribute.startswith("on") for attribute in element.attrib)
    assert figure.find("./details/summary") is not None
    assert figure.findall(".//table/tbody/tr")
    assert [link.get("href") for link in figure.iter("a") if link.get("class") == "chart__file"] == ["/file.csv?a=1&b=2"]
    assert "e+" not in made
    assert "nan" not in made


def test_nothing_to_draw_says_what_would_fill_it() -> None:
    chart = line_chart(Caption("none", "None", empty="Nobody judged anything yet."), [], Unit.SHARE)
    made = render_to_string("modelops/charts/figure.html", {"chart": chart})
    assert "Nobody judged anything yet." in made
    assert "<svg" not in made
    assert "<details" not in made


def test_a_sparkline_says_nothing_to_a_screen_reader() -> None:
    assert 'aria-hidden="true"' in render_to_string("modelops/charts/sparkline.html", {"spark": sparkline([1, 2, 3])})
    assert render_to_string("modelops/charts/sparkline.html", {"spark": sparkline([1])}).strip() == ""
