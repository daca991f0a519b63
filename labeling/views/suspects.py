"""Suspect gold: what speaks against a record, and what a senior says to it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.views.guards import person
from labeling.selectors.suspects import TABS, SuspectFilter, suspect_list
from labeling.suspects.deciding import MAX_NOTE, say_right, send_to_review
from labeling.views.changes import make_change
from labeling.views.review import for_reviewers


@for_reviewers
@require_safe
def suspects(request: HttpRequest) -> HttpResponse:
    """One page of suspect records; the address holds tab and place."""
    wanted = SuspectFilter.from_address(request.GET.dict())
    listed = suspect_list(wanted)
    context = {
        "section": "review",
        "part": "suspects",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, label in TABS.items()],
        "most": MAX_NOTE,
    }
    return render(request, "labeling/suspects.html", context)


@for_reviewers
@require_POST
def suspect_right(request: HttpRequest, gold_id: int) -> HttpResponse:
    """The record is right, for the reason that was typed."""
    note = request.POST.get("note", "")
    return _decided(request, lambda: say_right(user=person(request), gold_id=gold_id, note=note), "The record stays as it is.")


@for_reviewers
@require_POST
def suspect_review(request: HttpRequest, gold_id: int) -> HttpResponse:
    """Have the document looked at again."""
    return _decided(
        request,
        lambda: send_to_review(user=person(request), gold_id=gold_id),
        "The document is in the review queue. Its record stands until the review is submitted.",
    )


def _decided(request: HttpRequest, decide: Callable[[], object], said: str) -> HttpResponse:
    make_change(request, decide, said)
    return redirect("suspects")
