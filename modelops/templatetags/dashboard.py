"""Numbers of the dashboard as people read them."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from modelops.charts import Unit, say, say_short

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """``12,340``."""
    return say(value, Unit.COUNT)


@register.filter
def age(seconds: int) -> str:
    """``45 s``, ``12 min``, ``2 h 05 min``, ``3 d 4 h``."""
    return say(float(seconds), Unit.SECONDS)


@register.filter
def whole_percent(value: float) -> str:
    """``0.98`` as ``98 %``: a mark on a scale."""
    return say_short(value, Unit.SHARE)


@register.simple_tag
def interval(words: str) -> SafeString:
    """``98.1 % (97.0–99.0 %)`` with the interval on a line of its own, in a quieter voice."""
    value, _, rest = words.partition(" (")
    if not rest:
        return format_html("{}", value)
    return format_html('{}<span class="change__between">{}</span>', value, rest.removesuffix(")"))
