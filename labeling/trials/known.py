"""What seniors choose to test and to train people with, and when a person is told about their tests."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User, Veil
from labeling.blindness import is_blind
from labeling.errors import GoldNotFound, PersonNotFound, RequestInvalid, RoleNeeded
from labeling.gold_lookup import current_gold
from labeling.models import KnownDocument, TaskPurpose, Trial
from labeling.suspects.disputed import disputed_gold
from labeling.trials.choosing import with_prefill

USES = (TaskPurpose.GOLD_TEST, TaskPurpose.ONBOARDING)
MOST_STEPS = 50
"""Documents of the onboarding set."""


def choose_document(*, user: User, document_id: int, purpose: str) -> KnownDocument:
    """Use a document whose truth is settled for gold tests, or as the last step of the onboarding. The same again changes nothing.

    Raises ``RoleNeeded``, ``GoldNotFound``, and ``RequestInvalid`` (``purpose_unknown``, ``document_not_fit``, ``set_full``).
    """
    _need_senior(user)
    use = _use(purpose)
    gold = current_gold(document_id)
    if gold is None:
        raise GoldNotFound(f"Document {document_id} has no gold record. Choose one whose truth is settled.")
    with transaction.atomic():
        known = KnownDocument.objects.filter(document=document_id, purpose=use).first()
        if known is not None:
            return known
        if is_blind(document_id) or disputed_gold().filter(pk=gold.pk).exists():
            raise RequestInvalid("document_not_fit", f"The truth about document {document_id} is in dispute. Settle that first.")
        if not with_prefill([gold]):
            why = "it was never filled in before somebody labeled it, or its vendor was corrected"
            raise RequestInvalid("document_not_fit", f"Document {document_id} cannot be shown as an open one: {why}. Choose another one.")
        steps = KnownDocument.objects.select_for_update().filter(purpose=use)
        if use == TaskPurpose.ONBOARDING and len(steps) >= MOST_STEPS:
            raise RequestInvalid("set_full", f"The onboarding has {MOST_STEPS} documents, which is the limit. Take one out first.")
        last = steps.aggregate(last=Max("position"))["last"] or 0
        known = KnownDocument.objects.create(document_id=document_id, purpose=use, position=last + 1, by=user)
        _record(user, document_id, use, "added")
    return known


def leave_document(*, user: User, document_id: int, purpose: str) -> bool:
    """No longer use it; whoever has it in hand goes on. Answers whether it was used. Raises ``RoleNeeded``, ``RequestInvalid``."""
    _need_senior(user)
    use = _use(purpose)
    with transaction.atomic():
        gone, _ = KnownDocument.objects.filter(document=document_id, purpose=use).delete()
        if gone:
            _record(user, document_id, use, "removed")
    return bool(gone)


def move_step(*, user: User, document_id: int, up: bool) -> None:
    """Exchange a step of the onboarding with the one before (``up``) or after it; the first stays the first."""
    _need_senior(user)
    with transaction.atomic():
        steps = list(KnownDocument.objects.select_for_update().filter(purpose=TaskPurpose.ONBOARDING).order_by("position", "pk"))
        at = next((number for number, step in enumerate(steps) if step.document_id == document_id), None)
        other = None if at is None else at - 1 if up else at + 1
        if at is None or other is None or not 0 <= other < len(steps):
            return
        steps[at], steps[other] = steps[other], steps[at]
        for position, step in enumerate(steps, start=1):
            KnownDocument.objects.filter(pk=step.pk).update(position=position)
        _record(user, document_id, TaskPurpose.ONBOARDING, "moved")


def tell_results(*, user: User, person_id: int) -> int:
    """Show a person what they were tested with and how it ended: the documents of their finished tests are like any others to them
    from now on. Answers how many. Raises ``RoleNeeded`` and ``PersonNotFound``."""
    _need_senior(user)
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise PersonNotFound(f"There is no person {person_id}. Reload the list.")
    done = Trial.objects.filter(person=person, state__in=(Trial.State.JUDGED, Trial.State.SKIPPED, Trial.State.VOID))
    with transaction.atomic():
        count, _ = Veil.objects.filter(person=person, document__in=done.values("document")).delete()
        if count:
            record(Action.TEST_TOLD, actor=user, object=Target("person", person.pk), after={"documents": count})
    return count


def _need_senior(user: User) -> None:
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("What people are tested and trained with is for senior billers to choose.")


def _use(purpose: str) -> TaskPurpose:
    if purpose not in USES:
        raise RequestInvalid("purpose_unknown", f"{purpose[:40]!r} is no use of a document; choose one of {', '.join(USES)}.")
    return TaskPurpose(purpose)


def _record(user: User, document_id: int, use: TaskPurpose, change: str) -> None:
    record(Action.KNOWN_CHANGED, actor=user, object=Target("document", document_id), after={"use": use.value, "change": change})
