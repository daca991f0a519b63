"""Data set versions: the list with the form for a new one, one version, two beside each other, and files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.datasets.collecting import MAX_NOTE, collect, newest_frozen, version_numbered
from modelops.datasets.export import export
from modelops.errors import ModelopsError, NotFound, RequestInvalid
from modelops.models import DatasetVersion, Side
from modelops.selectors.dataset_diff import KINDS, dataset_diff
from modelops.selectors.datasets import dataset_list, dataset_page, version_before

MOST_PARENTS = 30
"""Versions that the form offers to merge with, the newest first."""


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def datasets(request: HttpRequest) -> HttpResponse:
    """The versions, and a form for a new one."""
    if request.method != "POST":
        return _list(request, {})
    typed = {name: request.POST.get(name, "").strip()[:600] for name in ("since", "parent", "synthetic", "note")}
    try:
        version = _collect(request, typed)
    except ModelopsError as error:
        return _list(request, typed, error)
    return redirect("dataset", version.number)


@role_required(Role.ADMIN)
@require_safe
def dataset(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what is in it, what is not and why, where it comes from, what used it."""
    page = dataset_page(_numbered(number), request.GET.get("side", ""), request.GET.get("cursor", ""))
    version = page.version
    counts = version.counts.get("sides", {})
    sides = [(side, counts.get(side.value, {}), _types(counts.get(side.value, {}))) for side in Side]
    context = {
        "section": "datasets",
        "page": page,
        "version": version,
        "sides": sides,
        "tabs": [(side.value, side.label, counts.get(side.value, {}).get("gold", 0)) for side in Side],
        "listed": page.lineage,
        "total": counts.get(page.side, {}).get("gold", 0),
        "others": list(_frozen().exclude(pk=version.pk)[:MOST_PARENTS]),
        "parts": [
            ("lineage", "Where it comes from (CSV)"),
            ("dataset", "Description (JSON)"),
            *((s.value, f"{s.label} (JSON Lines)") for s in Side),
        ],
    }
    return render(request, "modelops/dataset.html", context)


@role_required(Role.ADMIN)
@require_safe
def dataset_difference(request: HttpRequest, number: int) -> HttpResponse:
    """A version beside another one."""
    version, text = _numbered(number), request.GET.get("against", "")
    against = _against(text) or version_before(version)
    if against is None:
        raise Http404(f"There is no data set before {number} to compare it with.")
    found = dataset_diff(version, against, request.GET.get("kind", ""), request.GET.get("cursor", ""))
    context = {
        "section": "datasets",
        "version": version,
        "against": against,
        "found": found,
        "listed": found.page,
        "total": found.counts[found.kind],
        "tabs": [(kind, label, found.counts[kind]) for kind, label in KINDS.items()],
        "others": list(_frozen().exclude(pk=version.pk)[:MOST_PARENTS]),
    }
    return render(request, "modelops/dataset_diff.html", context)


@role_required(Role.ADMIN)
@require_safe
def dataset_export(request: HttpRequest, number: int) -> HttpResponse | StreamingHttpResponse:
    """A part of a version as a file; refused parts are not found."""
    version, part = _numbered(number), request.GET.get("part", "lineage")
    try:
        media_type, name, lines = export(version, part)
    except ModelopsError as error:
        raise Http404(error.detail) from error
    record(Action.DATASET_EXPORTED, actor=person(request), object=Target("dataset", version.pk), after={"part": part})
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(), content_type=media_type, headers=headers)


def _collect(request: HttpRequest, typed: dict[str, str]) -> DatasetVersion:
    try:
        since = dt.date.fromisoformat(typed["since"]) if typed["since"] else None
    except ValueError as error:
        raise RequestInvalid(
            "since_invalid", f"{typed['since'][:20]!r} is no day; choose one from the calendar, or none for all."
        ) from error
    if typed["synthetic"] and not (typed["synthetic"].isascii() and typed["synthetic"].isdigit()):
        raise RequestInvalid("synthetic_invalid", f"{typed['synthetic'][:20]!r} is no number of synthetic documents; 0 is none.")
    parent = _against(typed["parent"])
    synthetic = {"train": int(typed["synthetic"][:9])} if typed["synthetic"] else None
    return collect(by=person(request), since=since, parent=parent, synthetic=synthetic, note=typed["note"])


def _list(request: HttpRequest, typed: dict[str, str], error: ModelopsError | None = None) -> HttpResponse:
    page = dataset_list(request.GET.get("cursor", ""))
    newest = newest_frozen()
    context: dict[str, Any] = {
        "section": "datasets",
        "listed": page,
        "total": DatasetVersion.objects.count(),
        "parents": list(_frozen()[:MOST_PARENTS]),
        "typed": typed or _usual(newest),
        "refusal": error.detail if error else "",
        "today": dt.datetime.now(dt.UTC).date(),
        "most_note": MAX_NOTE,
        "underway": any(version.state == DatasetVersion.State.COLLECTING for version in page.rows),
    }
    return render(request, "modelops/datasets.html", context, status=error.status if error else 200)


def _usual(newest: DatasetVersion | None) -> dict[str, str]:
    """What the form begins with: everything the first time, then what was confirmed since, merged with what was there."""
    if newest is None:
        return {"synthetic": "0"}
    return {"since": newest.created_at.date().isoformat(), "parent": str(newest.number), "synthetic": "0"}


def _frozen() -> Any:
    return DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).defer("counts", "plan", "left_out").order_by("-number")


def _numbered(number: int) -> DatasetVersion:
    version = DatasetVersion.objects.select_related("parent", "same_as", "created_by").filter(number=number).first()
    if version is None:
        raise Http404(f"There is no data set {number}.")
    return version


def _against(text: str) -> DatasetVersion | None:
    """The version with this number; none for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    try:
        return version_numbered(int(text))
    except NotFound as error:
        raise Http404(error.detail) from error


def _types(counts: dict[str, Any]) -> list[tuple[str, int]]:
    return sorted(counts.get("line_types", {}).items(), key=lambda one: (-one[1], one[0]))
