"""Whether a task is late, for templates."""

from __future__ import annotations

from django import template
from django.utils import timezone

from labeling.due import standing
from labeling.models import LabelingTask

register = template.Library()


@register.simple_tag
def due_standing(task: LabelingTask) -> str:
    """``over``, ``soon`` or ``""``."""
    return standing(task, timezone.now())
