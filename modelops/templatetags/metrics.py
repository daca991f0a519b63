"""How figures of the daily metrics are written."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from labeling.guidelines.fields import FIELDS
from mlcore.percent import NONE
from modelops.charts import Unit, say, say_between
from modelops.monitoring.estimates import Share

register = template.Library()


@register.simple_tag
def share(figure: Share) -> SafeString:
    """``98.4 % (97.1–99.0 %), n 120``; a dash where it is not known."""
    if figure.value is None:
        return format_html('<span class="figure--missing">{}</span>', NONE)
    between = say_between(figure.low, figure.high, Unit.SHARE)
    return format_html('<span class="figure">{}</span> <span class="figure__interval">{}</span>', say(figure.value, Unit.SHARE), between)


@register.filter
def as_share(value: float | None) -> str:
    """``98.4 %``."""
    return say(value, Unit.SHARE)


@register.filter
def as_count(value: float | None) -> str:
    """``12,340``."""
    return say(value, Unit.COUNT)


@register.filter
def as_time(seconds: float | None) -> str:
    """``2 h 05 min``."""
    return say(seconds, Unit.SECONDS)


@register.filter
def as_money(dollars: Any) -> str:
    """``$1,240.50``."""
    return say(dollars, Unit.MONEY)


@register.filter
def times(value: float | None, factor: float) -> float | None:
    """A number times another."""
    return None if value is None else value * factor


@register.filter
def field_names(names: tuple[str, ...]) -> str:
    """Fields as people call them, the first three."""
    known = [FIELDS.get(name, name) for name in names[:3]]
    return ", ".join(known) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
