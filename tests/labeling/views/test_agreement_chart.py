"""Where the points of the charts stand."""

from __future__ import annotations

from labeling.selectors.agreement import MOST_PERIODS, Part
from labeling.templatetags.agreement import heat, percent
from labeling.views.agreement_chart import HEIGHT, Scale, lowest_of, trend, without_gaps


def part(key: str, value: float | None, n: int = 40) -> Part:
    figure = {"value": None, "n": n, "floor": 20} if value is None else {"value": value, "low": value - 0.05, "high": value + 0.02, "n": n}
    return Part(key, n, dict.fromkeys(("exact", "critical", "values"), figure))


def test_time_runs_evenly_and_lines_stop_where_there_is_no_number() -> None:
    made = trend([part("2026-11", 0.9), part("2027-01", 0.95), part("2027-02", None, 3), part("2027-03", 0.8)], "month")
    assert [tick.label for tick in made.down] == ["Nov 2026", "Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"]
    assert [tick.below for tick in made.down] == ["n 40", "", "n 40", "n 3", "n 40"]
    steps = {round(b.at - a.at, 1) for a, b in zip(made.down, made.down[1:], strict=False)}
    assert max(steps) - min(steps) < 0.2
    exact = made.lines[0]
    assert [point.x for point in exact.points] == [made.down[number].at for number in (0, 2, 4)]
    assert exact.path.count("M") == 3, "no two of them are neighbours"
    assert all(0 <= point.high <= point.y <= point.low <= HEIGHT for point in exact.points)
    assert made.target < exact.points[0].y, "97 % is above 90 %"


def test_weeks_are_without_gaps_too_and_long_histories_are_cut_at_the_old_end() -> None:
    assert [p.key for p in without_gaps([part("2026-11-09", 0.9), part("2026-11-23", 0.9)], "week")] == [
        "2026-11-09",
        "2026-11-16",
        "2026-11-23",
    ]
    long = without_gaps([part("2020-01", 0.9), part("2026-11", 0.9)], "month")
    assert (len(long), long[-1].key, long[0].key) == (MOST_PERIODS, "2026-11", "2024-12")
    assert without_gaps([], "month") == []


def test_a_scale_begins_where_every_interval_fits() -> None:
    assert lowest_of([]) == 0.8
    assert lowest_of([{"value": 0.99, "low": 0.97}]) == 0.8
    assert lowest_of([{"value": 0.8, "low": 0.67}, {"value": None}]) == 0.6
    assert lowest_of([{"value": 0.4, "low": 0.33}]) == 0.2
    scale = Scale(0.6, 100)
    assert (scale.at(0.6), scale.at(0.8), scale.at(1), scale.at(0.1)) == (0, 50, 100, 0)
    assert scale.ticks() == [0.6, 0.7, 0.8, 0.9, 1.0]


def test_what_is_not_all_never_reads_as_all() -> None:
    assert [percent(value) for value in (1.0, 0.9999, 0.914, 0.0004, 0.0, None)] == ["100 %", "99.9 %", "91.4 %", "0.1 %", "0 %", "–"]


def test_the_heat_map_deepens_below_the_target() -> None:
    assert [heat({"value": value}) for value in (0.97, 0.96, 0.94, 0.89, None)] == ["0", "1", "2", "3", ""]
