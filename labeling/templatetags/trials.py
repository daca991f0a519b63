"""Template tags of the screens about people's tests and queues."""

from __future__ import annotations

from django import template

from mlcore.percent import in_percent
from mlcore.schema import spec_for

register = template.Library()


@register.simple_tag
def share(value: float | None) -> str:
    """A share (0..1) in percent; a dash without one."""
    return in_percent(value)


@register.simple_tag
def field_label(name: str) -> str:
    """A field (without index) in words; a whole row is ``rows``."""
    try:
        return spec_for(name).label
    except KeyError:
        return "rows"
