"""Template tags that all screens share: icons, state chips, counts of the frame."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from invoices.models import Document, DocumentStatus
from invoices.selectors.failures import guide_for

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


@register.simple_tag
def sort_head(name: str, current: str, descending_first: bool = False) -> dict[str, str]:
    """For a column head: ``aria`` is its ``aria-sort`` (empty when the list is not sorted by it), ``next`` the ordering a click asks for."""
    up, down = name, f"-{name}"
    if current == up:
        return {"aria": "ascending", "next": down}
    if current == down:
        return {"aria": "descending", "next": up}
    return {"aria": "", "next": down if descending_first else up}


@register.simple_tag
def active_time(seconds: int) -> str:
    """Seconds as people say them: ``45 s``, ``12 min``, ``2 h 05 min``."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


@register.simple_tag
def remedy(code: str) -> str:
    """What to do about a failed document, beyond what its own sentence says: whether reading it again can help."""
    guide = guide_for(code)
    return guide.what_to_do if guide.retry_helps else "Reading the same file again will end the same way."


@register.simple_tag
def source_name(source: str) -> str:
    """How a document came in, as people say it."""
    return {"upload": "upload", "api": "the API", "command": "the command line", "folder": "the watched folder", "demo": "the demo set"}.get(source, source)


@register.simple_tag
def item_type(value: str) -> str:
    """The type of a line item in words: ``dme_rental`` is ``dme rental``."""
    return value.replace("_", " ") or "–"
