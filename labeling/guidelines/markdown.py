"""Markdown of guidelines as HTML. Raw HTML stays text, pictures are left out, addresses with a script in them are no links."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt


def html_of(text: str) -> SafeString:
    """The HTML of a guideline; safe to be put on a page, whatever the text: the parser lets no HTML through and checks links."""
    html: str = _parser().render(text)
    return SafeString(html)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
