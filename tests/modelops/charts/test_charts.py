"""Whatever a chart is made of, everything that is drawn stands inside of the drawing, and the table has all of it."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    expected_error,
    histogram,
    line_chart,
    ranking,
    reliability,
    say,
    say_between,
    say_short,
    share_columns,
    share_rows,
    sparkline,
)
from modelops.charts.lines import MOST_MARKS, MOST_POINTS, LineChart

WORDS = Caption("drawn", "Drawn")
DAY = dt.date(2026, 1, 1)
VALUES = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 1))
UNITS = st.sampled_from(list(Unit))


def inside(chart: LineChart) -> None:
    frame = chart.frame
    for line in chart.lines:
        for x, y in re.findall(r"(-?[\d.]+(?:e[+-]?\d+)?) (-?[\d.]+(?:e[+-]?\d+)?)", f"{line.path} {line.band}"):
            assert frame.left <= float(x) <= frame.right
            assert frame.top <= float(y) <= frame.bottom
        for mark in line.marks:
            assert frame.left <= mark.x <= frame.right
            assert frame.top <= mark.y <= frame.bottom
            for bound in (mark.low, mark.high):
                assert bound is None or frame.top <= bound <= frame.bottom
    for tick in chart.across:
        assert frame.top <= tick.at <= frame.bottom
    for flag in chart.flags:
        assert frame.left <= flag.x <= frame.right


@given(st.lists(st.tuples(st.integers(0, 400), VALUES, VALUES, VALUES), max_size=15), UNITS, st.booleans(), st.booleans())
def test_lines_over_days(found: list[tuple[int, float | None, float | None, float | None]], unit: Unit, log: bool, zero: bool) -> None:
    data = [Datum(DAY + dt.timedelta(days=day), value, low, high, n=3) for day, value, low, high in sorted(found, key=lambda each: each[0])]
    events = [Event(DAY + dt.timedelta(days=day), f"Model {day}") for day, *_ in found]
    chart = line_chart(WORDS, [Series("One", data), Series("Two", data[::2])], unit, events=events, target=0.98, log=log, from_zero=zero)
    inside(chart)
    assert chart.is_empty == (not any(datum.value is not None and math.isfinite(datum.value) for datum in data))
    assert len(chart.table.rows) == len({day for day, *_ in found})
    assert all(len(row) == len(chart.table.head) for row in chart.table.rows)


@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False, min_value=0, max_value=1e12), VALUES), max_size=15))
def test_lines_over_steps(found: list[tuple[float, float | None]]) -> None:
    data = [Datum(at, value) for at, value in sorted(found, key=lambda each: each[0])]
    inside(line_chart(WORDS, [Series("Loss", data)], Unit.NUMBER, from_zero=False, at_label="Step"))


def test_a_line_has_a_gap_where_a_day_is_missing_or_not_known() -> None:
    days = [0, 1, 2, 3, 8, 9, 10, 11]
    data = [Datum(DAY + dt.timedelta(days=day), None if day == 2 else 0.9, 0.85, 0.95) for day in days]
    (line,) = line_chart(WORDS, [Series("One", data)], Unit.SHARE).lines
    assert line.path.count("M") == 2, "days 0 and 1, days 8 to 11"
    assert line.band.count("Z") == 2
    assert [mark.said[:17] for mark in line.whiskers] == ["One, 4 Jan 2026: "], "a single day has its interval all the same"
    assert len(line.marks) == 7


def test_long_series_are_thinned_and_lose_their_signs_but_not_their_end() -> None:
    data = [Datum(float(step), 1.0 / (step + 1)) for step in range(10_000)]
    chart = line_chart(WORDS, [Series("Loss", data)], Unit.NUMBER)
    (line,) = chart.lines
    assert MOST_POINTS // 2 < len(chart.table.rows) <= MOST_POINTS + 1
    assert chart.table.rows[0][0].text == "9,999", "the newest first, and the last point is kept"
    assert len(line.marks) == 1
    assert len(line_chart(WORDS, [Series("Loss", data[:MOST_MARKS])], Unit.NUMBER).lines[0].marks) == MOST_MARKS


def test_labels_of_events_do_not_run_into_each_other() -> None:
    events = [Event(DAY + dt.timedelta(days=n), f"Model {n}", f"/models/{n}/") for n in (0, 1, 2, 90)]
    data = [Datum(DAY + dt.timedelta(days=n), 0.9) for n in range(91)]
    chart = line_chart(WORDS, [Series("One", data)], Unit.SHARE, events=events)
    assert [flag.label for flag in chart.flags] == ["Model 0", "Model 1", "", "Model 90"]
    assert chart.flags[0].y != chart.flags[1].y
    assert [flag.anchor for flag in chart.flags] == ["start", "start", "start", "end"]
    assert all(flag.said.startswith("Model") for flag in chart.flags)
    assert chart.events is not None
    assert [row[1].href for row in chart.events.rows] == ["/models/90/", "/models/2/", "/models/1/", "/models/0/"]


def test_the_target_is_always_on_the_axis() -> None:
    data = [Datum(DAY, 0.4), Datum(DAY + dt.timedelta(days=1), 0.41)]
    chart = line_chart(WORDS, [Series("One", data)], Unit.SHARE, target=0.98)
    assert chart.target is not None
    assert chart.frame.top <= chart.target < chart.lines[0].marks[0].y
    assert chart.target_label == "Target 98 %"
    assert line_chart(WORDS, [], Unit.SHARE, target=0.98).target is None, "nothing is drawn of nothing"


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=12), UNITS, st.booleans())
def test_rankings(found: list[tuple[float | None, float | None, float | None]], unit: Unit, zero: bool) -> None:
    chart = ranking(WORDS, [Rank(f"V{n}", *each) for n, each in enumerate(found)], unit, target=0.95, from_zero=zero)
    assert len(chart.rows) == len(chart.table.rows) == len(found)
    for row, (value, _, _) in zip(chart.rows, found, strict=True):
        assert (row.mark is None) == (value is None or not math.isfinite(value))
        if row.mark is not None:
            assert 0 <= row.mark.x <= chart.width
        if row.bar is not None:
            assert 0 <= row.bar.x <= row.bar.x + row.bar.width <= chart.width + 0.1


def test_a_ranking_says_what_is_missing() -> None:
    chart = ranking(WORDS, [Rank("Acme", None, n=3, note="3 of 20 documents"), Rank("Bolt", 0.5, 0.4, 0.6, n=20)], Unit.SHARE)
    assert [row.beside for row in chart.rows] == ["3 of 20 documents", "50.0 %"]
    assert chart.rows[1].said == "Bolt: 50.0 % (40.0–60.0 %) of 20"


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**12)), max_size=25))
def test_reliability(found: list[tuple[float, float, int]]) -> None:
    chart = reliability(WORDS, [Promise(*each) for each in found])
    assert len(chart.marks) == sum(count > 0 for _, _, count in found)
    for mark, box in zip(chart.marks, chart.counts, strict=True):
        assert chart.frame.left <= mark.x <= chart.frame.right
        assert chart.frame.top <= mark.y <= chart.frame.bottom
        assert chart.frame.bottom < box.y <= box.y + box.height <= chart.foot + 0.1 < chart.frame.height


def test_how_far_promises_are_off() -> None:
    assert expected_error([Promise(0.9, 0.8, 30), Promise(0.5, 0.6, 10)]) == pytest.approx(0.1)
    assert expected_error([]) is None
    assert reliability(WORDS, [Promise(0.9, 0.8, 30)]).summary == "30 values; promises are off by 10.0 points on average."


@given(st.lists(st.integers(0, 10**13), max_size=40))
def test_histograms(counts: list[int]) -> None:
    chart = histogram(WORDS, [Bin(n / 40, (n + 1) / 40, count) for n, count in enumerate(counts)], Unit.SHARE)
    assert chart.is_empty == (sum(counts) == 0)
    for bar in chart.bars:
        assert chart.frame.left <= bar.x <= bar.x + bar.width <= chart.frame.right + 0.1
        assert chart.frame.top - 0.1 <= bar.y <= bar.y + bar.height <= chart.frame.bottom + 0.1
    assert len(chart.table.rows) == len(counts)


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), max_size=60))
def test_parts_of_a_whole_fill_it(found: list[list[int]]) -> None:
    wholes = [Whole(f"w{n}", counts) for n, counts in enumerate(found)]
    upright, level = (draw(WORDS, wholes, ["a", "b", "c"]) for draw in (share_columns, share_rows))
    assert len(upright.boxes) == len(level.boxes) == sum(count > 0 for counts in found for count in counts)
    tall = {box.x: 0.0 for box in upright.boxes}
    for box in upright.boxes:
        tall[box.x] += box.height
        assert upright.frame.left <= box.x <= box.x + box.width <= upright.frame.right + 0.1
    assert all(total == pytest.approx(upright.frame.bottom - upright.frame.top, abs=0.3) for total in tall.values())
    assert len(upright.table.rows) == len(found)


@given(st.lists(VALUES, max_size=30))
def test_sparklines(values: list[float | None]) -> None:
    spark = sparkline(values)
    for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", spark.path):
        assert 0 <= float(x) <= spark.width
        assert 0 <= float(y) <= spark.height


def test_numbers_are_written_as_people_write_them() -> None:
    assert [say(value, Unit.SHARE) for value in (0.9999, 1.0, 0.914, 0.0, None, math.nan)] == ["99.9 %", "100 %", "91.4 %", "0 %", "–", "–"]
    assert [say(value, Unit.SECONDS) for value in (0.42, 8, 44.6, 720, 7500, 300_000)] == [
        "0.4 s",
        "8 s",
        "45 s",
        "12 min",
        "2 h 05 min",
        "3 d 11 h",
    ]
    assert [say(value, Unit.MONEY) for value in (Decimal("0.5"), 1240.5, 25_000, -3)] == ["$0.50", "$1,240.50", "$25,000", "−$3.00"]
    assert [say(value, Unit.COUNT) for value in (0, 12_340)] == ["0", "12,340"]
    assert [say(value, Unit.NUMBER) for value in (0.012345, 12_345.6)] == ["0.0123", "12,346"]
    assert [say_short(value, Unit.COUNT) for value in (0, 950, 1500, 20_000, 2e6)] == ["0", "950", "1,500", "20k", "2M"]
    assert [say_short(value, Unit.SECONDS) for value in (0, 30, 300, 7200, 172_800)] == ["0", "30 s", "5 min", "2 h", "2 d"]
    assert say_short(0.985, Unit.SHARE) == "98.5 %"
    assert say_between(0.971, 0.99, Unit.SHARE) == "97.1–99.0 %"
    assert say_between(60, 120, Unit.SECONDS) == "1 min to 2 min"
    assert say_between(None, 0.9, Unit.SHARE) == ""
