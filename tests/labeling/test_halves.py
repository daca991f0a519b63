"""Splitting people for one pair: two halves with somebody in each, any two people a pair for some document."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.halves import EITHER, Labeler, other_side, side_of, sides_of, split

ids = st.lists(st.integers(1, 5_000), min_size=2, max_size=12, unique=True)


def on(people: list[Labeler], side: int) -> list[Labeler]:
    return [person for person in people if side in sides_of(person.id)]


@given(ids, st.data())
def test_both_halves_have_a_biller_where_there_are_two(people_ids: list[int], data: st.DataObject) -> None:
    people = [Labeler(pk, data.draw(st.booleans())) for pk in people_ids]
    side = split(people, data.draw(st.floats(0, 1, exclude_max=True)))
    assert side is not None
    halves = on(people, side), on(people, other_side(side))
    assert all(halves)
    assert sorted(person.id for half in halves for person in half) == sorted(people_ids), "nobody is on both sides or none"
    if sum(person.is_biller for person in people) >= 2:
        assert all(any(person.is_biller for person in half) for half in halves)


@given(ids, st.data())
def test_a_label_that_is_in_is_repeated_by_the_other_half(people_ids: list[int], data: st.DataObject) -> None:
    people = [Labeler(pk, True) for pk in people_ids]
    author = data.draw(st.sampled_from(people_ids))
    side = split(people, data.draw(st.floats(0, 1, exclude_max=True)), first=author)
    assert side is not None
    assert side in sides_of(author)
    assert on(people, other_side(side))


def test_any_two_of_four_become_a_pair_for_some_document() -> None:
    people = [Labeler(pk, True) for pk in (4, 5, 6, 7)]
    sides = {split(people, chance / 100) for chance in range(100)}
    for one, other in combinations(people, 2):
        assert any(side is not None and side in sides_of(one.id) and other_side(side) in sides_of(other.id) for side in sides)


@pytest.mark.parametrize("people", [[], [Labeler(3, True)]])
def test_nobody_alone_makes_a_pair(people: list[Labeler]) -> None:
    assert split(people, 0.5) is None
    assert split(people, 0.5, first=3) is None


def test_a_person_is_on_one_of_two_sides_and_a_side_for_either_is_none_of_them() -> None:
    assert all(
        side_of(pk, digit) // 2 == digit and other_side(side_of(pk, digit)) not in sides_of(pk) for pk in (1, 2, 77) for digit in range(8)
    )
    assert EITHER not in sides_of(1)
