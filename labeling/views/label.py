"""The labeling screen. The page is a frame: tasks, words and images come through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from invoices.models import User
from labeling.assignment.strategies import kinds_for
from labeling.models import SkipReason, TaskKind
from labeling.preferences import DEFAULTS
from mlcore.confidence.doubts import CONFIDENT
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, FieldSpec, ItemType

_SCRIPTS = Path(__file__).resolve().parents[1] / "static" / "labeling" / "js"
MODULES = tuple(sorted(f"labeling/js/{path.name}" for path in _SCRIPTS.glob("*.js") if path.name != "label.js"))
"""Every module that the screen's script imports, fetched side by side where they are not one file."""

_ITEM_TYPES = {
    ItemType.STANDARD_MEDICATION: ("Standard medication", "Std", "S"),
    ItemType.COMPOUND_MEDICATION: ("Compound medication", "Comp", "C"),
    ItemType.DME_RENTAL: ("DME rental", "DME", "D"),
    ItemType.BUNDLED_SERVICE: ("Bundled service", "Bndl", "B"),
}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The work begins with the next document."""
    return redirect("label-next")


@require_safe
@login_required
@gzip_page
def label(request: HttpRequest, task_id: int | None = None) -> HttpResponse:
    """The screen for one task; without an id the script claims the best one. Runs no query of its own."""
    user = request.user
    assert isinstance(user, User)
    context = {
        "section": "label",
        "nav_extra": "labeling/nav_counter.html",
        "config": {**screen_config(user, task_id), "kind": _kind(request, user)},
        "skip_reasons": SkipReason.choices,
        "modules": () if getattr(staticfiles_storage, "bundles_programs", False) else MODULES,
    }
    return render(request, "labeling/label.html", context)


def _kind(request: HttpRequest, user: User) -> str | None:
    """The kind of tasks that the address narrows the work to (``?kind=review``), if this person is handed it."""
    kind = TaskKind.REVIEW.value
    return kind if request.GET.get("kind") == kind and kind in kinds_for(user.role) else None


def screen_config(user: User, task_id: int | None) -> dict[str, Any]:
    """What the script is told: fields as ``mlcore.schema`` defines them, the person, the preferences."""
    return {
        "task": task_id,
        "username": user.username,
        "role": user.role,
        "preferences": {**DEFAULTS, **user.preferences},
        "confident": CONFIDENT,
        "urls": {
            "task": reverse("label", args=[0]),
            "label": reverse("label-next"),
            "document": reverse("document", args=[0]),
            "documents": reverse("documents"),
            "queue": reverse("queue"),
            "sign_in": reverse("login"),
        },
        "schema": {
            "header": [_spec(spec) for spec in HEADER_FIELDS],
            "columns": [_spec(spec) for spec in LINE_ITEM_FIELDS],
            "item_types": [
                {"value": kind.value, "label": label, "short": short, "key": key} for kind, (label, short, key) in _ITEM_TYPES.items()
            ],
        },
    }


def _spec(spec: FieldSpec) -> dict[str, Any]:
    return {"name": spec.name, "kind": spec.kind.value, "label": spec.label, "hint": spec.hint, "critical": spec.critical}
