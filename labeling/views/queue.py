"""The queue: every task this person may see, and where it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.serving import accepts_documents
from invoices.views.guards import person, signed_in
from labeling.counters import counters
from labeling.models import TaskKind
from labeling.selectors.queue import TABS, QueueFilter, queue_list


@signed_in
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One page of the queue; the address holds tab, filters, order and place."""
    wanted = QueueFilter.from_address(request.GET.dict())
    listed = queue_list(person(request), wanted)
    context = {
        "section": "queue",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, label in TABS.items()],
        "kinds": [(kind.value, kind.label) for kind in TaskKind if person(request).has_role(Role.SENIOR) or kind == TaskKind.LABEL],
        "uncertified": not accepts_documents(),
        "counters": counters(person(request)),
    }
    return render(request, "labeling/queue.html", context)
