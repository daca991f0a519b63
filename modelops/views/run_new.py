"""Beginning a run, or a sweep: the data set, the recipe as a form, and beside it what the preflight says to both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from invoices.models import Role, User
from invoices.views.guards import person, role_required
from mlcore.errors import RecipeError
from mlcore.schema import ItemType
from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT, FURTHER, PRESETS
from modelops.errors import ModelopsError, RequestInvalid
from modelops.gate.champion import present_champion
from modelops.models import DatasetVersion, ModelVersion, TrainingRun
from modelops.runs.asking import MAX_NOTE, PreflightRefused, ask_for_run, ask_for_sweep
from modelops.runs.costs import SPECIFICATION_RUN, SPECIFICATION_YEAR
from modelops.runs.fitting import further_from
from modelops.runs.preflight import preflights
from modelops.runs.preflight_answer import Preflight
from modelops.runs.preflight_rules import Finding
from modelops.runs.recipe_fields import BY_PATH, SWEPT
from modelops.runs.recipes import recipe_of
from modelops.runs.servable import without_examples
from modelops.runs.starts import BASE, fitted_from, recipe_behind, start_named, usual_start
from modelops.runs.sweeping import MOST_RUNS, AlphaRule, Plan, plan_sweep
from modelops.views.recipe_form import SweepFields, changes_of, entries_of, typed_of

MOST_DATASETS: Final = 50
FITTED: Final = "fitted"
"""The preset that follows from how many documents a data set has."""


@dataclass(frozen=True)
class Asked:
    """What a form asks for. ``plan`` has the recipes, one for a single run; ``start`` is the model to go on from, ``None`` the base.

    ``problems`` are by field.
    """

    dataset: DatasetVersion | None
    base: Recipe
    typed: dict[str, str] | None
    sweep: SweepFields
    start: ModelVersion | None
    launcher: str
    note: str
    confirmed: tuple[str, ...]
    plan: Plan | None
    problems: Mapping[str, str]

    @property
    def is_sweep(self) -> bool:
        """Whether several values of a field are to be tried."""
        return bool(self.sweep.axes)


@dataclass(frozen=True)
class Panel:
    """The preflight as it is shown: of one run, or of all runs of a sweep together."""

    answers: tuple[Preflight, ...]
    confirmed: tuple[str, ...] = ()
    problems: Mapping[str, str] | None = None

    @property
    def first(self) -> Preflight:
        """What does not depend on the recipe is the same in all."""
        return self.answers[0]

    @property
    def refusals(self) -> list[Finding]:
        """Each once."""
        return list({one.code: one for answer in self.answers for one in answer.refusals}.values())

    @property
    def warnings(self) -> list[tuple[Finding, bool]]:
        """Each once, and whether it is confirmed."""
        found = {one.code: one for answer in self.answers for one in answer.warnings}
        return [(one, code in self.confirmed) for code, one in found.items()]

    @property
    def minutes(self) -> float:
        """Of all runs, one after the other."""
        return sum(answer.expected.minutes for answer in self.answers)

    @property
    def cost(self) -> Decimal | None:
        """Of all runs."""
        costs = [answer.expected.cost for answer in self.answers]
        return None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0))


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def run_new(request: HttpRequest) -> HttpResponse:
    """The form; sent, the run or the sweep is started, or the form comes back with what speaks against it."""
    if request.method != "POST":
        return _page(request, _fresh(request))
    asked = _asked(request.POST)
    if request.POST.get("do") != "start" or asked.plan is None or asked.dataset is None:
        return _page(request, asked, status=400 if asked.problems else 200)
    try:
        return _start(request, asked, asked.dataset, asked.plan, person(request))
    except PreflightRefused as error:
        messages.error(request, error.detail if error.code == "preflight_refused" else "Confirm what is marked first; nothing was started.")
        return _page(request, asked, status=409)
    except ModelopsError as error:
        messages.error(request, f"{error.detail} Nothing was started.")
        return _page(request, asked, status=error.status)


@role_required(Role.ADMIN)
@require_POST
def run_preflight(request: HttpRequest) -> HttpResponse:
    """What the preflight says to the form as it stands, as a piece of HTML, and the problems by field."""
    asked = _asked(request.POST)
    return JsonResponse({"html": render_to_string("modelops/run_preflight.html", _panel(asked), request), "problems": dict(asked.problems)})


def _start(request: HttpRequest, asked: Asked, dataset: DatasetVersion, plan: Plan, who: User) -> HttpResponse:
    if not asked.is_sweep:
        run = ask_for_run(
            by=who,
            dataset=dataset,
            recipe=plan.recipes[0],
            confirmed=asked.confirmed,
            note=asked.note,
            launcher=asked.launcher,
            start=asked.start,
        )
        messages.success(request, f"Run {run.pk} was asked for. This page shows how it goes on; you may leave it.")
        return redirect("run", run.pk)
    sweep = ask_for_sweep(
        by=who,
        name=asked.sweep.name or f"{plan.recipes[0].name}: {', '.join(BY_PATH[path].label.lower() for path in plan.axes)}"[:80],
        dataset=dataset,
        recipes=plan.recipes,
        axes=plan.axes,
        confirmed=asked.confirmed,
        note=asked.note,
        launcher=asked.launcher,
        start=asked.start,
    )
    messages.success(request, f"{len(plan.recipes)} runs were asked for. They are done one after the other.")
    return redirect("sweep", sweep.pk)


def _fresh(request: HttpRequest) -> Asked:
    """A form from a preset (``?preset=``), from an earlier run (``?from=``), or else from what is usual for the data set."""
    chosen, dataset = request.GET.get("preset", ""), _dataset(request.GET.get("dataset", ""))
    earlier = _earlier(request.GET.get("from", ""))
    dataset = dataset or (earlier.dataset if earlier else None)
    dataset = dataset or DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).order_by("-number").first()
    if earlier is not None:
        base, start = _readable(earlier), earlier.start_model
    else:
        start = _start_of(chosen, dataset)
        base = _preset(chosen or (FURTHER.name if start else DEFAULT.name), dataset, start)
    return Asked(dataset, base, None, SweepFields(), start, "here", "", (), Plan((base,), {}), {})


def _earlier(named: str) -> TrainingRun | None:
    known = named.isascii() and named.isdigit() and len(named) < 18
    return TrainingRun.objects.select_related("dataset", "start_model__dataset").filter(pk=int(named)).first() if known else None


def _start_of(preset: str, dataset: DatasetVersion | None) -> ModelVersion | None:
    """Where a preset starts: a recipe that was made for the base from the base, the one for going on from the model that serves."""
    if preset == FURTHER.name:
        return present_champion()
    return usual_start(dataset) if dataset is not None and preset not in PRESETS else None


def _preset(named: str, dataset: DatasetVersion | None, start: ModelVersion | None) -> Recipe:
    """The recipe of that name; the one for going on is of the kind of the model that it starts from."""
    if dataset is not None and named == FITTED:
        return replace(fitted_from(dataset, start), name=FITTED)
    trained = recipe_behind(start) if start is not None and named == FURTHER.name else None
    if start is not None and trained is not None and trained.lora is not None:
        return further_from(trained, again=bool(start.lineage))
    return PRESETS.get(named, DEFAULT)


def _readable(run: TrainingRun) -> Recipe:
    try:
        return without_examples(Recipe.from_json(run.recipe))
    except RecipeError:
        return DEFAULT


def _asked(form: QueryDict) -> Asked:
    values = form.dict()
    dataset, named = _dataset(str(values.get("dataset", ""))), str(values.get("preset", ""))
    start, problem = _named_start(str(values.get("start", BASE)))
    base = _preset(named, dataset, start)
    typed, sweep = typed_of({name: str(value) for name, value in values.items()}), SweepFields.of({k: str(v) for k, v in values.items()})
    plan, problems = _planned(base, typed, sweep)
    if dataset is None:
        problems["dataset"] = "Choose a data set; there is none of that number."
    if problem:
        plan, problems["start"] = None, problem
    launcher, note = str(values.get("launcher", "here"))[:40] or "here", str(values.get("note", ""))[: MAX_NOTE + 1]
    return Asked(dataset, base, typed, sweep, start, launcher, note, tuple(form.getlist("confirm")[:100]), plan, problems)


def _named_start(name: str) -> tuple[ModelVersion | None, str]:
    """The model, and what is wrong with the name."""
    try:
        return start_named(name), ""
    except ModelopsError as error:
        return None, error.detail


def _planned(base: Recipe, typed: Mapping[str, str], sweep: SweepFields) -> tuple[Plan | None, dict[str, str]]:
    """The recipes that the form means, or the problems by field; those of the sweep under ``sweep:``."""
    try:
        recipe = recipe_of(recipe=base.to_json(), changes=changes_of(typed))
    except RequestInvalid as error:
        return None, {str(one["path"]): str(one["message"]) for one in error.extra["problems"]}
    if not sweep.axes:
        return Plan((recipe,), {}), {}
    try:
        return plan_sweep(recipe, sweep.axes, AlphaRule(sweep.alpha)), {}
    except RequestInvalid as error:
        return None, {f"sweep:{one['path']}": str(one["message"]) for one in error.extra["problems"]}


def _dataset(number: str) -> DatasetVersion | None:
    known = number.isascii() and number.isdigit() and len(number) < 10
    return DatasetVersion.objects.filter(number=int(number)).first() if known else None


def _panel(asked: Asked) -> dict[str, Any]:
    panel = None
    if asked.dataset is not None and asked.plan is not None:
        panel = Panel(tuple(preflights(asked.dataset, asked.plan.recipes, asked.launcher, asked.start)), asked.confirmed)
    return {
        "asked": asked,
        "panel": panel,
        "other_problems": [message for path, message in asked.problems.items() if path not in BY_PATH],
        "spec_run": SPECIFICATION_RUN,
        "spec_year": SPECIFICATION_YEAR,
        "most_note": MAX_NOTE,
        "line_types": [kind.value for kind in ItemType],
    }


def _starts(chosen: ModelVersion | None) -> list[tuple[ModelVersion, bool]]:
    """The models that are offered, each with whether it serves: that one, and the chosen one where it is another."""
    champion = present_champion()
    return [(one, one == champion) for one in dict.fromkeys((champion, chosen)) if one is not None]


def _page(request: HttpRequest, asked: Asked, *, status: int = 200) -> HttpResponse:
    frozen = Q(state=DatasetVersion.State.FROZEN)
    chosen = Q(pk=asked.dataset.pk) if asked.dataset else Q()
    context = {
        "section": "runs",
        "datasets": DatasetVersion.objects.filter(frozen | chosen if chosen else frozen).order_by("-number")[:MOST_DATASETS],
        "presets": [*PRESETS, FITTED],
        "starts": _starts(asked.start),
        "groups": entries_of(asked.base, asked.typed, asked.problems),
        "swept": [BY_PATH[path] for path in SWEPT if path not in ("lora.rank", "schedule.learning_rate")],
        "most_runs": MOST_RUNS,
        "sweep_problems": [message for path, message in asked.problems.items() if path.startswith("sweep:")],
        **_panel(asked),
    }
    return render(request, "modelops/run_new.html", context, status=status)
