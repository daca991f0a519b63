"""Training runs in words: states, stages of a verdict, durations, sizes, values of a recipe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from invoices.templatetags.screen import chip
from modelops.charts import Unit, say
from modelops.models import RunState, Side

register = template.Library()

STATES = {
    RunState.QUEUED: ("untouched", "clock", False),
    RunState.RUNNING: ("info", "busy", True),
    RunState.STOPPING: ("confirm", "busy", True),
    RunState.STOPPED: ("untouched", "pause", False),
    RunState.FINISHED: ("confirmed", "confirmed", False),
    RunState.FAILED: ("invalid", "invalid", False),
}
VERDICTS = {
    "passed": ("confirmed", "confirmed", "Passed"),
    "failed": ("invalid", "invalid", "Did not pass"),
    "let through": ("confirm", "warning", "Let through"),
}
SPLITS = {Side.TRAIN.value: "Training", Side.VALIDATION.value: "Validation", Side.TEST.value: "Held out"}


@register.simple_tag
def run_chip(state: str) -> SafeString:
    """State of a run as a chip."""
    colour, icon, busy = STATES[RunState(state)]
    made: SafeString = chip(colour, icon, RunState(state).label, busy)
    return made


@register.simple_tag
def verdict_chip(verdict: str) -> SafeString:
    """The gate's verdict as a chip."""
    made: SafeString = chip(*VERDICTS[verdict])
    return made


@register.filter
def duration(seconds: float | None) -> str:
    """``2 h 05 min``; a dash for none."""
    return say(seconds, Unit.SECONDS)


@register.filter
def from_minutes(minutes: float | None) -> str:
    """Minutes as a duration."""
    return say(None if minutes is None else minutes * 60, Unit.SECONDS)


@register.filter
def money(amount: Decimal | str | None) -> str:
    """``$12.40``; a dash for none."""
    return say(None if amount in (None, "") else Decimal(str(amount)), Unit.MONEY)


@register.filter
def loss(value: float | None) -> str:
    """Four decimals; a dash for none."""
    return "–" if value is None else f"{value:.4f}"


@register.filter
def memory(count: int | None) -> str:
    """Bytes as people say them; a dash for none."""
    if not count:
        return "–"
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count / 1024**2:.0f} MB"


@register.filter
def setting(value: Any) -> str:
    """A value of a recipe."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def share(value: float | None) -> str:
    """``98.4 %``; a dash for none."""
    return say(value, Unit.SHARE)


@register.filter
def split_name(name: str) -> str:
    """A split of a data set in words."""
    return SPLITS.get(name, name)


@register.filter
def spoken(name: str) -> str:
    """``dme_rental`` as ``dme rental``."""
    return str(name).replace("_", " ")


@register.filter
def of(found: Any, name: str) -> Any:
    """What a mapping has under a name; ``None`` for nothing."""
    return found.get(name) if isinstance(found, dict) else None
