"""Template tags that all screens share: icons, state chips, counts of the frame."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from invoices.models import Document, DocumentStatus

register = template.Library()

STATUS_CHIPS: dict[str, tuple[str, str]] = {
    DocumentStatus.RECEIVED: ("untouched", "clock"),
    DocumentStatus.PARSING: ("info", "busy"),
    DocumentStatus.PREFILLED: ("confirm", "pencil"),
    DocumentStatus.LABELED: ("info", "check"),
    DocumentStatus.GOLD: ("confirmed", "confirmed"),
    DocumentStatus.FAILED: ("invalid", "invalid"),
}
"""State (colour) and icon of every document status."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon ``name`` of ``countersign/icons.svg``. It says nothing to a screen reader: a word stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("countersign/icons.svg"), name)


@register.simple_tag
def chip(state: str, icon_name: str, word: str, busy: bool = False) -> SafeString:
    """A state as icon and word. ``state``: invalid | confirm | confirmed | untouched | info."""
    return format_html('<span class="chip chip--{}{}">{}{}</span>', state, " chip--busy" if busy else "", icon(icon_name), word)


@register.simple_tag
def status_chip(status: str) -> SafeString:
    """The chip of a document status."""
    state, icon_name = STATUS_CHIPS[status]
    return chip(state, icon_name, DocumentStatus(status).label, busy=status == DocumentStatus.PARSING)


@register.simple_tag
def failed_document_count() -> int:
    """How many documents failed and wait for somebody (one indexed count)."""
    return Document.objects.filter(status=DocumentStatus.FAILED).count()
