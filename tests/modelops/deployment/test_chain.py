"""Where returns lead: steps back, one after the other, never to what was rolled back."""

from __future__ import annotations

from modelops.deployment.chain import Link, returns_to

FIRST, A, B = Link(1, None, False), Link(2, 1, False), Link(3, 2, False)


def test_a_return_leads_to_what_was_replaced() -> None:
    assert returns_to([FIRST, A], 2) == 1
    assert returns_to([FIRST, A, B], 3) == 2


def test_before_the_first_was_nothing() -> None:
    assert returns_to([FIRST], 1) is None
    assert returns_to([], 1) is None


def test_two_returns_are_two_steps_back() -> None:
    back = Link(4, 3, True)
    assert returns_to([FIRST, A, B, back], 4) == 1, "what served before model A, not model B again"
    further = Link(5, 4, True)
    assert returns_to([FIRST, A, B, back, further], 5) is None


def test_after_a_return_a_promotion_is_returned_from_to_what_was_returned_to() -> None:
    back, again = Link(4, 3, True), Link(5, 4, False)
    assert returns_to([FIRST, A, B, back, again], 5) == 4
    assert returns_to([FIRST, A, B, back, again, Link(6, 5, True)], 6) == 1
