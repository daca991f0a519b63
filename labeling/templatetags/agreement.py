"""Figures of agreement as people read them: a value with its interval, or how much is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from invoices.templatetags.screen import chip
from labeling.agreement.method import TARGET
from labeling.views.agreement_chart import STRIP, Scale
from mlcore.percent import in_percent

register = template.Library()
Figure = Mapping[str, Any]


@register.filter
def percent(value: float | None) -> str:
    """``0.914`` as ``91.4 %``; what is not all never reads as all, what is not none never as none."""
    return in_percent(value)


@register.filter
def whole_percent(value: float) -> str:
    """``0.97`` as ``97 %``: a mark on a scale."""
    return f"{value * 100:.0f} %"


@register.filter
def of_figure(figures: Mapping[str, Any], name: str) -> Any:
    """A figure by its name; nothing where there is none."""
    return figures.get(name, {}) if isinstance(figures, Mapping) else {}


@register.simple_tag
def share(figure: Figure) -> SafeString:
    """A share with its interval, or how many documents there are of those that it takes."""
    if figure.get("value") is None:
        return _missing(figure)
    return format_html('<span class="figure">{}</span>{}', percent(figure["value"]), _interval(figure, 100, 1))


@register.simple_tag
def coefficient(figure: Figure) -> SafeString:
    """Kappa or alpha with its interval; a dash where all labels are one category."""
    if figure.get("value") is None and "floor" not in figure:
        return format_html('<span class="muted" title="{}">{}</span>', "Not defined: every label is the same category", "one category")
    if figure.get("value") is None:
        return _missing(figure)
    return format_html('<span class="figure">{}</span>{}', _signed(figure["value"]), _interval(figure, 1, 2))


@register.simple_tag
def against_target(figure: Figure) -> SafeString:
    """What the interval says about the target, as a chip."""
    made: SafeString
    low, high, goal = figure.get("low"), figure.get("high"), float(TARGET)
    if figure.get("value") is None or low is None or high is None:
        made = chip("untouched", "clock", "Not enough data")
    elif low >= goal:
        made = chip("confirmed", "confirmed", "Reaches the target")
    elif high < goal:
        made = chip("invalid", "warning", "Below the target")
    else:
        made = chip("untouched", "untouched", "Not decided yet")
    return made


@register.simple_tag
def strip(figure: Figure, scale: Scale) -> SafeString:
    """A share and its interval on a line with the target; the numbers stand beside it, so it says nothing to a screen reader."""
    goal = scale.at(float(TARGET))
    drawn = mark_safe("")
    if figure.get("value") is not None:
        low, high = (figure["value"] if figure.get(end) is None else figure[end] for end in ("low", "high"))
        drawn = format_html(
            '<line class="strip__interval" x1="{}" y1="12" x2="{}" y2="12"/><circle class="strip__value" cx="{}" cy="12" r="4"/>',
            scale.at(low),
            scale.at(high),
            scale.at(figure["value"]),
        )
    return format_html(
        '<svg class="strip" viewBox="0 0 {0} 24" width="{0}" height="24" aria-hidden="true">'
        '<line class="strip__base" x1="6" y1="12" x2="{1}" y2="12"/>'
        '<line class="strip__target" x1="{2}" y1="2" x2="{2}" y2="22"/>{3}</svg>',
        STRIP,
        STRIP - 6,
        goal,
        drawn,
    )


@register.filter
def heat(figure: Figure) -> str:
    """The step of a share in the heat map, 0 (reaches the target) to 3; nothing without a number."""
    value = figure.get("value")
    if value is None:
        return ""
    return next((str(step) for step, bound in enumerate((float(TARGET), 0.95, 0.9)) if value >= bound), "3")


def _missing(figure: Figure) -> SafeString:
    if not figure:
        return format_html('<span class="muted">{}</span>', "–")
    return format_html(
        '<span class="muted figure--missing">not enough data ({} of {})</span>', figure.get("n", 0), figure.get("floor", "–")
    )


def _interval(figure: Figure, times: int, places: int) -> SafeString:
    if figure.get("low") is None or figure.get("high") is None:
        return format_html("{}", "")
    low, high = (_signed(figure[end] * times, places) for end in ("low", "high"))
    return format_html(' <span class="figure__interval">{}{}{}</span>', low, " to " if "−" in low else "–", high)


def _signed(value: float, places: int = 2) -> str:
    return f"{value:.{places}f}".replace("-", "−")
