"""How numbers are written in a report; shares and differences as everywhere (``mlcore.percent``)."""

from __future__ import annotations

from html import escape

from mlcore.evaluation.scores import Estimate
from mlcore.percent import percent, points


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
