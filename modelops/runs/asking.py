"""Asking for a run: through its preflight, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction

from invoices.models import User
from mlcore.training.config import Recipe
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetVersion, ModelVersion, TrainingRun, TrainingSweep, TriggerProposal
from modelops.runs.preflight import preflights
from modelops.runs.preflight_answer import Preflight
from modelops.runs.starting import start_run

MAX_NOTE: Final = 500
MOST_CODES: Final = 40


class PreflightRefused(Refused):
    """The preflight refuses. ``preflight`` has the reasons; it is also in ``extra``."""

    def __init__(self, code: str, detail: str, answer: Preflight, unconfirmed: Sequence[str] = ()) -> None:
        self.preflight = answer
        super().__init__(code, detail, {"unconfirmed": list(unconfirmed), "preflight": answer.to_json()})


def dataset_numbered(number: int) -> DatasetVersion:
    """The version of that number. Raises ``NotFound``."""
    found = DatasetVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFound("dataset_not_found", f"There is no data set {number}. The list of data sets has those that there are.")
    return found


def ask_for_run(
    *,
    by: User | None,
    dataset: DatasetVersion,
    recipe: Recipe,
    confirmed: Collection[str],
    note: str = "",
    launcher: str = "here",
    proposal: TriggerProposal | None = None,
    start: ModelVersion | None = None,
) -> TrainingRun:
    """Look once more, and start it when nothing refuses and every warning is confirmed. It goes on from ``start``, ``None``: the base.

    Two people who ask at the same time are asked one after the other, so that the second is told of the run of the first. Raises
    ``PreflightRefused`` (``preflight_refused``, ``confirm_needed``) and ``RequestInvalid`` (``note_too_long``).
    """
    check_note(note)
    with transaction.atomic():
        _one_at_a_time()
        [answer] = preflights(dataset, [recipe], launcher, start)
        check_answer(answer, confirmed)
        return start_run(
            by=by,
            dataset=dataset,
            recipe=recipe,
            note=note.strip(),
            launcher=launcher,
            preflight={**answer.to_json(), "confirmed": confirmed_of(answer, confirmed)},
            proposal=proposal,
            start=start,
        )


def ask_for_sweep(
    *,
    by: User,
    name: str,
    dataset: DatasetVersion,
    recipes: Sequence[Recipe],
    axes: dict[str, list[float]],
    confirmed: Collection[str],
    note: str = "",
    launcher: str = "here",
    start: ModelVersion | None = None,
) -> TrainingSweep:
    """Start a set of runs, all or none, each in its place in the queue. Raises as ``ask_for_run``.

    ``recipes`` differ in ``axes`` alone; all of them go on from ``start``.
    """
    check_note(note)
    with transaction.atomic():
        _one_at_a_time()
        answers = preflights(dataset, recipes, launcher, start)
        for answer in answers:
            check_answer(answer, confirmed)
        sweep = TrainingSweep.objects.create(name=name, axes=axes, created_by=by)
        for recipe, answer in zip(recipes, answers, strict=True):
            told = {**answer.to_json(), "confirmed": confirmed_of(answer, confirmed)}
            start_run(by=by, dataset=dataset, recipe=recipe, note=note.strip(), launcher=launcher, preflight=told, sweep=sweep, start=start)
    return sweep


def check_answer(answer: Preflight, confirmed: Collection[str]) -> None:
    """Raises ``PreflightRefused`` unless it may start with what is confirmed."""
    if answer.refusals:
        raise PreflightRefused("preflight_refused", " ".join(one.sentence for one in answer.refusals), answer)
    if missing := answer.unconfirmed(confirmed):
        detail = " ".join(one.sentence for one in answer.warnings if one.code in missing)
        raise PreflightRefused("confirm_needed", f"This has to be confirmed first. {detail}", answer, missing)


def confirmed_of(answer: Preflight, confirmed: Collection[str]) -> list[str]:
    """What there was to confirm and was; codes of nothing are not kept."""
    return [one.code for one in answer.warnings if one.code in confirmed]


def check_note(note: str) -> None:
    """Raises ``RequestInvalid``."""
    if len(note.strip()) > MAX_NOTE:
        raise RequestInvalid("note_too_long", f"The note has {len(note.strip())} characters; the limit is {MAX_NOTE}. Shorten it.")


def _one_at_a_time() -> None:
    """Whoever asks for a run waits for whoever asked before, whatever the data set: the row of the first version is what they wait for."""
    DatasetVersion.objects.select_for_update(of=("self",)).order_by("pk").only("pk").first()
