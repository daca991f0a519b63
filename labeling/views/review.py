"""The review queue: what is doubted, worst and most valuable first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.views.guards import person, signed_in
from labeling.assignment.strategies import kinds_for
from labeling.models import DoubtCause, TaskKind
from labeling.pausing.advice import recommended_count
from labeling.selectors.review_queue import FIELDS, ReviewFilter, review_list

View = Callable[..., HttpResponseBase]


def for_reviewers(view: View) -> View:
    """Sends who is not signed in to the sign-in page and answers 403 to a role that is handed no reviews."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = person(request)
        if TaskKind.REVIEW.value not in kinds_for(user.role):
            raise PermissionDenied(
                f"This is for the roles that review, senior biller and administrator. Yours is {user.get_role_display().lower()}."
            )
        return view(request, *args, **kwargs)

    return signed_in(guarded)


@for_reviewers
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """One page of the review queue; the address holds filters, order and place."""
    wanted = ReviewFilter.from_address(request.GET.dict())
    listed = review_list(person(request), wanted)
    causes = [("", "All"), *DoubtCause.choices]
    context = {
        "section": "review",
        "part": "queue",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.cause],
        "hours": listed.hours(wanted.cause),
        "tabs": [(cause, label, listed.counts[cause]) for cause, label in causes],
        "pauses": recommended_count(),
        "fields": [(name, label) for name, label in FIELDS.items() if name],
    }
    return render(request, "labeling/review.html", context)
