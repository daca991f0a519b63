"""Which vendors are held out, why, and putting new ones on a side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.datasets.sides import MAX_REASON, assign_side
from modelops.models import Side
from modelops.selectors.vendor_sides import TABS, side_list
from modelops.views.changes import make_change


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def vendor_sides(request: HttpRequest) -> HttpResponse:
    """Vendors of one side; the address holds side, search and place."""
    if request.method == "POST":
        return _assigned(request)
    found = side_list(request.GET.dict())
    context = {
        "section": "datasets",
        "found": found,
        "listed": found,
        "total": None if found.text else found.counts[found.tab],
        "tabs": [(tab, label, found.counts[tab]) for tab, label in TABS.items()],
        "sides": Side.choices,
        "most": MAX_REASON,
    }
    return render(request, "modelops/vendor_sides.html", context)


def _assigned(request: HttpRequest) -> HttpResponse:
    typed, side, reason = (request.POST.get(name, "")[:600] for name in ("vendor", "side", "reason"))
    vendor = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    label = dict(Side.choices).get(side, "")
    said = f"{label}: this vendor, and all that belong together with it, from the next data set on."
    make_change(request, lambda: assign_side(by=person(request), vendor_id=vendor, side=side, reason=reason), said)
    tab = request.GET.get("side", "")
    return redirect(f"{reverse('vendor-sides')}?side={tab}" if tab in TABS else "vendor-sides")
