"""How numbers are written in a report: per cent with one decimal, and never "100" for what is not all."""

from __future__ import annotations

from html import escape

from mlcore.evaluation.scores import Estimate
from mlcore.percent import percent as percent  # with the other ways to write a number of a report

NONE = "–"


def points(difference: float | None) -> str:
    """A difference of shares in points with its sign: ``-0.021`` is ``−2.1``."""
    if difference is None:
        return NONE
    text = f"{100 * difference:+.1f}".replace("-", "−")
    return "0.0" if text in ("+0.0", "−0.0") else text


def with_interval(estimate: Estimate, signed: bool = False) -> str:
    """HTML: the value, and behind it the interval in a quieter voice."""
    write = points if signed else percent
    if estimate.low is None or estimate.high is None:
        return f'<b class="value">{write(estimate.value)}</b>'
    between = " to " if signed else "–"
    return (
        f'<b class="value">{write(estimate.value)}</b> <span class="interval">{write(estimate.low)}{between}{write(estimate.high)}</span>'
    )


def p_value(p: float) -> str:
    """``0.0004`` is ``< .001``."""
    return "&lt; .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def counted(n: int, one: str, many: str) -> str:
    """``1 vendor``, ``1,200 vendors``."""
    return f"{n:,} {one if n == 1 else many}"


def text(value: str) -> str:
    """Text as it may stand in HTML."""
    return escape(value, quote=True)
