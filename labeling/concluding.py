"""What follows from a submitted label: gold at once, a second look by somebody else, its part in a blind pair, or a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from invoices.models import DocumentStatus, User
from labeling.drawing import draw
from labeling.gold_writing import write_gold
from labeling.models import Annotation, FieldVerification, GoldRecord, LabelingPolicy, LabelingTask, TaskKind, TaskPurpose
from labeling.pairing import Left, left_of_pair, pair_submitted
from labeling.prefill_shown import shown_fields
from labeling.provenance import CONFIRMED, Origins, gold_evidence, provenance_json
from labeling.review.known import verifications_for
from labeling.review.opening import open_reviews
from labeling.review.provenance import with_verified
from labeling.second_labels import SEED_MISSED, open_second_after
from labeling.suspects.deciding import SUSPECT
from labeling.trials.judging import trial_submitted
from labeling.vendor_choice import confirmed_vendor
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import InvoiceRecord, split_item_path, value_at

_SOURCES = {TaskKind.REVIEW: "reviewed", TaskKind.AUDIT: "audited"}


def conclude(task: LabelingTask, annotation: Annotation, found: Origins) -> tuple[int | None, str]:
    """The id of the gold record, if there is one now, and the document's status. The task is done, the document locked."""
    if task.purpose != TaskPurpose.WORK:
        return None, trial_submitted(task, annotation)
    policy = task.policy or LabelingPolicy()
    left = Left.ALONE if task.side is None else left_of_pair(task.document_id)
    if left is Left.ALONE:
        gold = conclude_single(task, annotation, found, policy)
    else:
        gold = pair_submitted(task.document, policy) if left is Left.BOTH_IN else None
    if gold is not None:
        return gold.pk, DocumentStatus.GOLD.value
    if task.side is not None:
        task.document.refresh_from_db(fields=["status"])
    return None, task.document.status


def conclude_single(task: LabelingTask, annotation: Annotation, found: Origins, policy: LabelingPolicy) -> GoldRecord | None:
    """Gold of one label, unless somebody else has to look first: a blind second label, or the seniors where nobody is left to do one.

    A wrong value that was put in and let through never becomes gold by itself.
    """
    missed = bool(let_through(found, task.seeded, annotation.record))
    reason = SEED_MISSED if missed else _drawn_after(task, annotation.author, policy)
    if reason and task.side is None and open_second_after(task, annotation.author, reason, policy) is not None:
        return None
    if missed:
        open_reviews([task.document_id], drawn_for=reason)
        return None
    return _single(task, annotation, found)


def let_through(found: Origins, seeded: Mapping[str, Any], record: Mapping[str, Any]) -> set[str]:
    """The seeded paths of the pre-fill whose wrong value is in the label: left as it was, or entered again in a new row."""
    stood = {theirs for path, theirs in found.prefilled.items() if theirs in seeded and found.source[path] == CONFIRMED}
    retyped = {theirs for theirs, values in seeded.items() if theirs not in found.prefilled.values() and _entered(theirs, values, record)}
    return stood | retyped


def _entered(path: str, values: Mapping[str, str], record: Mapping[str, Any]) -> bool:
    cell = split_item_path(path)
    return cell is not None and any(item.get(cell[1]) == values["wrong"] for item in record.get("line_items") or ())


def _drawn_after(task: LabelingTask, author: User, policy: LabelingPolicy) -> str:
    """Why a single label is done once more, ``""`` when it is not."""
    if task.kind != TaskKind.LABEL or task.side is not None or policy.new_biller_share <= 0:
        return ""
    done = Annotation.objects.filter(author=author).values("pk")[: policy.new_biller_documents + 1].count() - 1
    if done >= policy.new_biller_documents:
        return ""
    stratum = f"person {author.pk}"
    drawn = draw(document_id=task.document_id, what="new_biller", stratum=stratum, share=policy.new_biller_share, policy=policy)
    return "new_biller" if drawn else ""


def _as_predicted(found: Origins, task: LabelingTask, record: InvoiceRecord) -> Origins:
    """A wrong value that was put in on purpose and caught is the model's own: it was right."""
    caught = {
        path: CONFIRMED
        for path, theirs in found.prefilled.items()
        if theirs in task.seeded and value_to_json(value_at(record, path)) == task.seeded[theirs]["right"]
    }
    return replace(found, source={**found.source, **caught})


def _single(task: LabelingTask, annotation: Annotation, found: Origins) -> GoldRecord:
    record = record_from_json(annotation.record)
    model_id = task.prediction.model_id if task.prediction else None
    found = _as_predicted(found, task, record)
    source = _SOURCES.get(TaskKind(task.kind))
    provenance = provenance_json(found, by=annotation.author_id, model_id=model_id)
    if source is not None:
        why = {"suspect": getattr(task, "current_gold", None)} if task.drawn_for == SUSPECT else {}
        provenance = {path: {**entry, "source": source, "change": entry["source"], **why} for path, entry in provenance.items()}
    verified = {one.path: (one.value, one.by_id) for one in verifications_for(task) if one.verdict != FieldVerification.Verdict.WRONG}
    return write_gold(
        annotation,
        document_id=annotation.document_id,
        record=annotation.record,
        vendor_id=confirmed_vendor(task.document, record),
        evidence=gold_evidence(found, annotation.evidence, shown_fields(task)),
        provenance=with_verified(provenance, record, verified),
        supersedes=getattr(task, "current_gold", None),
    )
