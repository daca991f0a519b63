"""From settled differences to gold: closing an adjudication, and opening it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target
from invoices.audit.recording import record as audit
from invoices.models import Document, DocumentStatus, User
from labeling.adjudication.assembly import Assembled, Settled, assemble
from labeling.adjudication.decisions import Decision
from labeling.adjudication.holding import hold
from labeling.adjudication.places import DocumentPlaces
from labeling.adjudication.settling import settle
from labeling.errors import AdjudicationNotFound, NotSettled
from labeling.gold_writing import write_gold
from labeling.models import Adjudication, Difference, GoldRecord, LabelingTask, TaskState
from labeling.signals import truth_changed
from labeling.vendor_choice import confirmed_vendor
from mlcore.record_json import record_from_json, record_to_json
from mlcore.schema import InvoiceRecord, iter_values

AGREED = "agreed"
ADJUDICATED = "adjudicated"


def resolve(*, user: User, adjudication_id: int, decisions: dict[int, Decision] | None = None) -> GoldRecord:
    """Settle the ``decisions`` (by difference id), then close the adjudication with the gold record that follows; one transaction.

    Repeating it answers the same gold record. Raises ``NotSettled`` with the differences that are left, and as ``settling.settle``.
    """
    with transaction.atomic():
        done = Adjudication.objects.filter(pk=adjudication_id, state=Adjudication.State.RESOLVED, task__assignee=user).first()
        if done is not None and done.gold is not None:
            return done.gold
        adjudication = hold(user, adjudication_id)
        own = set(adjudication.differences.values_list("pk", flat=True))
        for difference_id, decision in (decisions or {}).items():
            if difference_id not in own:
                raise AdjudicationNotFound(f"Adjudication {adjudication_id} has no difference {difference_id}.")
            settle(user=user, difference_id=difference_id, decision=decision)
        return complete(adjudication, user)


def complete(adjudication: Adjudication, user: User) -> GoldRecord:
    """Write the gold record of a locked adjudication and close it; inside a transaction. Raises ``NotSettled``."""
    differences = list(adjudication.differences.order_by("pk"))
    if left := [difference.pk for difference in differences if not difference.choice]:
        count = "One difference is" if len(left) == 1 else f"{len(left)} differences are"
        raise NotSettled(f"{count} not settled yet.", {"left": left})
    agreement = adjudication.agreement
    first, second = record_from_json(agreement.first.record), record_from_json(agreement.second.record)
    built = assemble(first, second, [_settled(difference) for difference in differences])
    vendor_id = confirmed_vendor(adjudication.document, built.record)
    golds = GoldRecord.objects.filter(document=adjudication.document_id)
    golds.filter(is_current=True).update(is_current=False)
    gold = write_gold(
        None,
        document_id=adjudication.document_id,
        record=record_to_json(built.record),
        vendor_id=vendor_id,
        evidence=_evidence(adjudication, built, (first, second)),
        provenance=_provenance(adjudication, built),
        supersedes=golds.select_for_update().order_by("-pk").values_list("pk", flat=True).first(),
    )
    now = timezone.now()
    Adjudication.objects.filter(pk=adjudication.pk).update(state=Adjudication.State.RESOLVED, gold=gold, resolved_at=now)
    _set_task(adjudication, state=TaskState.DONE, assignee=user, finished_at=now, postponed_until=None, postponed_by=None)
    after = {"gold": gold.pk, "adjudication": adjudication.pk, "differences": len(differences)}
    audit(
        Action.ADJUDICATION_RESOLVED,
        actor=user,
        object=Target("adjudication", adjudication.pk, document=adjudication.document_id),
        after=after,
    )
    return gold


def open_again(adjudication: Adjudication, user: User) -> None:
    """Take a resolution back, inside a transaction: its gold record stays but counts no more, the task is open again.

    Until it is resolved anew the document has no gold record; the next one supersedes the one that was taken back. The document is
    its former vendor's again; what the vendor master learned of the name stays.
    """
    target = Target("adjudication", adjudication.pk, document=adjudication.document_id)
    audit(Action.ADJUDICATION_REOPENED, actor=user, object=target, before={"gold": adjudication.gold_id})
    vendor = adjudication.agreement.vendor
    before = {"vendor_id": vendor.merged_into_id or vendor.pk} if vendor is not None else {}
    if adjudication.gold is not None:
        gold_id = adjudication.gold.pk
        GoldRecord.objects.filter(pk=gold_id).update(is_current=False)
        truth_changed.send(sender=GoldRecord, document_id=adjudication.document_id, gold_id=gold_id, counts=False)
    Document.objects.filter(pk=adjudication.document_id).update(status=DocumentStatus.LABELED, **before)
    Adjudication.objects.filter(pk=adjudication.pk).update(state=Adjudication.State.OPEN, gold=None, resolved_at=None)
    _set_task(adjudication, state=TaskState.OPEN, assignee=None, finished_at=None, claimed_at=None)


def _set_task(adjudication: Adjudication, **values: Any) -> None:
    """Store values of the task, which nobody holds afterwards."""
    if adjudication.task is not None:
        LabelingTask.objects.filter(pk=adjudication.task.pk).update(lease_expires_at=None, prefetched=False, **values)


def _settled(difference: Difference) -> Settled:
    return Settled(difference.path_first, difference.path_second, difference.value, _origin(difference))


def _origin(difference: Difference) -> dict[str, Any]:
    """The provenance of a settled difference; one that closed by itself (format only) counts as agreed."""
    if difference.settled_by_id is None:
        return {}
    reason = difference.ruling.reason if difference.ruling else ""
    entry = {"source": ADJUDICATED, "by": difference.settled_by_id, "choice": difference.choice, "ruling": difference.ruling_id}
    return {**entry, "reason": reason} if reason else entry


def _provenance(adjudication: Adjudication, built: Assembled) -> dict[str, Any]:
    """An entry for every value, and for every absence that was ruled; what both have names both."""
    agreement = adjudication.agreement
    agreed = {"source": AGREED, "by": agreement.first_author_id, "also_by": agreement.second_author_id, "model_id": None}
    entries = {}
    for path, value in iter_values(built.record):
        settled = built.origins[path].settled
        if value is not None or (settled and settled.origin):
            entries[path] = settled.origin if settled and settled.origin else agreed
    return entries


def _evidence(adjudication: Adjudication, built: Assembled, records: tuple[InvoiceRecord, InvoiceRecord]) -> dict[str, Any]:
    """Where the values stand: where a person who had this value pointed, else where the pre-fill found it."""
    agreement = adjudication.agreement
    places = DocumentPlaces.of(adjudication.document, agreement.first.prediction or agreement.second.prediction)
    rows = [places.machine_rows(record) for record in records]
    evidence = {}
    for path, value in iter_values(built.record):
        origin = built.origins[path]
        paths = (origin.path_first, origin.path_second)
        for label, record, known, theirs in zip((agreement.first, agreement.second), records, rows, paths, strict=True):
            if value is not None and theirs and path not in evidence and (found := places.known(label, record, known, theirs, value)):
                evidence[path] = found
    return evidence
