"""Axes hold what they were made of, whatever it is."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.axes import Axis, day_axis, finite, log_axis, month_ticks, number_axis, share_axis

NUMBERS = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=12)
START, END = 240.0, 12.0


def holds(axis: Axis, values: list[float]) -> None:
    """Every value has a place between the ends, the ticks rise, and they cover the values."""
    for value in values:
        assert END - 1e-6 <= axis.place(value) <= START + 1e-6
    places = [at for at, _ in axis.ticks]
    assert all(later < earlier for earlier, later in pairwise(places)), places
    if values:
        slack = 1e-6 * max(abs(axis.low), abs(axis.high))
        assert axis.low - slack <= min(values)
        assert max(values) <= axis.high + slack
    assert places[0] == pytest.approx(START)
    assert places[-1] == pytest.approx(END)


@given(NUMBERS, st.booleans(), st.booleans(), st.booleans())
def test_numbers(values: list[float], from_zero: bool, whole: bool, durations: bool) -> None:
    known = finite(values)
    axis = number_axis(values, START, END, str, from_zero=from_zero, whole=whole, durations=durations)
    holds(axis, known)
    assert 2 <= len(axis.ticks) <= 8
    if from_zero:
        assert axis.low <= 0 <= axis.high


@given(NUMBERS)
def test_logarithms(values: list[float]) -> None:
    known = [value for value in finite(values) if value > 1e-25]
    axis = log_axis([value for value in values if not 0 < value <= 1e-25], START, END, str)
    holds(axis, known)
    assert 2 <= len(axis.ticks) <= 9


@given(st.lists(st.floats(0, 1), max_size=12))
def test_shares(values: list[float]) -> None:
    holds(share_axis(values, START, END), values)


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1)), max_size=12), st.integers(2, 12))
def test_days(days: list[dt.date], most: int) -> None:
    axis = day_axis(days, 40, 700, most_ticks=most)
    assert all(40 <= axis.place(day.toordinal()) <= 700 for day in days)
    places = [at for at, _ in axis.ticks]
    assert len(places) <= most
    assert places == sorted(places)
    assert all(40 <= at <= 700 for at in places)


@pytest.mark.parametrize("value", [0.0, 1e-300, 5e-324, 1e300, -1e300, 1.0])
def test_equal_values_have_an_axis(value: float) -> None:
    axis = number_axis([value] * 3, START, END, str, from_zero=False)
    assert len(axis.ticks) >= 2
    assert END <= axis.place(value) <= START


def test_durations_are_round_in_minutes_hours_or_days() -> None:
    def ticks(most: float) -> list[float]:
        return [float(word) for _, word in number_axis([most], 0, 100, str, durations=True).ticks]

    assert ticks(110) == [0, 30, 60, 90, 120]
    assert ticks(200_000) == [0, 86_400, 172_800, 259_200]
    assert ticks(0.01) == [0, 0.005, 0.01]


def test_what_is_no_number_is_left_out() -> None:
    assert finite([1, None, math.nan, math.inf, -math.inf, 2.5]) == [1.0, 2.5]
    assert [word for _, word in number_axis([math.nan], START, END, "{:g}".format).ticks] == ["0", "0.5", "1"]


def test_days_are_named_as_people_name_them() -> None:
    def words(first: dt.date, last: dt.date) -> list[str]:
        return [word for _, word in day_axis([first, last], 0, 700).ticks]

    assert words(dt.date(2026, 11, 2), dt.date(2026, 11, 5)) == ["2 Nov", "3 Nov", "4 Nov", "5 Nov"]
    assert words(dt.date(2026, 11, 1), dt.date(2026, 11, 30)) == ["2 Nov", "9 Nov", "16 Nov", "23 Nov", "30 Nov"]
    assert words(dt.date(2025, 12, 28), dt.date(2026, 1, 2)) == ["28 Dec", "29 Dec", "30 Dec", "31 Dec", "1 Jan 2026", "2 Jan"]
    assert words(dt.date(2025, 9, 15), dt.date(2026, 9, 14)) == ["Nov 2025", "Jan 2026", "Mar", "May", "Jul", "Sep"]
    assert day_axis([], 0, 700).ticks == ((350.0, "1 Jan"),)
    assert month_ticks(dt.date(2026, 1, 2), dt.date(2026, 1, 31), 1) == []


def test_logarithmic_ticks_are_powers_or_fives_and_twos() -> None:
    def words(*values: float) -> list[str]:
        return [word for _, word in log_axis(values, 0, 100, "{:g}".format).ticks]

    assert words(3, 4) == ["2", "5"]
    assert words(0.00002, 0.0004) == ["1e-05", "0.0001", "0.001"]
    assert words(2, 30) == ["1", "10", "100"]
    assert words(0, -1) == ["1", "2", "5", "10"]
