"""One shadow run as it is read: how far it is, what came of it, and the documents that would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from modelops.deployment.shadow_summary import summarise
from modelops.models import ShadowDocument, ShadowRun

PAGE = 50
SHOWS = ("changed", "won", "lost", "routes", "all")


@dataclass(frozen=True)
class ShadowView:
    """``summary`` is that of what was read so far while the run goes on."""

    run: ShadowRun
    read: int
    summary: dict[str, Any]

    @property
    def under_way(self) -> bool:
        """Whether more is coming."""
        return self.run.state in (ShadowRun.State.QUEUED, ShadowRun.State.RUNNING)

    @property
    def chosen(self) -> int:
        """How many documents are read altogether."""
        return len(self.run.chosen) or self.run.wanted


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """Documents of a run, the newest first; ``after`` is the id to go on from, 0 at the end."""

    rows: Sequence[ShadowDocument]
    after: int


def shadow_view(run: ShadowRun) -> ShadowView:
    """Up to four statements; work grows with the documents of the run (``shadow.MOST_DOCUMENTS``) while it goes on."""
    summary = run.summary if run.state == ShadowRun.State.FINISHED else summarise(run)
    return ShadowView(run, int(summary.get("documents", 0)), summary)


def shadow_documents(run: ShadowRun, *, show: str = "changed", after: int = 0) -> DocumentsPage:
    """One page: one statement. ``show`` is one of ``SHOWS``."""
    rows = ShadowDocument.objects.filter(run=run).select_related("document__vendor").defer("document__text_signature")
    chosen = {
        "changed": ~Q(changed=[]),
        "won": Q(won__gt=0),
        "lost": Q(lost__gt=0),
        "routes": ~Q(route_before=F("route_after")),
    }
    rows = rows.filter(chosen.get(show, Q()))
    found = list((rows.filter(document_id__lt=after) if after else rows).order_by("-document_id")[: PAGE + 1])
    return DocumentsPage(found[:PAGE], found[PAGE - 1].document_id if len(found) > PAGE else 0)
