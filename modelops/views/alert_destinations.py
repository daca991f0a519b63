"""Where alerts are sent: adding, changing, trying, and what came of the newest messages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.alerts.destinations import Added, add_destination, change_destination, email_is_on, try_destination
from modelops.errors import ModelopsError, NotFound
from modelops.models import AlertDestination, AlertKind
from modelops.selectors.alerts import destinations, recent_deliveries
from modelops.views.changes import make_change

CHIPS = {"waiting": ("untouched", "clock"), "sent": ("confirmed", "confirmed"), "failed": ("invalid", "invalid")}


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_destinations(request: HttpRequest) -> HttpResponse:
    """The destinations; a new one is added here, and its secret stands on the answer alone."""
    if request.method != "POST":
        return _page(request)
    try:
        added = add_destination(
            user=person(request),
            channel=request.POST.get("channel", ""),
            address=request.POST.get("address", ""),
            kinds=request.POST.getlist("kinds"),
        )
    except ModelopsError as error:
        return _page(request, refusal=error.detail, status=error.status)
    if added.secret:
        return _page(request, added=added)
    messages.success(request, "Alerts are sent there from now on. Try it, so that you know that they arrive.")
    return redirect("alert-destinations")


@role_required(Role.ADMIN)
@require_POST
def alert_destination_change(request: HttpRequest, destination_id: int) -> HttpResponse:
    """Try it, switch it on or off, or give it another secret, by the button that was pressed."""
    what, user = request.POST.get("what", ""), person(request)
    if what == "new_secret":
        try:
            return _page(request, added=change_destination(user=user, destination_id=destination_id, new_key=True))
        except NotFound as error:
            raise Http404(error.detail) from error
    if what == "try":
        said = "A trial message is on its way. What comes of it stands below in a moment."
        make_change(request, lambda: try_destination(user=user, destination_id=destination_id), said)
    elif what in ("on", "off"):
        said = "Alerts are sent there again." if what == "on" else "Nothing is sent there any more."
        make_change(request, lambda: change_destination(user=user, destination_id=destination_id, active=what == "on"), said)
    else:
        messages.error(request, "Nothing was chosen, so nothing was changed.")
    return redirect("alert-destinations")


def _page(request: HttpRequest, *, added: Added | None = None, refusal: str = "", status: int = 200) -> HttpResponse:
    labels = dict(AlertKind.choices)
    context = {
        "section": "alerts",
        "part": "destinations",
        "rows": [(one, [labels[kind] for kind in one.kinds if kind in labels]) for one in destinations()],
        "deliveries": [(one, CHIPS[one.state]) for one in recent_deliveries()],
        "channels": AlertDestination.Channel.choices,
        "kinds": AlertKind.choices,
        "added": added,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "email_on": email_is_on(),
        "webhook_hosts": settings.WEBHOOK_HOSTS,
        "public_address": settings.PUBLIC_ADDRESS,
    }
    return render(request, "modelops/alert_destinations.html", context, status=status)
