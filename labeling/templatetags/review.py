"""Template tags of the screens of those who review."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from invoices.templatetags.screen import chip
from labeling.models import DoubtCause

register = template.Library()

CAUSE_CHIPS = {
    DoubtCause.CONTRADICTION.value: ("invalid", "invalid"),
    DoubtCause.CHECK.value: ("confirm", "warning"),
    DoubtCause.LOW.value: ("confirm", "confirm"),
    DoubtCause.PLACE.value: ("untouched", "search"),
    DoubtCause.MARKED.value: ("invalid", "flag"),
}
"""State (colour) and icon of every cause."""


@register.simple_tag
def cause_chip(cause: str) -> SafeString:
    """The chip of a cause of doubt."""
    made: SafeString = chip(*CAUSE_CHIPS[cause], DoubtCause(cause).label)
    return made


@register.simple_tag
def predicted_hours(hours: float) -> str:
    """Hours as people plan with them: ``20 minutes``, ``3.5 hours``, ``120 hours``."""
    if hours < 1:
        return f"{max(1, round(hours * 60))} minutes"
    return f"{hours:.1f} hours" if hours < 20 else f"{hours:.0f} hours"


@register.filter
def total_of(counts: Mapping[str, int]) -> int:
    """The number for all causes together."""
    return counts[""]
