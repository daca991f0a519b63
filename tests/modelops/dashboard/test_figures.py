"""What is shown of counted days: periods, the headline, and what a model changed."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelops.dashboard.change import change
from modelops.dashboard.headline import headline, standing
from modelops.dashboard.periods import RANGES, USUAL, Window, periods, told
from modelops.models import DailyMetric
from modelops.monitoring.estimates import Share
from modelops.monitoring.sums import AUDIT, SEEN, Stratum
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import Day

TODAY = dt.date(2026, 11, 26)


def row(day: dt.date, judged: int, right: int, *, passed: int = 0, read: int = 0, **more: Any) -> DailyMetric:
    """A day on which ``judged`` documents of ten values were looked at, ``right`` of them right; the others have one value wrong."""
    seen = Stratum()
    for number in range(judged):
        seen.document(10, 10 if number < right else 9, number < right, {}, [])
    numbers = {
        "judged_documents": judged,
        "right_documents": right,
        "judged_values": 10 * judged,
        "right_values": 10 * judged - (judged - right),
    }
    return DailyMetric(
        day=day,
        strata={SEEN: seen.to_json(), AUDIT: Stratum().to_json()},
        confidence=[[0, 0, 0]] * 20,
        passed=passed,
        read_accepted=passed,
        read_review=max(0, read - passed),
        **numbers,
        **more,
    )


def day(offset: int, judged: int | None = None, right: int = 0, **more: Any) -> Day:
    at = TODAY - dt.timedelta(days=offset)
    return Day(at, judged is not None, Totals.of([row(at, judged, right, **more)] if judged is not None else []))


def test_the_window_is_what_the_address_says_or_the_usual_one() -> None:
    assert [Window.from_address({"days": days}, TODAY).days for days in ("30", "90", "365", "", "31", "x", "٣٠", "-30")] == [
        *RANGES,
        *[USUAL] * 5,
    ]
    assert Window(30, TODAY).start == dt.date(2026, 10, 28)


@given(st.lists(st.none() | st.integers(0, 60), min_size=1, max_size=400), st.sampled_from([0, 1, 7, 28]))
def test_periods_have_every_day_once_and_end_with_the_last(counts: list[int | None], length: int) -> None:
    days = [day(len(counts) - number, judged) for number, judged in enumerate(counts)]
    found = periods(days, length)
    assert found[0].start == days[0].day
    assert found[-1].end == days[-1].day
    for before, after in pairwise(found):
        assert after.start == before.end + dt.timedelta(days=1)
    assert sum(period.totals.numbers["judged_documents"] for period in found) == sum(count or 0 for count in counts)
    assert len({(period.end - period.start).days for period in found[1:]}) <= 1


@pytest.mark.parametrize(("days", "judged", "length"), [(30, 25, 1), (30, 5, 7), (30, 1, 7), (90, 25, 7), (90, 1, 28), (365, 100, 7)])
def test_a_period_is_as_long_as_it_takes_to_say_something(days: int, judged: int, length: int) -> None:
    found = periods([day(days - number, judged, judged) for number in range(days)])
    assert (found[-1].end - found[-1].start).days + 1 == length


def test_a_share_of_few_documents_is_not_told() -> None:
    assert told(Share(1.0, 0.8, 1.0, 19)).value is None
    assert told(Share(1.0, 0.8, 1.0, 20)).value == 1.0


def test_the_headline_is_known_with_an_interval_or_says_what_is_missing() -> None:
    known = headline(Totals.of([row(TODAY, 400, 396, read=400)]))
    assert (known.values.value, known.values.n, known.standing, known.day) == ("99.9 %", 400, "above", TODAY)
    assert known.values.between.startswith("99.")
    assert known.documents.value == "99.0 %"
    assert known.accepted.missing == "Nothing was settled yet that could be held to a reading; 20 documents make it known."
    few = headline(Totals.of([row(TODAY, 7, 7)]))
    assert (few.values.value, few.values.missing, few.standing) == ("", "7 of 20 documents are settled that it takes.", "unknown")
    unchecked = headline(Totals.of([row(TODAY, 40, 40, read=100, passed=60)]))
    assert unchecked.values.missing == "Documents went through without a person and none was checked; draw some for an audit."
    assert headline(Totals()).day is None


@pytest.mark.parametrize(
    ("low", "high", "word"), [(0.98, 0.99, "above"), (0.97, 0.979, "below"), (0.97, 0.99, "open"), (None, None, "unknown")]
)
def test_the_interval_says_where_accuracy_stands(low: float | None, high: float | None, word: str) -> None:
    assert standing(Share(0.98, low, high, 100)) == word


def test_a_change_is_the_days_since_against_the_days_before() -> None:
    days = [
        *(day(40 - number, 100, 60, read=100, passed=20, settled=100, effort_seconds=9000.0) for number in range(20)),
        day(20, 100, 0),
        *(day(19 - number, 100, 90, read=100, passed=50, settled=100, effort_seconds=6000.0) for number in range(20)),
    ]
    days[0] = day(40)
    found = change(TODAY - dt.timedelta(days=20), days)
    assert (found.days_before, found.days_since) == (19, 20), "neither has the day itself, and a day that was not counted is none"
    by_name = {each.name: each for each in found.rows}
    exact = by_name["Documents right in everything"]
    assert exact.note.startswith("Documents went through without a person"), "nobody checked what passed"
    through = by_name["Went through without a person"]
    assert (through.difference, through.verdict) == ("+30.0 points", "better")
    minutes = by_name["Active time for a settled document"]
    assert (minutes.before, minutes.since, minutes.difference) == ("1 min 30 s", "1 min", "−33 %")


def test_accuracy_that_fell_is_worse_and_a_small_step_may_be_chance() -> None:
    def step(before: int, since: int) -> str:
        found = change(TODAY - dt.timedelta(days=1), [day(2, 500, before), day(0, 500, since)])
        return next(each.verdict for each in found.rows if each.name == "Documents right in everything")

    assert (step(450, 350), step(350, 450), step(450, 455)) == ("worse", "better", "same")


def test_days_too_far_away_are_left_out() -> None:
    found = change(TODAY, [day(29, 100, 0), day(28, 100, 100), day(0, 100, 0)])
    assert (found.days_before, found.days_since) == (1, 0)
    assert found.rows[0].note == "Nothing was settled yet that could be held to a reading; 20 documents make it known."
