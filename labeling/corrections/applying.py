"""Carrying a correction over to other documents, and taking it back in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_many
from invoices.models import Document, Prediction, Role, User, Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import alias_key, keep_name
from labeling.corrections.names import corrected_name, restored_name
from labeling.corrections.offers import Candidate, Offer, correctable, offers_for
from labeling.corrections.rules import corrected
from labeling.errors import CorrectionNotFound, RequestInvalid
from labeling.models import Correction, CorrectionItem, LabelingTask, TaskKind, TaskState
from labeling.review.doubted import describe


@dataclass(frozen=True, slots=True)
class Undone:
    """How many documents have their earlier pre-fill again, and how many were begun or read anew meanwhile and were left alone."""

    restored: int
    left: int


def apply(*, user: User, gold_id: int, kind: str, documents: Sequence[int], vendor_before: int | None = None) -> Correction:
    """Carry the correction over to those of ``documents`` that still have the fault; one transaction.

    Each gets a new prediction beside the old one, which stays. Raises ``GoldNotFound``, and ``nothing_to_correct`` when no document is
    left that the correction fits.
    """
    with transaction.atomic():
        offer = next((one for one in offers_for(user=user, gold_id=gold_id, vendor_before=vendor_before) if one.kind == kind), None)
        wanted = set(documents)
        chosen = [candidate for candidate in offer.candidates if candidate.document.pk in wanted] if offer else []
        ids = [candidate.document.pk for candidate in chosen]
        locked = set(correctable().select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
        chosen = [candidate for candidate in chosen if candidate.document.pk in locked]
        if offer is None or not chosen:
            raise RequestInvalid("nothing_to_correct", "None of these documents is open with that fault any more. Nothing was changed.")
        correction = Correction.objects.create(
            kind=offer.kind, gold=offer.gold, vendor=offer.vendor, before=offer.before[:300], after=offer.after[:300], by=user
        )
        if kind == Correction.Kind.ALIAS:
            _take_name(correction, offer)
        note = f"{correction.get_kind_display()} corrected as on {offer.gold.document.name}: {offer.before} is {offer.after}."
        for candidate in chosen:
            _carry_over(correction, candidate, note)
        _record(Action.CORRECTION_SPREAD, user, correction, [candidate.document.pk for candidate in chosen])
    return correction


def undo(*, user: User, correction_id: int) -> Undone:
    """Give every document its earlier pre-fill and vendor back, unless somebody has begun it or it was read anew since; undoing twice
    changes nothing.

    For who applied it and for seniors. Raises ``CorrectionNotFound``.
    """
    with transaction.atomic():
        correction = Correction.objects.select_for_update().filter(pk=correction_id).first()
        if correction is None or not (correction.by_id == user.pk or user.has_role(Role.SENIOR)):
            raise CorrectionNotFound(f"There is no correction {correction_id} of yours to undo.")
        items = list(correction.items.select_related("before", "document"))
        if correction.undone_at is not None:
            return Undone(sum(item.undone for item in items), sum(not item.undone for item in items))
        ids = [item.document_id for item in items]
        free = set(correctable().select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
        newest = dict(
            Prediction.objects.filter(document__in=free).values("document").annotate(newest=Max("pk")).values_list("document", "newest")
        )
        free = {item.document_id for item in items if item.document_id in free and newest[item.document_id] == item.after_id}
        for item in items:
            if item.document_id in free:
                _restore(correction, item)
        if correction.alias:
            _give_name_back(correction)
        _record(Action.CORRECTION_UNDONE, user, correction, sorted(free))
        Correction.objects.filter(pk=correction.pk).update(undone_at=timezone.now(), undone_by=user)
    return Undone(len(free), len(items) - len(free))


def _record(action: Action, user: User, correction: Correction, documents: Sequence[int]) -> None:
    done = {"correction": correction.pk, "kind": correction.kind, "gold": correction.gold_id}
    record_many(action, actor=user, objects=[Target("document", pk) for pk in documents], after=done)


def _carry_over(correction: Correction, candidate: Candidate, note: str) -> None:
    before, document = candidate.prediction, candidate.document
    changes = [change for change in candidate.changes if change.path != "vendor"]
    record, fields = corrected(before.record, before.fields, changes, note)
    after = _prediction(before, corrected_name(before.model_id, correction.pk), record, fields)
    CorrectionItem.objects.create(correction=correction, document=document, before=before, after=after, vendor_before=document.vendor)
    if any(change.path == "vendor" for change in candidate.changes):
        Document.objects.filter(pk=document.pk).update(vendor=correction.vendor)
    _show(document.pk, after)


def _restore(correction: Correction, item: CorrectionItem) -> None:
    """The newest prediction of a document is its current one, so the earlier one comes back as a copy."""
    before = item.before
    copy = _prediction(before, restored_name(before.model_id, correction.pk), before.record, before.fields)
    Document.objects.filter(pk=item.document_id).update(vendor=item.vendor_before)
    CorrectionItem.objects.filter(pk=item.pk).update(undone=True)
    _show(item.document_id, copy)


def _prediction(like: Prediction, model_id: str, record: object, fields: object) -> Prediction:
    return Prediction.objects.create(
        document_id=like.document_id,
        model_id=model_id,
        parse_revision=like.parse_revision,
        record=record,
        fields=fields,
        checks=like.checks,
        route=like.route,
        examples=like.examples,
    )


def _show(document_id: int, prediction: Prediction) -> None:
    """Open tasks show the new pre-fill; a review is doubted anew."""
    tasks = LabelingTask.objects.filter(document=document_id, state=TaskState.OPEN)
    tasks.update(prediction=prediction)
    for task in tasks.filter(kind=TaskKind.REVIEW).select_related("prediction"):
        describe(task)


def _take_name(correction: Correction, offer: Offer) -> None:
    """The name as read becomes another name of the vendor, also when a proposed vendor had it."""
    owned = VendorAlias.objects.select_related("vendor").filter(key=alias_key(offer.before)).first()
    if owned is None:
        kept = keep_name(offer.vendor, offer.before)
        correction.alias = kept.name if kept else ""
    elif owned.vendor_id != offer.vendor.pk and owned.vendor.status == VendorStatus.PROPOSED:
        correction.alias, correction.alias_before = owned.name, owned.vendor
        VendorAlias.objects.filter(pk=owned.pk).update(vendor=offer.vendor)
    correction.save(update_fields=["alias", "alias_before"])


def _give_name_back(correction: Correction) -> None:
    owned = VendorAlias.objects.filter(key=alias_key(correction.alias), vendor=correction.vendor)
    if correction.alias_before_id is None:
        owned.delete()
    elif Vendor.objects.filter(pk=correction.alias_before_id, merged_into=None).exists():
        owned.update(vendor=correction.alias_before_id)
