"""Every address of the product, from its URLconf."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The routes below a resolver, as they are written."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            assert isinstance(entry, URLPattern)
            yield route
