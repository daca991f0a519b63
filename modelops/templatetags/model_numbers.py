"""Numbers of models as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from invoices.templatetags.screen import chip
from mlcore import percent
from mlcore.evaluation.report.wording import label_of, type_label
from mlcore.evaluation.scores import Estimate
from modelops.charts import Unit, say, say_between

register = template.Library()

STATES = {"candidate": ("untouched", "clock"), "champion": ("confirmed", "confirmed"), "retired": ("untouched", "folder")}
WORDS = {
    "passed": ("confirmed", "check", "Passed"),
    "overridden": ("confirm", "sign", "Overridden"),
    "failed": ("invalid", "invalid", "Did not pass"),
    "stale": ("confirm", "warning", "No longer holds"),
    "unasked": ("untouched", "clock", "Not asked yet"),
}
CHECKS = {
    "passed": ("confirmed", "check", "Passed"),
    "failed": ("invalid", "invalid", "Failed"),
    "unknown": ("confirm", "warning", "Unknown"),
    "skipped": ("untouched", "minus", "Not asked"),
}


@register.filter
def as_share(value: float | None) -> str:
    """``0.984`` as ``98.4 %``; a dash for none."""
    return say(value, Unit.SHARE)


@register.filter
def estimate(found: Estimate | Mapping[str, Any] | None) -> str:
    """The value of an estimate in per cent."""
    return say(_part(found, "value"), Unit.SHARE)


@register.filter
def interval(found: Estimate | Mapping[str, Any] | None) -> str:
    """``97.1–99.0 %``; nothing where there is none."""
    return say_between(_part(found, "low"), _part(found, "high"), Unit.SHARE)


@register.filter
def points(found: Estimate | float | None) -> str:
    """A difference of shares in points with its sign, and its interval where it has one."""
    value, low, high = (found.value, found.low, found.high) if isinstance(found, Estimate) else (found, None, None)
    between = f" ({percent.points(low)} to {percent.points(high)})" if low is not None and high is not None else ""
    return f"{percent.points(value)}{between}"


@register.filter
def probability(value: float) -> str:
    """``0.031``, and ``< 0.001``."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


@register.filter
def sign_of(found: Estimate | None) -> str:
    """``better`` or ``worse`` where the whole interval lies on one side of 0, else nothing."""
    if found is None or found.low is None or found.high is None:
        return ""
    return "better" if found.low > 0 else "worse" if found.high < 0 else ""


@register.filter
def measure_name(name: str) -> str:
    """A measure or a field as people read it."""
    return label_of(name)


@register.filter
def line_type(name: str) -> str:
    """A line type as people read it."""
    return type_label(name)


@register.filter
def megabytes(size: int) -> str:
    """``9.8 MB``."""
    return f"{size / 1e6:,.1f} MB"


@register.filter
def number(value: object) -> str:
    """A number of a check, short: what it is of stands beside it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(number(one) for one in value)
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def spelled(name: str) -> str:
    """``at_least`` as ``at least``."""
    return name.replace("_", " ")


@register.simple_tag
def model_state(state: str, label: str) -> SafeString:
    """The chip of a model's state."""
    made: SafeString = chip(*STATES[state], label)
    return made


@register.simple_tag
def verdict_word(code: str) -> SafeString:
    """The chip of what a verdict comes to."""
    made: SafeString = chip(*WORDS[code])
    return made


@register.simple_tag
def check_state(state: str) -> SafeString:
    """The chip of a check."""
    made: SafeString = chip(*CHECKS.get(state, CHECKS["unknown"]))
    return made


def _part(found: Estimate | Mapping[str, Any] | None, name: str) -> float | None:
    value = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    return float(value) if isinstance(value, int | float) else None
