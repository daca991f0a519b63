"""Ruling differences that are alike together: what would be written, writing it, and taking all of it back in one step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target
from invoices.audit.recording import record as audit
from invoices.models import Document, User
from labeling.adjudication.decisions import Decision, value_written
from labeling.adjudication.holding import adjudications, labeled_by, reachable, refuse_own, require_senior
from labeling.adjudication.likeness import Transfer, transfer
from labeling.adjudication.resolving import complete, open_again
from labeling.adjudication.settling import held_difference, retire, write_choice, write_ruling
from labeling.errors import AdjudicationNotFound, RequestInvalid, RulingNotFound, UndoRefused
from labeling.models import Adjudication, Choice, Difference, GoldRecord, Ruling

MOST_AT_ONCE = 20
"""Differences that one ruling settles at most, the one in hand included."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A difference like the one in hand, and what the ruling would write into it; ``None`` when nothing follows for it."""

    difference: Difference
    transfer: Transfer | None


@dataclass(frozen=True, slots=True)
class Preview:
    """``value`` is what is written into the difference in hand; ``more`` says that further ones wait for the next group."""

    example: Difference
    value: str | None
    proposals: tuple[Proposal, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """``resolved`` are adjudications that were completed, ``passed_over`` differences that changed since the preview."""

    ruling: Ruling
    settled: tuple[int, ...]
    resolved: tuple[int, ...]
    passed_over: tuple[int, ...]


def preview(*, user: User, difference_id: int, decision: Decision) -> Preview:
    """What a ruling about this difference would write into those alike. Changes nothing but the lease.

    Raises as ``settling.settle``.
    """
    with transaction.atomic():
        adjudication, example = held_difference(user, difference_id)
        return _preview(user, adjudication, example, decision)


def rule_together(*, user: User, difference_id: int, decision: Decision, others: Sequence[tuple[int, str | None]]) -> Ruled:
    """Settle the difference in hand and ``others`` (id and the value that the preview showed) by one ruling; one transaction.

    What is written is worked out anew; where it is not what was shown, the difference is passed over. Documents whose last
    difference this was are resolved, except the one in hand, which stays on the screen. Raises ``RequestInvalid``
    (``group_too_large``) and as ``settling.settle``.
    """
    if len(others) >= MOST_AT_ONCE:
        detail = f"{len(others) + 1} differences; one ruling settles at most {MOST_AT_ONCE}, the one in hand included."
        raise RequestInvalid("group_too_large", detail)
    with transaction.atomic():
        adjudication, example = held_difference(user, difference_id)
        shown = dict(others)
        before = example.ruling
        _lock(shown)
        proposals = _proposals(adjudication, example, decision, alike(user, example).filter(pk__in=shown))
        ruling = write_ruling(user, adjudication, example, decision, value_of(adjudication, example, decision))
        write_choice(example, decision.choice.value, value_of(adjudication, example, decision), ruling, user)
        if before is not None:
            retire(before)
        agreed = [p for p in proposals if p.transfer is not None and p.transfer.value == shown[p.difference.pk]]
        for proposal in agreed:
            assert proposal.transfer is not None
            write_choice(proposal.difference, proposal.transfer.choice.value, proposal.transfer.value, ruling, user)
        settled = [proposal.difference.pk for proposal in agreed]
        touched = {proposal.difference.adjudication_id for proposal in agreed} - {adjudication.pk}
        resolved = _resolve_complete(user, touched)
    return Ruled(ruling, (example.pk, *settled), tuple(resolved), tuple(pk for pk in shown if pk not in settled))


def undo_ruling(*, user: User, ruling_id: int) -> tuple[int, ...]:
    """Take a ruling back with every difference that it settled; answers their ids. Documents that it completed are open again.

    Undoing it again changes nothing. Raises ``RulingNotFound``, ``OwnLabel`` and ``UndoRefused``: when a later gold record
    stands on one of the documents, or somebody else is at work on one.
    """
    require_senior(user)
    with transaction.atomic():
        ruling = Ruling.objects.select_for_update().filter(pk=ruling_id).first()
        if ruling is None:
            raise RulingNotFound(f"There is no ruling {ruling_id}.")
        differences = list(ruling.differences.order_by("pk"))
        cases = _held_still({d.adjudication_id for d in differences}, user)
        for case in cases:
            _refuse_undo(case, user)
        for case in cases:
            if case.state == Adjudication.State.RESOLVED:
                open_again(case, user)
        for difference in differences:
            write_choice(difference, "", None, None, None)
        if Ruling.objects.filter(pk=ruling.pk, undone_at=None).update(undone_at=timezone.now()):
            audit(Action.RULING_UNDONE, actor=user, object=Target("ruling", ruling.pk), before={"differences": len(differences)})
    return tuple(difference.pk for difference in differences)


def reopen(*, user: User, adjudication_id: int) -> None:
    """Open a resolved adjudication again; what was settled stays settled. An open one stays as it is. Raises as ``undo_ruling``."""
    require_senior(user)
    with transaction.atomic():
        case = next(iter(_held_still({adjudication_id}, user)), None)
        if case is None:
            raise AdjudicationNotFound(f"There is no adjudication {adjudication_id}.")
        _refuse_undo(case, user)
        if case.state == Adjudication.State.RESOLVED:
            open_again(case, user)


def alike(user: User, example: Difference, kinds: Collection[tuple[str, str]] | None = None) -> QuerySet[Difference]:
    """Unsettled differences of the same name, cause and vendor in documents that this person may settle, oldest first.

    With ``kinds`` (names and causes) those of all of them, ``example`` and its like in its own document included.
    """
    vendor_id = example.adjudication.document.vendor_id
    if vendor_id is None:
        return Difference.objects.none()
    within = Adjudication.objects.filter(reachable(user), state=Adjudication.State.OPEN, document__vendor=vendor_id)
    within = within.exclude(labeled_by(user))
    wanted = Q()
    for name, cause in kinds or [(example.name, example.cause)]:
        wanted |= Q(name=name, cause=cause)
    rows = Difference.objects.filter(wanted, choice="", adjudication__in=within)
    rows = rows if kinds else rows.exclude(pk=example.pk)
    return rows.select_related("adjudication__document").order_by("pk")


def value_of(adjudication: Adjudication, difference: Difference, decision: Decision) -> str | None:
    """The value that the decision writes into the difference in hand."""
    return value_written(difference, decision, a_is_first=adjudication.a_is_first)


def _preview(user: User, adjudication: Adjudication, example: Difference, decision: Decision) -> Preview:
    found = list(alike(user, example)[:MOST_AT_ONCE])
    proposals = _proposals(adjudication, example, decision, found[: MOST_AT_ONCE - 1])
    return Preview(example, value_of(adjudication, example, decision), tuple(proposals), len(found) == MOST_AT_ONCE)


def _proposals(
    adjudication: Adjudication, example: Difference, decision: Decision, others: Sequence[Difference] | QuerySet[Difference]
) -> list[Proposal]:
    value = value_of(adjudication, example, decision)
    return [
        Proposal(other, transfer(example, Choice(decision.choice), value, other, a_is_first=other.adjudication.a_is_first))
        for other in others
    ]


def _lock(shown: dict[int, str | None]) -> None:
    """The adjudications of the others, in order of id, so that two groups never wait for each other in a circle."""
    wanted = Difference.objects.filter(pk__in=shown).values("adjudication")
    list(Adjudication.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def _held_still(ids: Collection[int], user: User) -> list[Adjudication]:
    """Adjudications with their documents, both locked in order of id: no gold record is written while they are taken back."""
    list(Adjudication.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    documents = Adjudication.objects.filter(pk__in=ids).values("document")
    list(Document.objects.select_for_update().filter(pk__in=documents).order_by("pk").values_list("pk"))
    return list(adjudications().filter(pk__in=ids).annotate(is_own=labeled_by(user)).order_by("pk"))


def _resolve_complete(user: User, touched: set[int]) -> list[int]:
    """Close those in which nothing is left, with the gold record of each."""
    unfinished = Difference.objects.filter(adjudication__in=touched, choice="").values_list("adjudication", flat=True)
    done = sorted(touched - set(unfinished))
    for case in adjudications().filter(pk__in=done).order_by("pk"):
        complete(case, user)
    return done


def _refuse_undo(case: Adjudication, user: User) -> None:
    refuse_own(case, user)
    if case.state == Adjudication.State.RESOLVED:
        newest = GoldRecord.objects.filter(document=case.document_id).order_by("-pk").values_list("pk", flat=True).first()
        if case.gold_id != newest:
            detail = f"{case.document.name} has a newer gold record, which would be lost. Correct that record by a review instead."
            raise UndoRefused(detail, {"document": case.document_id})
    elif not Adjudication.objects.filter(reachable(user), pk=case.pk).exists():
        detail = f"Somebody else is settling {case.document.name} just now. Ask them, or try again when they are done."
        raise UndoRefused(detail, {"document": case.document_id})
