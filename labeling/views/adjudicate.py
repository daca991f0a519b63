"""The adjudication screen (a frame: the case, words and images come through the API), and the list of adjudications."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from labeling.guidelines.fields import FIELDS
from labeling.models import DifferenceCause, TaskKind
from labeling.selectors.adjudications import TABS, AdjudicationFilter, adjudication_list, open_count
from labeling.views.label import screen_config


@role_required(Role.SENIOR)
@require_safe
@gzip_page
def adjudicate(request: HttpRequest, adjudication_id: int | None = None) -> HttpResponse:
    """The screen for one adjudication; without an id the script claims the best one. Runs no query of its own."""
    config: dict[str, Any] = screen_config(person(request), None)
    urls = {
        "adjudicate": reverse("adjudicate-next"),
        "case": reverse("adjudicate", args=[0]),
        "list": reverse("adjudications"),
        "guideline": reverse("guideline", args=["FIELD"]),
        "document": reverse("document", args=[0]),
    }
    context = {
        "section": "adjudicate",
        "config": {
            "adjudication": adjudication_id,
            "kind": TaskKind.ADJUDICATE.value,
            "causes": [{"value": value, "label": label} for value, label in DifferenceCause.choices],
            "schema": config["schema"],
            "urls": urls,
        },
    }
    return render(request, "labeling/adjudicate.html", context)


@role_required(Role.SENIOR)
@require_safe
def adjudications(request: HttpRequest) -> HttpResponse:
    """One page of adjudications; the address holds tab, filters, order and place."""
    user = person(request)
    wanted = AdjudicationFilter.from_address(request.GET.dict())
    listed = adjudication_list(user, wanted)
    context = {
        "section": "adjudicate",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, label in TABS.items()],
        "causes": DifferenceCause.choices,
        "fields": FIELDS.items(),
        "left": open_count(user),
    }
    return render(request, "labeling/adjudications.html", context)
