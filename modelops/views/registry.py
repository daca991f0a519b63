"""The registry: the models of the station, and everything about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from labeling.guidelines.markdown import html_of
from mlcore.evaluation.report.wording import field_label
from mlcore.gate import State
from modelops.errors import NotFound, Refused
from modelops.folders import artifacts_folder, evaluation_folder
from modelops.gate.champion import present_champion
from modelops.gate.overriding import LEAST_REASON, MOST_REASON, override
from modelops.gate.policies import MEASURE_LABELS
from modelops.models import DatasetVersion, GateResult, ModelEvaluation, ModelVersion
from modelops.registry.asking import ask_for_evaluation
from modelops.registry.evidence import REPORT
from modelops.registry.registering import register_named
from modelops.registry.retiring import retire, take_back
from modelops.registry.verifying import verify
from modelops.selectors.model_page import ModelFacts, find_model, judgeable_versions, model_facts
from modelops.selectors.models import ModelFilter, model_list, rows_of
from modelops.selectors.serving import model_serving
from modelops.selectors.vendor_names import vendor_names
from modelops.views.changes import make_change
from modelops.views.model_charts import histogram_of, reliability_of, vendors_of

TABS = (("", "All"), *ModelVersion.State.choices)
_MEASURES = ("field_accuracy", "guide_accuracy", "end_to_end", "payment_right", "rows_right", "anls")


@role_required(Role.ADMIN)
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """One page of the models; the address holds state and place."""
    wanted = ModelFilter.from_address(request.GET.dict())
    listed = model_list(wanted)
    context = {
        "section": "models",
        "wanted": wanted,
        "listed": listed,
        "total": listed.total,
        "measure": MEASURE_LABELS[listed.measure],
        "tabs": TABS,
        "folder": artifacts_folder(),
    }
    return render(request, "modelops/models.html", context)


@role_required(Role.ADMIN)
@require_POST
def model_register(request: HttpRequest) -> HttpResponse:
    """Bring in the artifact in a folder of the station."""
    made: list[ModelVersion] = []
    name = request.POST.get("folder", "").strip()

    def bring_in() -> None:
        try:
            made.append(register_named(name, by=person(request)))
        except NotFound as error:  # a name that was mistyped, not an address that does not exist
            raise Refused(error.code, error.detail) from error

    make_change(request, bring_in, f"{name} was verified and is in the registry.")
    return redirect("model", made[0].number) if made else redirect("models")


@role_required(Role.ADMIN)
@require_safe
def model(request: HttpRequest, number: int) -> HttpResponse:
    """Everything about one model; its files are verified now."""
    found = _found(number)
    facts = model_facts(found, _version(request.GET.get("data_set", "")))
    return render(request, "modelops/model.html", _context(facts))


@role_required(Role.ADMIN)
@require_POST
def model_evaluate(request: HttpRequest, number: int) -> HttpResponse:
    """Have a worker evaluate the model and ask the gate."""
    found, dataset = _found(number), _version(request.POST.get("data_set", ""))
    if dataset is None:
        make_change(request, lambda: _refuse("Choose a data set version that has held-out documents."))
    else:
        said = "It is evaluated as soon as a training worker is free; the gate is asked right after."
        make_change(request, lambda: ask_for_evaluation(found, dataset, by=person(request)), said)
    return redirect("model", number)


@role_required(Role.ADMIN)
@require_POST
def model_state(request: HttpRequest, number: int) -> HttpResponse:
    """Put a model away, or take it back."""
    _found(number)
    if request.POST.get("state") == ModelVersion.State.RETIRED:
        make_change(request, lambda: retire(number, by=person(request)), f"Model {number} is retired. Take it back whenever you like.")
    else:
        make_change(request, lambda: take_back(number, by=person(request)), f"Model {number} is a candidate again.")
    return redirect("model", number)


@role_required(Role.ADMIN)
@require_POST
def model_override(request: HttpRequest, number: int) -> HttpResponse:
    """Let the model through although its newest verdict says no."""
    text = request.POST.get("result", "")
    result = GateResult.objects.filter(model=_found(number), pk=int(text) if text.isdecimal() and len(text) < 18 else 0).first()
    if result is None:
        raise Http404("There is no such verdict.")
    said = f"Model {number} may serve by your word. It stands in the trail."
    make_change(request, lambda: override(result, request.POST.get("reason", ""), person(request)), said)
    return redirect("model", number)


@role_required(Role.ADMIN)
@require_safe
def model_report(request: HttpRequest, number: int) -> HttpResponseBase:
    """The report of an evaluation as a file: it has styles of its own, which a page of the station may not."""
    rows = ModelEvaluation.objects.filter(model=_found(number)).order_by("-dataset__number")
    version = _version(request.GET.get("data_set", ""))
    row = (rows.filter(dataset=version) if version is not None else rows).first()
    path = evaluation_folder(row) / REPORT if row is not None else None
    if path is None or not path.is_file():
        raise Http404(f"There is no report about model {number}; evaluate it first.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"model-{number}.html", content_type="text/html; charset=utf-8")


def _context(facts: ModelFacts) -> dict[str, Any]:
    found, evidence = facts.model, facts.evidence
    verified = verify(found)
    [row] = rows_of([found], facts.policy, present_champion())
    known = evidence.get("evaluation", {})
    names = _names(facts, known)
    checks = [_said(check, names) for check in _checks(facts)]
    return {
        "section": "models",
        "facts": facts,
        "model": found,
        "row": row,
        "shown": facts.evaluations[0] if facts.evaluations else None,
        "verified": verified,
        "reasons": [*([verified.problem] if verified.problem else []), *facts.standing.reasons],
        "result": facts.results[0] if facts.results else None,
        "checks": checks,
        "against": [check for check in checks if check["state"] in (State.FAILED, State.UNKNOWN)],
        "serving": model_serving(found),
        "overridable": _overridable(facts),
        "least": LEAST_REASON,
        "most": MOST_REASON,
        "measures": [(name, known["overall"].get(name)) for name in _MEASURES] if known else [],
        "fields": known.get("fields", []),
        "line_types": known.get("line_types", []),
        "line_items": known.get("line_items"),
        "charts": [reliability_of(evidence), histogram_of(evidence)] if evidence else [],
        "vendors": vendors_of(evidence, names, facts.policy["accuracy"]) if known else None,
        "trained_names": sorted(names.get(key, key) for key in found.trained_vendors[:200]),
        "versions": judgeable_versions(),
        "card": _card(found.card),
        "measure": MEASURE_LABELS[facts.policy["measure"]],
    }


def _card(text: str) -> SafeString:
    """Its headings below those of the page."""
    html = str(html_of(text))
    for level in (4, 3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return SafeString(html)


def _names(facts: ModelFacts, known: Mapping[str, Any]) -> dict[str, str]:
    shown = [one["name"] for one in known.get("groups", []) if one["kind"] == "vendor"]
    judged = [str(check["code"]).removeprefix("vendor:") for check in _checks(facts) if str(check["code"]).startswith("vendor:")]
    return vendor_names([*facts.model.trained_vendors[:200], *shown, *judged])


def _said(check: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A check with the names that people know instead of keys, and without its title in its sentence."""
    kind, _, key = str(check["code"]).partition(":")
    title, sentence = str(check["title"]), str(check["sentence"])
    shown = f"Critical field: {field_label(key)}" if kind == "field" else f"Vendor {names.get(key, key)}" if kind == "vendor" else title
    rest = sentence.removeprefix(f"{title}: ") if kind in ("field", "vendor") else sentence
    if kind == "vendor" and rest.startswith(f"{key} has "):
        rest = f"It{rest.removeprefix(key)}"
    return {**check, "title": shown, "sentence": rest}


def _checks(facts: ModelFacts) -> list[dict[str, Any]]:
    return list(facts.results[0].verdict.get("checks", [])) if facts.results else []


def _overridable(facts: ModelFacts) -> bool:
    """Whether an admin's word would change anything now."""
    standing = facts.standing
    if standing.result is None or standing.stale or standing.override is not None:
        return False
    return not standing.result.passed or bool(facts.model.removed_documents)


def _found(number: int) -> ModelVersion:
    try:
        return find_model(number)
    except NotFound as error:
        raise Http404(error.detail) from error


def _version(text: str) -> DatasetVersion | None:
    return DatasetVersion.objects.filter(number=int(text)).first() if text.isdecimal() and len(text) < 10 else None


def _refuse(detail: str) -> None:
    raise Refused("refused", detail)
