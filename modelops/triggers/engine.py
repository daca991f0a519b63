"""What triggers ask of the other parts: a data set, and a run through its preflight."""

from __future__ import annotations

from collections.abc import Collection

from invoices.models import User
from mlcore.errors import RecipeError
from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT
from modelops.datasets.collecting import collect, newest_frozen
from modelops.models import DatasetVersion, ModelVersion, RunState, TrainingRun, TriggerProposal
from modelops.runs.asking import ask_for_run
from modelops.runs.servable import without_examples
from modelops.runs.starts import fitted_from, usual_start


def collect_for(proposal: TriggerProposal, by: User | None) -> DatasetVersion:
    """Have all gold put together with the newest frozen version. Raises ``Refused``, for example while another one is being made."""
    return collect(by=by, parent=newest_frozen(), note=f"For proposal {proposal.pk}")


def start_through_preflight(proposal: TriggerProposal, dataset: DatasetVersion, by: User | None, confirmed: Collection[str]) -> TrainingRun:
    """Start the run of a proposal, unless its preflight refuses. Raises ``Refused``, with the preflight in ``extra`` where there is one."""
    note = f"Proposal {proposal.pk}: {proposal.sentence}"[:500]
    start = usual_start(dataset)
    recipe = fitted_from(dataset, start) if start is not None else usual_recipe()
    return ask_for_run(by=by, dataset=dataset, recipe=recipe, confirmed=confirmed, note=note, proposal=proposal, start=start)


def usual_recipe() -> Recipe:
    """For a run from the base the same configuration as before: that of the champion if it was trained here from the base, else of the last
    finished run from there, else the preset."""
    champions = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION, run__isnull=False, run__start_model=None)
    champion = champions.values_list("run__recipe", flat=True).first()
    finished = TrainingRun.objects.filter(state=RunState.FINISHED, start_model=None)
    last = finished.order_by("-pk").values_list("recipe", flat=True).first()
    for stored in (champion, last):
        if stored:
            try:
                return without_examples(Recipe.from_json(stored))
            except (RecipeError, KeyError, TypeError, ValueError):
                continue  # an older program's, which this one does not know
    return DEFAULT
