"""Which kind of answer is given: each address has one kind, so what a client would like best never refuses it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class OneKindEach(DefaultContentNegotiation):
    """Without this a picture asked for as ``image/webp``, or an export asked for as ``text/csv``, would be refused:
    renderers are for JSON, and pictures, files and exports are written without one.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer that fits ``Accept``, else the first."""
        able: Sequence[BaseRenderer] = list(renderers)
        try:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, able, format_suffix)
        except NotAcceptable:
            return able[0], str(able[0].media_type)
        return chosen
