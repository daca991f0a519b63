"""Template tags that all screens share: icons, state chips, counts of the frame."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from invoices.erasing import REMOVED
from invoices.models import Document, DocumentStatus
from invoices.selectors.failures import guide_for
from invoices.sheets import SHEETS
from mlcore.schema import ItemType

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

SOURCES = {"upload": "upload", "api": "the API", "command": "the command line", "folder": "the watched folder", "demo": "the demo set"}
MEDIA = {"application/pdf": "PDF", "image/png": "PNG image", "image/jpeg": "JPEG image", "image/tiff": "TIFF image"}
ITEM_TYPES: dict[str, str] = {
    ItemType.STANDARD_MEDICATION: "Standard",
    ItemType.COMPOUND_MEDICATION: "Compound",
    ItemType.DME_RENTAL: "DME rental",
    ItemType.BUNDLED_SERVICE: "Bundle",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """The icon ``name`` of ``countersign/icons.svg``. It says nothing to a screen reader: a word stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("countersign/icons.svg"), name)


@register.simple_tag
@cache
def sheets(name: str) -> SafeString:
    """The links to a set of ``invoices.sheets``: one where static files are collected into one, else one for each part."""
    files = (name,) if getattr(staticfiles_storage, "bundles_programs", False) else SHEETS[name]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(file),) for file in files))


@register.simple_tag
@cache
def chip(state: str, icon_name: str, word: str, busy: bool = False) -> SafeString:
    """A state as icon and word. ``state``: invalid | confirm | confirmed | untouched | info."""
    return format_html('<span class="chip chip--{}{}">{}{}</span>', state, " chip--busy" if busy else "", icon(icon_name), word)


@register.simple_tag
@cache
def status_chip(status: str) -> SafeString:
    """The chip of a document status."""
    state, icon_name = STATUS_CHIPS[status]
    return chip(state, icon_name, DocumentStatus(status).label, busy=status == DocumentStatus.PARSING)


@register.simple_tag
def failed_document_count() -> int:
    """How many documents failed and wait for somebody (one indexed count)."""
    return Document.objects.filter(status=DocumentStatus.FAILED).exclude(error_code=REMOVED).count()


@register.simple_tag
def sort_head(name: str, current: str, descending_first: bool = False) -> dict[str, str]:
    """For a column head: ``aria`` is its ``aria-sort`` (empty: not sorted by it), ``next`` the ordering a click asks for."""
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
    return SOURCES.get(source, source)


@register.simple_tag
def media_name(media_type: str) -> str:
    """The kind of a file, as people say it."""
    return MEDIA.get(media_type, media_type)


@register.simple_tag
def item_type(value: str) -> str:
    """The type of a line item in a word or two."""
    return ITEM_TYPES.get(value, "–")


@register.simple_tag
def money(value: str) -> str:
    """An amount for reading: ``25342.31`` is ``25,342.31``; a dash when there is none."""
    try:
        return f"{Decimal(value):,f}"
    except InvalidOperation:
        return value or "–"


@register.simple_tag
def idle_seconds() -> int:
    """After how long without activity a person is signed out."""
    return settings.SESSION_IDLE_SECONDS
