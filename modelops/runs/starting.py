"""Asking for a training run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.training.config import Recipe
from modelops.errors import Refused, RequestInvalid
from modelops.models import DatasetVersion, ModelVersion, TrainingRun, TrainingSweep, TriggerProposal
from modelops.runs.costs import current_rate, steps_of
from modelops.runs.launching import HERE
from modelops.runs.readiness import refuse_unready
from modelops.signals import run_wanted

LONGEST_NOTE = 500
FIRST_ATTEMPT = 1


def start_run(
    *,
    by: User | None,
    dataset: DatasetVersion,
    recipe: Recipe,
    note: str = "",
    launcher: str = HERE,
    preflight: Mapping[str, Any] | None = None,
    sweep: TrainingSweep | None = None,
    proposal: TriggerProposal | None = None,
    start: ModelVersion | None = None,
) -> TrainingRun:
    """Queue a run; a worker takes it up. ``by`` is ``None`` for the station itself. An open ``proposal`` is thereby started.

    ``start`` is the model whose weights it starts from, ``None`` for the base. Raises ``RequestInvalid`` (``recipe_invalid``,
    ``launcher_unknown``, ``note_too_long``) and ``Refused`` (``dataset_…``, ``start_…``, ``artifact_damaged``, ``base_missing``,
    ``disk_full``, ``proposal_decided``).
    """
    if len(note) > LONGEST_NOTE:
        raise RequestInvalid("note_too_long", f"The note has {len(note)} characters; {LONGEST_NOTE} are allowed. Shorten it.")
    refuse_unready(dataset, recipe, launcher, start)
    with transaction.atomic():
        run = TrainingRun.objects.create(
            dataset=dataset,
            sweep=sweep,
            start_model=start,
            recipe=recipe.to_json(),
            preflight=dict(preflight or {}),
            launcher=launcher,
            note=note,
            asked_by=by,
            steps=steps_of(dataset.documents, recipe),
            hourly_rate=current_rate(),
            attempts=FIRST_ATTEMPT,
        )
        run.folder = f"run-{run.pk}"
        run.save(update_fields=["folder"])
        if proposal is not None:
            _decide(proposal, run, by)
        named = {"dataset": dataset.number, "recipe": recipe.name, "launcher": launcher, "sweep": sweep.pk if sweep else None}
        after = {**named, "start": start.number if start else None}
        record(Action.RUN_STARTED, actor=by, object=Target("training_run", run.pk), after=after)
        run_wanted.send(sender=None, run_id=run.pk, attempt=FIRST_ATTEMPT)
    return run


def recipe_of(run: TrainingRun) -> Recipe:
    """The recipe of a run. Raises ``RecipeError`` where this program knows it no more."""
    return Recipe.from_json(run.recipe)


def _decide(proposal: TriggerProposal, run: TrainingRun, by: User | None) -> None:
    open_one = TriggerProposal.objects.filter(pk=proposal.pk, state=TriggerProposal.State.OPEN)
    if not open_one.update(state=TriggerProposal.State.STARTED, run=run, decided_by=by, decided_at=timezone.now()):
        raise Refused("proposal_decided", f"Proposal {proposal.pk} was decided by somebody else meanwhile; look at it again.")
