"""On which side groups of vendors go, which vendors are a group, and how fast nobody reads: without a database."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelops.datasets.confirming import FIELDS, Sitting, looked_at, too_fast
from modelops.datasets.grouping import Layouts, VendorGroups
from modelops.datasets.rules import Rules
from modelops.datasets.siding import Group, decide
from modelops.models import Side

RULES = Rules()


def group(root: int, documents: int, *known: Side) -> Group:
    return Group(root, (root,), documents, frozenset(known))


def sides_of(groups: list[Group], rules: Rules = RULES) -> dict[int, Side]:
    return {root: decision.side for root, decision in decide(groups, rules).items()}


@given(st.dictionaries(st.integers(1, 500), st.integers(1, 300), min_size=1, max_size=60), st.integers(0, 2**32), st.randoms())
def test_every_group_gets_one_side_whatever_the_order(sizes: dict[int, int], seed: int, rng: random.Random) -> None:
    groups = [group(root, size) for root, size in sizes.items()]
    rules = Rules(seed=seed)
    first = sides_of(groups, rules)
    rng.shuffle(groups)
    assert sides_of(groups, rules) == first
    assert set(first) == set(sizes)
    assert Side.TRAIN in first.values()
    assert (Side.TEST in first.values()) == (len(sizes) > 1)
    assert (Side.VALIDATION in first.values()) == (len(sizes) > 2)
    largest = max(sizes, key=lambda root: (sizes[root], -root))
    assert first[largest] is Side.TRAIN


@given(st.lists(st.integers(1, 40), min_size=20, max_size=80), st.integers(0, 1000))
def test_no_side_takes_more_than_its_share_twice(sizes: list[int], seed: int) -> None:
    found = sides_of([group(root, size) for root, size in enumerate(sizes, start=1)], Rules(seed=seed))
    documents = {side: sum(size for root, size in enumerate(sizes, start=1) if found[root] is side) for side in Side}
    groups = list(found.values())
    assert documents[Side.TEST] <= max(2 * 0.1 * sum(sizes), min(sizes))
    assert groups.count(Side.TEST) <= max(0.2 * len(sizes), 1) or documents[Side.TEST] <= 0.1 * sum(sizes) + 40


@given(st.dictionaries(st.integers(1, 99), st.integers(1, 50), min_size=3, max_size=30), st.integers(100, 199))
def test_what_has_a_side_keeps_it_when_others_come(sizes: dict[int, int], new: int) -> None:
    first = sides_of([group(root, size) for root, size in sizes.items()])
    later = sides_of([*(group(root, size + 7, first[root]) for root, size in sizes.items()), group(new, 500)])
    assert {root: later[root] for root in first} == first


@pytest.mark.parametrize(
    ("known", "wins"),
    [
        ({Side.TRAIN, Side.TEST}, Side.TEST),
        ({Side.VALIDATION, Side.TEST}, Side.TEST),
        ({Side.TRAIN, Side.VALIDATION}, Side.VALIDATION),
        ({Side.TRAIN}, Side.TRAIN),
    ],
)
def test_held_out_wins(known: set[Side], wins: Side) -> None:
    assert sides_of([Group(1, (1, 2), 9, frozenset(known)), group(5, 90, Side.TRAIN)])[1] is wins


def test_held_out_vendors_are_many_rather_than_large() -> None:
    sizes = [400, *([20] * 29)]
    found = sides_of([group(root, size) for root, size in enumerate(sizes, start=1)])
    assert list(found.values()).count(Side.TEST) == 6, "a fifth of the vendors, 12 % of the documents"


def test_a_group_is_named_by_its_smallest_vendor_whatever_joined_it() -> None:
    groups = VendorGroups()
    groups.add(9, [("name", "apex"), ("name", "")])
    groups.add(7, [("name", "bluestone"), ("name", "")])
    groups.add(4, [("name", "apex")])
    assert groups.groups() == {4: [4, 9], 7: [7]}
    groups.join(9, 7)
    groups.add(2, [("name", "bluestone")])
    assert groups.groups() == {2: [2, 4, 7, 9]}


def marks(*words: str) -> frozenset[str]:
    return frozenset(f"{word}@{column}" for column, word in enumerate(words))


BILL = marks("invoice", "date", "total", "quantity", "price")


def test_vendors_share_a_typical_layout_and_not_that_of_a_stray_document() -> None:
    layouts = Layouts(0.42)
    for _ in range(9):
        assert layouts.number(1, BILL) == 0
        layouts.number(2, marks("rechnung", "datum", "summe", "menge", "preis"))
    assert layouts.number(3, marks("invoice", "date", "total", "quantity", "amount")) == 0
    assert layouts.alike() == [(1, 3)]
    assert layouts.number(2, BILL) == 1
    assert layouts.alike() == [(1, 3)], "one of ten documents"
    assert layouts.strays(2, 1, [1])
    assert not layouts.strays(2, 0, [1])
    layouts.know(6, [BILL])
    assert (1, 6) in layouts.alike(), "what a template has learned is the vendor's"


PROVENANCE: dict[str, dict[str, Any]] = {
    path: {"source": "confirmed", "by": 1} for path in ("total", "date", "invoice_number", "line_items[0].total")
}


@pytest.mark.parametrize(
    ("pages", "active_ms", "fast"),
    [(1, 1_999, True), (1, 2_000, False), (3, 3_999, True), (3, 4_000, False), (0, 1_999, True), (1, 0, True)],
)
def test_too_fast_is_less_than_a_second_a_page_and_a_quarter_a_value(pages: int, active_ms: int, fast: bool) -> None:
    assert bool(too_fast(PROVENANCE, Sitting(True, active_ms, 0, pages), RULES)) is fast


@pytest.mark.parametrize("change", [{"source": "corrected"}, {"source": "reviewed", "change": "typed"}, {"source": "agreed"}])
def test_who_changed_anything_has_looked(change: dict[str, str]) -> None:
    assert too_fast({**PROVENANCE, "total": {**change, "by": 1}}, Sitting(True, 1, 0, 1), RULES) == ""


def test_a_fast_review_is_fast_and_what_was_verified_before_is_not_looked_for() -> None:
    reviewed = {path: {"source": "reviewed", "change": "confirmed", "by": 1} for path in PROVENANCE}
    assert too_fast(reviewed, Sitting(True, 1_500, 0, 1), RULES)
    verified = {path: {**entry, "verified_by": 2} for path, entry in PROVENANCE.items()}
    assert too_fast(verified, Sitting(True, 10, 0, 1), RULES) == ""
    assert too_fast(PROVENANCE, None, RULES) == too_fast(PROVENANCE, Sitting(False, 1, 0, 1), RULES) == ""


def test_fields_that_nobody_looked_at_are_no_labels() -> None:
    assert looked_at(PROVENANCE) is None
    assert looked_at({}) is None
    unseen: dict[str, dict[str, Any]] = {
        **PROVENANCE,
        "line_items[3].cpt_code": {"source": "accepted", "by": None},
        "tax": {"source": "accepted"},
    }
    assert looked_at(unseen) == FIELDS - {"line_items.cpt_code", "tax"}
    assert looked_at({"tax": {"source": "accepted", "by": None, "verified_by": 3}}) is None
