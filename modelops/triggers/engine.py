"""What triggers ask of the other parts: a data set, and a run through its preflight."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from typing import Any

from invoices.models import User
from mlcore.errors import RecipeError
from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT
from modelops.models import DatasetVersion, ModelVersion, RunState, TrainingRun, TriggerProposal


def collect_for(proposal: TriggerProposal, by: User | None) -> DatasetVersion:
    """Have all gold put together with the newest frozen version. Raises ``Refused``, for example while another one is being made."""
    collecting: Any = importlib.import_module("modelops.datasets.collecting")
    made: DatasetVersion = collecting.collect(by=by, parent=newest_frozen(), note=f"For proposal {proposal.pk}"[:500])
    return made


def start_through_preflight(proposal: TriggerProposal, dataset: DatasetVersion, by: User | None, confirmed: Collection[str]) -> TrainingRun:
    """Start the run of a proposal, unless its preflight refuses. Raises ``Refused``, with the preflight in ``extra`` where there is one."""
    asking: Any = importlib.import_module("modelops.runs.asking")
    note = f"Proposal {proposal.pk}: {proposal.sentence}"[:500]
    run: TrainingRun = asking.ask_for_run(by=by, dataset=dataset, recipe=usual_recipe(), confirmed=confirmed, note=note, proposal=proposal)
    return run


def newest_frozen() -> DatasetVersion | None:
    """The newest version that can be merged with: frozen, and still whole."""
    return DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, removed_documents=0).order_by("-number").first()


def usual_recipe() -> Recipe:
    """The same configuration as before: that of the champion if it was trained here, else of the last finished run, else the preset."""
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION, run__isnull=False).values_list("recipe", flat=True).first()
    last = TrainingRun.objects.filter(state=RunState.FINISHED).order_by("-pk").values_list("recipe", flat=True).first()
    for stored in (champion, last):
        if stored:
            try:
                return Recipe.from_json(stored)
            except (RecipeError, KeyError, TypeError, ValueError):
                continue  # an older program's, which this one does not know
    return DEFAULT
