"""Guidelines: what holds for each field, how it came about, and writing the next version."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from invoices.models import Role
from invoices.views.guards import needs_role, person, signed_in
from labeling.errors import GuidelineChanged, LabelingError
from labeling.guidelines.fields import FIELDS
from labeling.guidelines.markdown import html_of
from labeling.guidelines.writing import MAX_TEXT, mark_read, write_guideline
from labeling.models import Ruling
from labeling.selectors.guidelines import guideline_history, newest_guidelines, unread_guidelines


@signed_in
@require_safe
def guidelines(request: HttpRequest) -> HttpResponse:
    """Every field with its guideline. Having been here counts as having read them."""
    user = person(request)
    found, unread = newest_guidelines(), {guideline.field for guideline in unread_guidelines(user)}
    if found:
        mark_read(user=user, last=max(guideline.pk for guideline in found.values()))
    entries = [
        {
            "field": field,
            "label": label,
            "guideline": found.get(field),
            "html": html_of(found[field].text) if field in found else "",
            "is_new": field in unread,
        }
        for field, label in FIELDS.items()
    ]
    written = [entry for entry in entries if entry["guideline"]]
    missing = [entry for entry in entries if not entry["guideline"]]
    context = {"section": "guidelines", "written": written, "missing": missing, "writes": user.has_role(Role.SENIOR)}
    return render(request, "labeling/guidelines.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def guideline(request: HttpRequest, field: str) -> HttpResponse:
    """One field's guideline with its history; seniors write the next version here. ``?ruling=`` brings a ruling along."""
    if field not in FIELDS:
        raise Http404(f"There is no field {field}.")
    user = person(request)
    writes = user.has_role(Role.SENIOR)
    if request.method == "POST":
        if not writes:
            raise needs_role(Role.SENIOR, user)
        return _write(request, field)
    return _show(request, field, _drafted(field, request.GET.get("ruling", "")) if writes else None)


def _write(request: HttpRequest, field: str) -> HttpResponse:
    text, version, ruling = (request.POST.get(name, "") for name in ("text", "version", "ruling"))
    rulings = [int(ruling)] if _is_id(ruling) else []
    try:
        written = write_guideline(
            user=person(request), field=field, text=text, version=int(version) if _is_id(version) else 0, rulings=rulings
        )
    except LabelingError as error:
        messages.error(request, error.detail)
        newest = error.extra["current"]["version"] if isinstance(error, GuidelineChanged) else version
        return _show(request, field, {"text": text, "version": newest, "ruling": ruling}, status=error.status)
    messages.success(request, f"The guideline for {FIELDS[field]} is version {written.version} now. Labelers are told that it changed.")
    return redirect("guideline", field)


def _show(request: HttpRequest, field: str, draft: dict[str, object] | None, status: int = 200) -> HttpResponse:
    history = guideline_history(field)
    newest = history[0].guideline if history else None
    context = {
        "section": "guidelines",
        "field": field,
        "label": FIELDS[field],
        "newest": newest,
        "html": html_of(newest.text) if newest else "",
        "history": history,
        "draft": draft,
        "most": MAX_TEXT,
    }
    return render(request, "labeling/guideline.html", context, status=status)


def _drafted(field: str, ruling_id: str) -> dict[str, object]:
    """The text to go on writing from: the newest version, and the ruling as one more line of it."""
    newest = newest_guidelines([field]).get(field)
    text = newest.text if newest else ""
    ruling = Ruling.objects.select_related("vendor").filter(pk=int(ruling_id), field=field).first() if _is_id(ruling_id) else None
    if ruling is not None:
        vendor = f"{ruling.vendor.name}: " if ruling.vendor else ""
        what = (
            f"`{ruling.value}`"
            if ruling.value and field != "line_items"
            else "not on the document"
            if not ruling.value
            else "the row counts"
        )
        text = f"{text.rstrip()}\n- {vendor}{what}{f'. {ruling.reason}' if ruling.reason else ''}\n".lstrip("\n")
    return {"text": text, "version": newest.version if newest else 0, "ruling": ruling.pk if ruling else ""}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
