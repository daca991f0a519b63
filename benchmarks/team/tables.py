"""Markdown tables of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.team.holding import Held
from mlcore.percent import percent

NONE = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """One table; the first column is text, the others are numbers."""
    lines = [" | ".join(head), " | ".join(["---", *["---:"] * (len(head) - 1)]), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def figures(rows: Iterable[tuple[str, Held]], *, coefficients: bool = False) -> str:
    """What the product says beside what is true; shares in per cent, coefficients as they are."""
    return table(
        ("", "product says", "95 %", "n", "really happened", "expected", "truth is in it"),
        ((name, *_cells(held, _coefficient if coefficients else share_told)) for name, held in rows),
    )


def beside(rows: Iterable[tuple[str, Held, Held]]) -> str:
    """What was said and what is said of the same thing; intervals without the expected value are bold. Shares in per cent."""
    head = ("", "expected", "before", "95 %", "n", "now", "95 %", "n")
    return table(head, ((name, percent(now.expected), *_short(before), *_short(now)) for name, before, now in rows))


def share_told(value: float | None) -> str:
    """In per cent, with a minus sign below 0."""
    return f"−{percent(-value)}" if value is not None and value < 0 else percent(value)


def _short(held: Held) -> list[str]:
    if held.value is None:
        return ["not enough", "", str(held.n)]
    between = f"{share_told(held.low)} to {share_told(held.high)}" if held.low is not None else NONE
    return [share_told(held.value), f"**{between}**" if held.covers is False else between, str(held.n)]


def _cells(held: Held, told: Callable[[float | None], str]) -> list[str]:
    if held.value is None:
        return ["not enough", "", str(held.n), told(held.realised), told(held.expected), ""]
    between = f"{told(held.low)} to {told(held.high)}" if held.low is not None else NONE
    inside = {True: "yes", False: "**no**", None: NONE}[held.covers]
    return [told(held.value), between, str(held.n), told(held.realised), told(held.expected), inside]


def _coefficient(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}".replace("-", "−")
