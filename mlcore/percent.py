"""How a share is written everywhere: per cent with one decimal, and never "100" for what is not all."""

from __future__ import annotations


def percent(share: float | None) -> str:
    """``0.9621`` is ``96.2``. Only 1 is ``100`` and only 0 is ``0``: 0.9999 is ``99.9``. A dash for none. There is no sign behind it."""
    if share is None:
        return "–"
    if share in (0, 1):
        return f"{100 * share:.0f}"
    return f"{min(99.9, max(0.1, 100 * share)):.1f}"
