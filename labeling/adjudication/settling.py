"""Settling one difference, correcting its cause, taking it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target
from invoices.audit.recording import record as audit
from invoices.models import User
from labeling.adjudication.decisions import Decision, value_written
from labeling.adjudication.holding import hold
from labeling.adjudication.places import DocumentPlaces, ruling_place
from labeling.errors import AdjudicationNotFound, UndoRefused
from labeling.models import Adjudication, Difference, DifferenceCause, Ruling


def settle(*, user: User, difference_id: int, decision: Decision) -> Difference:
    """Settle a difference and write the ruling that says how; settling it again replaces the first ruling.

    The same decision again changes nothing. Raises ``AdjudicationNotFound``, ``OwnLabel``, ``AlreadyResolved``, ``LeaseLost``,
    ``RecordInvalid`` or ``RequestInvalid``.
    """
    with transaction.atomic():
        adjudication, difference = held_difference(user, difference_id)
        value = value_written(difference, decision, a_is_first=adjudication.a_is_first)
        if decision.cause:
            _name_cause(user, adjudication, difference, decision.cause)
        before = difference.ruling
        if before is not None and difference.choice == decision.choice and difference.value == value and before.reason == decision.reason:
            difference.save(update_fields=["cause"])
            return difference
        ruling = write_ruling(user, adjudication, difference, decision, value)
        write_choice(difference, decision.choice.value, value, ruling, user)
        if before is not None:
            retire(before)
    return difference


def correct_cause(*, user: User, difference_id: int, cause: DifferenceCause) -> Difference:
    """Say that labels differ for another reason than the machine thought. What was typed stays beside it."""
    with transaction.atomic():
        adjudication, difference = held_difference(user, difference_id)
        _name_cause(user, adjudication, difference, cause)
        difference.save(update_fields=["cause"])
        if difference.ruling is not None and difference.ruling.differences.count() == 1:
            Ruling.objects.filter(pk=difference.ruling.pk).update(cause=cause)
    return difference


def take_back(*, user: User, difference_id: int) -> Difference:
    """Open a settled difference again. Raises ``UndoRefused`` when it was ruled together with others: undo the ruling instead."""
    with transaction.atomic():
        adjudication, difference = held_difference(user, difference_id)
        ruling = difference.ruling
        if ruling is not None and (others := ruling.differences.count() - 1):
            raise UndoRefused(
                f"This was ruled together with {others} more. Undo the whole ruling, or settle this one anew.",
                {"ruling": ruling.pk},
            )
        write_choice(difference, "", None, None, None)
        if ruling is not None:
            retire(ruling)
            document = adjudication.document_id
            audit(
                Action.RULING_UNDONE,
                actor=user,
                object=Target("ruling", ruling.pk, document=document),
                before={"difference": difference.pk},
            )
    return difference


def held_difference(user: User, difference_id: int) -> tuple[Adjudication, Difference]:
    """A difference of an adjudication that this person holds, both fresh; inside a transaction. Raises as ``holding.hold``."""
    adjudication_id = Difference.objects.filter(pk=difference_id).values_list("adjudication", flat=True).first()
    if adjudication_id is None:
        raise AdjudicationNotFound(f"There is no difference {difference_id}.")
    adjudication = hold(user, adjudication_id)
    return adjudication, Difference.objects.select_related("ruling").get(pk=difference_id)


def write_ruling(user: User, adjudication: Adjudication, difference: Difference, decision: Decision, value: str | None) -> Ruling:
    """A ruling for the vendor and field, with the crop that it was decided by."""
    places = DocumentPlaces.of(adjudication.document, adjudication.agreement.first.prediction or adjudication.agreement.second.prediction)
    ruling = Ruling.objects.create(
        vendor_id=adjudication.document.vendor_id,
        field=difference.name,
        cause=difference.cause,
        choice=decision.choice,
        value=value or "",
        reason=decision.reason.strip(),
        place=ruling_place(places, adjudication, difference, value),
        author=user,
    )
    after = {"field": ruling.field, "choice": ruling.choice, "cause": ruling.cause, "difference": difference.pk}
    audit(Action.RULING_MADE, actor=user, object=Target("ruling", ruling.pk, document=adjudication.document_id), after=after)
    return ruling


def _name_cause(user: User, adjudication: Adjudication, difference: Difference, cause: str) -> None:
    """Give a difference another cause, without storing it yet."""
    if difference.cause == cause:
        return
    target = Target("adjudication", adjudication.pk, document=adjudication.document_id)
    before = {"difference": difference.pk, "cause": difference.cause}
    audit(Action.CAUSE_CORRECTED, actor=user, object=target, before=before, after={"difference": difference.pk, "cause": cause})
    difference.cause = cause


def write_choice(difference: Difference, choice: str, value: str | None, ruling: Ruling | None, user: User | None) -> None:
    """Store how a difference stands; an empty choice opens it again."""
    difference.choice, difference.value, difference.ruling, difference.settled_by = choice, value, ruling, user
    difference.settled_at = timezone.now() if choice else None
    difference.save(update_fields=["cause", "choice", "value", "ruling", "settled_by", "settled_at"])


def retire(ruling: Ruling) -> None:
    """A ruling that settles nothing any more is no precedent."""
    if not ruling.differences.exists():
        Ruling.objects.filter(pk=ruling.pk, undone_at=None).update(undone_at=timezone.now())
