"""Template tags of the screens of people's quality: figures in words, and as bars."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from labeling.selectors.quality_scale import Scale
from mlcore.agreement.figures import Figure, Measured
from mlcore.percent import in_percent
from mlcore.percent import percent as one_decimal
from mlcore.percent import points as as_points

register = template.Library()

_BAR = (
    '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="bar__track" width="100" height="10"/><rect class="bar__interval" x="{}" y="2" width="{}" height="6"/>'
    '<rect class="bar__value" x="{}" width="1.2" height="10"/></svg>'
)


@register.simple_tag
def percent(figure: Figure) -> str:
    """``96.4 %``; a dash where there is not enough data."""
    return in_percent(figure.value if isinstance(figure, Measured) else None)


@register.simple_tag
def between(figure: Figure) -> str:
    """The interval in words, or how much is missing: ``93.1 to 98.2 %``, ``not enough data (7 of 20)``."""
    if not isinstance(figure, Measured):
        return f"not enough data ({figure.n} of {figure.floor})"
    if figure.low is None or figure.high is None:
        return "no interval"
    return f"{one_decimal(figure.low)} to {in_percent(figure.high)}"


@register.simple_tag
def points(figure: Figure) -> str:
    """A difference of shares: ``+3.2 points (-1.0 to +7.4)``."""
    if not isinstance(figure, Measured):
        return f"not enough data ({figure.n} of {figure.floor})"
    value = as_points(figure.value)
    if figure.low is None or figure.high is None:
        return f"{value} points"
    return f"{value} points ({as_points(figure.low)} to {as_points(figure.high)})"


@register.simple_tag
def interval_bar(figure: Figure, scale: Scale) -> SafeString:
    """The figure as a bar; the numbers stand beside it, so it says nothing to a screen reader. Nothing where data is short."""
    bar = scale.bar(figure)
    if bar is None:
        return SafeString("")
    return format_html(_BAR, bar.left, bar.width, max(0.0, min(98.8, bar.at - 0.6)))


@register.filter
def measured(figure: Figure) -> bool:
    """Whether there is enough data."""
    return isinstance(figure, Measured)
