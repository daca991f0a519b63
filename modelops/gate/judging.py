"""Asking the gate: may this candidate serve in the champion's place?

What it needs and does not find, evaluations and times, is made first, so it needs torch then: workers call it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from invoices.models import User
from mlcore.gate import System, decide
from modelops.gate.champion import present_champion
from modelops.gate.policies import current_gate_policy, gate_policy_of
from modelops.models import DatasetVersion, GateResult, ModelVersion
from modelops.registry.evaluating import evaluate
from modelops.registry.evidence import system_from
from modelops.registry.reading_held_out import Listen
from modelops.registry.timing import timed_against


def judge(
    model: ModelVersion,
    dataset: DatasetVersion,
    by: User | None = None,
    *,
    listen: Listen | None = None,
    fence: Callable[[], None] | None = None,
) -> GateResult:
    """The verdict about the model against the present champion, or the templates alone, on the held-out documents of ``dataset``.

    Whatever of the two is not evaluated on that version is evaluated first. The champion itself is judged without a comparison. Asked
    again while nothing has changed, it is the same result. ``fence`` is called in the transaction that stores it. Raises ``Refused`` as
    ``evaluate`` does.
    """
    champion = present_champion()
    rival = champion if champion != model else None
    candidate, against = _systems(model, rival, dataset, compared=champion != model, listen=listen, by=by, fence=fence)
    version = current_gate_policy()
    verdict = decide(candidate, against, gate_policy_of(version))
    result = GateResult(
        model=model,
        champion=rival,
        dataset=dataset,
        policy=version if version.pk is not None else None,
        passed=verdict.passed,
        verdict=verdict.to_json(),
        removed_documents=model.removed_documents,
        asked_by=by,
    )
    with transaction.atomic():
        if fence is not None:
            fence()
        return _kept(result)


def _systems(
    model: ModelVersion,
    rival: ModelVersion | None,
    dataset: DatasetVersion,
    *,
    compared: bool,
    listen: Listen | None,
    by: User | None,
    fence: Callable[[], None] | None,
) -> tuple[System, System | None]:
    """The candidate and what it is held against, timed by turns. The templates alone are not timed: no model is as fast."""
    against = system_from(evaluate(rival, dataset, listen=listen, by=by, fence=fence)) if compared else None
    evaluation = evaluate(model, dataset, listen=listen, by=by, fence=fence)
    own, theirs = timed_against(evaluation, rival)
    candidate = replace(system_from(evaluation), seconds=own)
    return candidate, replace(against, seconds=theirs) if against is not None else None


def _kept(result: GateResult) -> GateResult:
    """The newest result when it says the same, so that a job that is done twice leaves one; else this one, stored."""
    newest = GateResult.objects.filter(model=result.model).order_by("-pk").first()
    same = ("champion_id", "dataset_id", "policy_id", "removed_documents", "verdict")
    if newest is not None and all(getattr(newest, name) == getattr(result, name) for name in same):
        return newest
    result.save()
    return result
