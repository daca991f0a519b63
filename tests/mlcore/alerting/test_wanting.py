"""What asks for a run: both sides of each limit."""

from __future__ import annotations

import pytest

from mlcore.alerting.wanting import FoundDrop, TriggerLimits, VendorGold, by_new_vendors, by_schedule, by_template_changes

LIMITS = TriggerLimits()


@pytest.mark.parametrize(
    ("age", "gold", "every", "wanted"),
    [(None, 0, 91, False), (90.9, 500, 91, False), (91.0, 500, 91, True), (91.0, 0, 91, False), (400.0, 1, 0, False)],
)
def test_the_schedule(age: float | None, gold: int, every: int, wanted: bool) -> None:
    found = by_schedule(age, 4, gold, TriggerLimits(every_days=every))
    assert (found is not None) == wanted
    assert found is None or (found.key, found.occasion) == ("schedule", "4:1")


def test_dismissed_the_schedule_asks_again_when_it_is_due_once_more() -> None:
    asked = [by_schedule(age, 4, 10, LIMITS) for age in (100.0, 181.0, 182.0)]
    assert [one.occasion for one in asked if one] == ["4:1", "4:1", "4:2"]


@pytest.mark.parametrize(
    ("points", "examples", "held_out", "wanted"),
    [(5.0, 100, False, True), (4.9, 100, False, False), (9.0, 99, False, False), (9.0, 0, False, False), (9.0, 500, True, False)],
)
def test_a_changed_template_needs_the_drop_and_the_examples(points: float, examples: int, held_out: bool, wanted: bool) -> None:
    found = by_template_changes([FoundDrop(3, 7, "Apex", points, examples, held_out=held_out)], LIMITS)
    assert [one.key for one in found] == (["template_change:7"] if wanted else [])


@pytest.mark.parametrize(
    ("examples", "learned", "held_out", "wanted"),
    [(200, False, False, True), (199, False, False, False), (900, True, False, False), (900, False, True, False)],
)
def test_a_new_vendor_needs_examples_that_may_be_learned_and_were_not(examples: int, learned: bool, held_out: bool, wanted: bool) -> None:
    found = by_new_vendors([VendorGold(7, "Apex", examples, learned, held_out)], LIMITS)
    assert [one.key for one in found] == (["new_vendor:7"] if wanted else [])
