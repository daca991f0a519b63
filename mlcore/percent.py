"""How shares and differences of shares are written everywhere: one decimal, and never "100 %" for what is not all.

Shares are 0..1. A minus is the sign ``−``; a difference that rounds to nothing has none. ``None`` is a dash.
"""

from __future__ import annotations

from typing import Final

NONE: Final = "–"


def percent(share: float | None) -> str:
    """``0.9621`` is ``96.2``. Only 1 is ``100`` and only 0 is ``0``: 0.9999 is ``99.9``. A dash for none. There is no sign behind it."""
    if share is None:
        return NONE
    if share in (0, 1):
        return f"{100 * share:.0f}"
    return f"{min(99.9, max(0.1, 100 * share)):.1f}"


def in_percent(share: float | None) -> str:
    """``0.9621`` is ``96.2 %``."""
    return NONE if share is None else f"{percent(share)} %"


def exact(share: float) -> str:
    """A limit with all the digits that it was set with: ``0.985`` is ``98.5``, ``0.0001`` is ``0.01``."""
    return f"{round(100 * share, 6):g}"


def points(difference: float | None, *, plus: bool = True) -> str:
    """A difference in points with its sign: ``0.021`` is ``+2.1``, ``-0.021`` is ``−2.1``. ``plus=False``: a size, that may be negative."""
    if difference is None:
        return NONE
    sign, size = "−" if difference < 0 else "+" if plus else "", f"{abs(100 * difference):.1f}"
    return size if size == "0.0" else f"{sign}{size}"


def in_points(difference: float | None) -> str:
    """A size: ``0.021`` is ``2.1 points``."""
    return NONE if difference is None else f"{points(difference, plus=False)} points"
