"""The number of open alerts, for the frame of every page that an admin sees."""

from __future__ import annotations

from django import template

from modelops.selectors.alerts import open_alert_count as count

register = template.Library()


@register.simple_tag
def open_alert_count() -> int:
    """How many alerts nobody has seen to (one indexed count)."""
    return count()
