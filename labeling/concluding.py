"""What follows from a submitted label: gold at once, a second look by somebody else, or its part in a blind pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from invoices.models import DocumentStatus, User
from labeling.drawing import draw
from labeling.gold_writing import write_gold
from labeling.models import Annotation, FieldVerification, GoldRecord, LabelingPolicy, LabelingTask, TaskKind
from labeling.pairing import pair_submitted
from labeling.prefill_shown import shown_fields
from labeling.provenance import CONFIRMED, Origins, gold_evidence, provenance_json
from labeling.review.known import verifications_for
from labeling.review.provenance import with_verified
from labeling.second_labels import open_second_after
from labeling.submission import Submission
from labeling.vendor_choice import confirmed_vendor
from mlcore.record_json import value_to_json
from mlcore.schema import value_at

_SOURCES = {TaskKind.REVIEW: "reviewed", TaskKind.AUDIT: "audited"}


def conclude(task: LabelingTask, annotation: Annotation, user: User, submission: Submission, found: Origins) -> tuple[int | None, str]:
    """The id of the gold record, if there is one now, and the document's status. The task is done, the document locked."""
    policy = task.policy or LabelingPolicy()
    if task.side is None:
        reason = _second_look(task, user, found, policy)
        if not reason or open_second_after(task, user, reason, policy) is None:
            gold = _single(task, annotation, submission, found)
            return gold.pk, DocumentStatus.GOLD.value
        return None, task.document.status
    settled = pair_submitted(task.document, policy)
    if settled is not None:
        return settled.pk, DocumentStatus.GOLD.value
    task.document.refresh_from_db(fields=["status"])
    return None, task.document.status


def let_through(found: Origins, seeded: Mapping[str, Any]) -> set[str]:
    """The seeded paths of the pre-fill whose wrong value the person left as it was."""
    return {theirs for path, theirs in found.prefilled.items() if theirs in seeded and found.source[path] == CONFIRMED}


def _second_look(task: LabelingTask, user: User, found: Origins, policy: LabelingPolicy) -> str:
    """Why a single label is done once more, ``""`` when it is not. A wrong value that was let through never becomes gold by itself."""
    if let_through(found, task.seeded):
        return "seed_missed"
    if task.kind != TaskKind.LABEL or policy.new_biller_share <= 0:
        return ""
    done = Annotation.objects.filter(author=user).values("pk")[: policy.new_biller_documents + 1].count() - 1
    if done >= policy.new_biller_documents:
        return ""
    stratum = f"person {user.pk}"
    drawn = draw(document_id=task.document_id, what="new_biller", stratum=stratum, share=policy.new_biller_share, policy=policy)
    return "new_biller" if drawn else ""


def _as_predicted(found: Origins, task: LabelingTask, submission: Submission) -> Origins:
    """A wrong value that was put in on purpose and caught is the model's own: it was right."""
    caught = {
        path: CONFIRMED
        for path, theirs in found.prefilled.items()
        if theirs in task.seeded and value_to_json(value_at(submission.record, path)) == task.seeded[theirs]["right"]
    }
    return replace(found, source={**found.source, **caught})


def _single(task: LabelingTask, annotation: Annotation, submission: Submission, found: Origins) -> GoldRecord:
    model_id = task.prediction.model_id if task.prediction else None
    found = _as_predicted(found, task, submission)
    source = _SOURCES.get(TaskKind(task.kind))
    provenance = provenance_json(found, by=annotation.author_id, model_id=model_id)
    if source is not None:
        provenance = {path: {**entry, "source": source, "change": entry["source"]} for path, entry in provenance.items()}
    verified = {one.path: (one.value, one.by_id) for one in verifications_for(task) if one.verdict != FieldVerification.Verdict.WRONG}
    return write_gold(
        annotation,
        document_id=annotation.document_id,
        record=annotation.record,
        vendor_id=confirmed_vendor(task.document, submission.record),
        evidence=gold_evidence(found, submission.evidence, shown_fields(task)),
        provenance=with_verified(provenance, submission.record, verified),
        supersedes=getattr(task, "current_gold", None),
    )
