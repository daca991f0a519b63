"""Training runs: a page of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from modelops.models import DatasetVersion
from modelops.selectors.run_comparison import LEAST, MOST
from modelops.selectors.runs import TABS, RunFilter, run_list


@role_required(Role.ADMIN)
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The newest first; the address holds tab, data set and place. Two to six are chosen to be compared."""
    wanted = RunFilter.from_address(request.GET.dict())
    listed = run_list(wanted)
    context = {
        "section": "runs",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, (label, _) in TABS.items()],
        "least": LEAST,
        "most": MOST,
        "any_open": any(row.is_open for row in listed.rows),
        "has_datasets": bool(listed.rows) or DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).exists(),
    }
    return render(request, "modelops/runs.html", context)
