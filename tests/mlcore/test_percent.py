"""Shares and differences are written one way: nothing rounds to all or to none, and a minus is a minus."""

from __future__ import annotations

import pytest

from mlcore.percent import exact, in_percent, in_points, percent, points


@pytest.mark.parametrize(
    ("share", "written"), [(1.0, "100"), (0.0, "0"), (0.99999, "99.9"), (0.00001, "0.1"), (0.9621, "96.2"), (None, "–")]
)
def test_only_all_is_a_hundred(share: float | None, written: str) -> None:
    assert percent(share) == written
    assert in_percent(share) == (written if share is None else f"{written} %")


@pytest.mark.parametrize(
    ("difference", "signed", "size"),
    [(0.021, "+2.1", "2.1 points"), (-0.021, "−2.1", "−2.1 points"), (-0.0001, "0.0", "0.0 points"), (None, "–", "–")],
)
def test_a_difference_has_its_sign_unless_it_rounds_to_nothing(difference: float | None, signed: str, size: str) -> None:
    assert (points(difference), in_points(difference)) == (signed, size)


def test_a_limit_keeps_its_digits() -> None:
    assert [exact(share) for share in (0.98, 0.985, 0.0001, 1, 0.07)] == ["98", "98.5", "0.01", "100", "7"]
