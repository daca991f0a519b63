"""The pictures are SVG that stands alone; a truth outside of the interval is seen, and groups of different size have their own axes."""

from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.team.holding import Held
from benchmarks.team.plots import Group, interval_picture

SVG = "{http://www.w3.org/2000/svg}"


def row(value: float | None, expected: float) -> Held:
    low, high = (None, None) if value is None else (value - 0.02, value + 0.02)
    return Held(("accuracy", "ann", "exact"), value, low, high, 40, expected, expected)


def texts(picture: str, kind: str) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(picture).iter(f"{SVG}text") if found.get("class") == kind]


def test_a_truth_outside_of_the_interval_is_marked() -> None:
    picture = interval_picture([Group("people", [("inside", row(0.5, 0.51)), ("outside", row(0.9, 0.8))])], "Two people")

    assert texts(picture, "outside") == ["80.0"]
    assert texts(picture, "number") == ["50.0", "90.0"]


def test_groups_that_are_apart_have_an_axis_each() -> None:
    groups = [Group("small", [("a", row(0.03, 0.03))]), Group("large", [("b", row(0.6, 0.6))])]
    together, apart = (texts(interval_picture(groups, "Both", apart=apart), "tick") for apart in (False, True))

    assert "60" in together
    assert "2" not in together
    assert {"2", "60"} <= set(apart)


def test_too_few_documents_are_said_and_not_drawn() -> None:
    picture = interval_picture([Group("people", [("few", row(None, 0.4)), ("many", row(0.5, 0.5))])], "Two people")

    assert "not enough documents" in texts(picture, "tick")
    assert picture.count('class="whisker"') == 2  # one of a row, one of the legend
