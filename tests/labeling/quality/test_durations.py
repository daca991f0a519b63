"""Quartiles out of buckets: close to those of the times themselves, and none under the floor."""

from __future__ import annotations

from collections import Counter
from statistics import quantiles

from hypothesis import given
from hypothesis import strategies as st

from labeling.quality.durations import bucket_of, quartiles


@given(st.lists(st.integers(1_001, 3_600_000), min_size=20, max_size=300))
def test_quartiles_are_within_a_fortieth_of_a_value_at_their_rank(times: list[int]) -> None:
    found = quartiles(Counter(str(bucket_of(ms)) for ms in times))
    ordered = sorted(times)
    for share, seconds in ((0.25, found.low), (0.5, found.median), (0.75, found.high)):
        exact = ordered[-(-int(share * 4) * len(times) // 4) - 1] / 1000
        assert seconds is not None
        assert abs(seconds - exact) <= 0.026 * exact + 0.06


def test_few_times_are_no_number() -> None:
    found = quartiles({"80": 19})
    assert (found.n, found.median) == (19, None)
    assert quartiles({"80": 20}).median is not None


def test_the_shortest_and_the_longest_have_a_bucket() -> None:
    assert bucket_of(0) == bucket_of(999) == 0
    assert bucket_of(10**12) == bucket_of(10**13)


def test_the_median_is_the_usual_one() -> None:
    times = [30_000 + 1_000 * n for n in range(60)]
    median = quartiles(Counter(str(bucket_of(ms)) for ms in times)).median
    assert median is not None
    assert abs(median - quantiles([ms / 1000 for ms in times], n=2)[0]) < 3
