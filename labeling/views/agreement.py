"""Agreement, for seniors and admins: the figures, by vendor, by labeler, and the documents behind them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from labeling.agreement.export import TABLES
from labeling.agreement.method import TARGET, method
from labeling.agreement.slices import Kind
from labeling.guidelines.fields import FIELDS
from labeling.selectors.agreement import PREFILL_NAMES, Newer, Overview, Scope, count_newer, month_name, overview
from labeling.selectors.agreement_documents import PairFilter, pair_page
from labeling.selectors.agreement_lists import MOST_PEOPLE, heat_map, listed, month_choices, pair_choices
from labeling.selectors.documents import vendor_choices
from labeling.views.agreement_chart import SERIES, strip_scale, trend
from mlcore.agreement.counting import CELLS
from mlcore.agreement.figures import FLOOR

HEADLINE = {
    "exact": ("Documents exact", "Nothing differs in the whole document", "differing=1"),
    "critical": ("All critical fields", "No field that decides about the payment differs", "critical=1"),
    "values": ("All values", "Share of single values that are the same, rows of one side included", "differing=1"),
}
ROWS = {
    "row_f1": ("Rows", "F1: twice the matched rows of all rows of both", "field=line_items"),
    "cells": ("Cells of matched rows", "Same cells of those that either has", "differing=1"),
    "row_count": ("Row count", "Documents with as many rows on both sides", "field=line_items"),
}
MAPPED = {"exact": "Documents exact", "critical": "All critical fields", "values": "All values"}


@role_required(Role.SENIOR)
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """The figures of everything, or of the vendor, pair, class of pre-fill or months in the address."""
    found = overview(Scope.from_address(request.GET.dict()))
    figures = found.statistics.to_json()
    asked = found.scope.to_json()
    context = {
        **_shared("overview", found.newer),
        "found": found,
        "figures": figures,
        "scale": strip_scale([figures[name] for name in HEADLINE] + [part.figures.get("exact", {}) for part in found.parts]),
        "headline": [(label, note, figures[name], _documents(asked, more)) for name, (label, note, more) in HEADLINE.items()],
        "rows": [(label, note, figures[name], _documents(asked, more)) for name, (label, note, more) in ROWS.items()],
        "sets": [("Line type", figures["item_type"]), ("Vendor", figures["vendor"])],
        "groups": _groups(found, figures, asked),
        "parts": [(PREFILL_NAMES[part.key], part, f"?prefill={part.key}") for part in found.parts],
        "trend": trend(found.periods, found.period) if found.periods else None,
        "series": SERIES.items(),
        "documents_address": _documents(asked, ""),
        "months": [(part.key, month_name(part.key)) for part in reversed(found.months)],
        "method": method(two_people=found.two_people),
        "export": urlencode({"table": "fields", **asked}),
    }
    return render(request, "labeling/agreement.html", context)


@role_required(Role.SENIOR)
@require_safe
def agreement_vendors(request: HttpRequest) -> HttpResponse:
    """Vendors in pages, the worst with enough data first."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = listed(Kind.VENDOR, cursor=request.GET.get("cursor", ""), text=text)
    context = {**_shared("vendors", count_newer()), "listed": page, "text": text, "export": "table=vendors"}
    return render(request, "labeling/agreement_vendors.html", context)


@role_required(Role.SENIOR)
@require_safe
def agreement_labelers(request: HttpRequest) -> HttpResponse:
    """Everybody against everybody, and the pairs of people in pages."""
    figure = request.GET.get("figure", "")
    figure = figure if figure in MAPPED else "exact"
    context = {
        **_shared("labelers", count_newer()),
        "map": heat_map(figure),
        "figure": figure,
        "figures": MAPPED.items(),
        "figure_name": MAPPED[figure],
        "most": MOST_PEOPLE,
        "listed": listed(Kind.PAIR, cursor=request.GET.get("cursor", "")),
        "export": "table=pairs",
    }
    return render(request, "labeling/agreement_labelers.html", context)


@role_required(Role.SENIOR)
@require_safe
def agreement_documents(request: HttpRequest) -> HttpResponse:
    """The documents behind a number, newest first; the address holds filters and place."""
    wanted = PairFilter.from_address(request.GET.dict())
    asked = wanted.to_json()
    context = {
        **_shared("documents", count_newer()),
        "wanted": wanted,
        "listed": pair_page(wanted),
        "vendors": vendor_choices(),
        "pairs": pair_choices(),
        "prefills": PREFILL_NAMES.items(),
        "fields": FIELDS.items(),
        "months": [(month, month_name(month)) for month in month_choices()],
        "export": urlencode({"table": "documents", **{name: "true" if value is True else value for name, value in asked.items()}}),
    }
    return render(request, "labeling/agreement_documents.html", context)


def _shared(part: str, newer: Newer) -> dict[str, Any]:
    return {
        "section": "agreement",
        "part": part,
        "newer": newer.left,
        "stuck": newer.stuck,
        "floor": FLOOR,
        "target": float(TARGET),
        "tables": list(TABLES),
    }


def _documents(asked: dict[str, Any], more: str) -> str:
    """The query of the documents behind a number."""
    return "&".join(part for part in (urlencode(asked), more) if part)


def _groups(found: Overview, figures: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The fields in reading order, the cells of line items apart, each with the coefficient that stands for these pairs."""
    name = "kappa" if found.two_people else "alpha"
    groups: dict[str, list[dict[str, Any]]] = {"Header": [], "Cells of matched rows": []}
    for field in figures["fields"]:
        group = groups["Cells of matched rows" if field["name"] in CELLS else "Header"]
        told = {
            **field,
            "label": FIELDS[field["name"]].removeprefix("Line item: "),
            "coefficient": field["presence"][name],
            "differing": sum(n for key, n in field["counts"].items() if key not in ("same", "both_absent")),
            "documents": _documents(asked, urlencode({"field": field["name"]})),
        }
        group.append(told)
    return list(groups.items())
