"""The onboarding: an ordered set of documents that a new person labels first. It is open about what it is; the truth shows after each."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from labeling.errors import PersonNotFound, RequestInvalid, RoleNeeded
from labeling.models import Annotation, GoldRecord, KnownDocument, TaskPurpose, Trial
from labeling.suspects.disputed import disputed_gold
from labeling.trials.choosing import seen_by, with_prefill
from labeling.trials.handing_out import hand_out, reserve

_FIRST_RANK = 1_000
"""Larger than any priority of work (``assignment.strategies.priority``); each step has less than the one before, to keep their order."""


def start_onboarding(*, user: User, person_id: int) -> int:
    """Hand a biller every document of the set that they have not seen and whose truth is not in dispute; answers how many. Again, only
    what was added since.

    Raises ``RoleNeeded``, ``PersonNotFound``, and ``RequestInvalid`` (``set_empty``).
    """
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Starting an onboarding needs the role of a senior biller.")
    person = User.objects.filter(pk=person_id, role=Role.BILLER, is_active=True).first()
    if person is None:
        raise PersonNotFound(f"There is no active biller {person_id}. Reload the list.")
    if not KnownDocument.objects.filter(purpose=TaskPurpose.ONBOARDING).exists():
        raise RequestInvalid("set_empty", "There is no onboarding set yet. Open a settled document and add it to the set.")
    with transaction.atomic():
        count = _hand_out(person)
        record(Action.KNOWN_CHANGED, actor=user, object=Target("person", person.pk), after={"use": "onboarding", "handed_out": count})
    return count


def welcome_new() -> int:
    """Start the onboarding of active billers who have labeled nothing and had none; answers for how many. Without a set nothing happens."""
    if not KnownDocument.objects.filter(purpose=TaskPurpose.ONBOARDING).exists():
        return 0
    begun = Exists(Trial.objects.filter(person=OuterRef("pk"), purpose=TaskPurpose.ONBOARDING))
    worked = Exists(Annotation.objects.filter(author=OuterRef("pk")))
    started = 0
    for person in User.objects.filter(~begun, ~worked, role=Role.BILLER, is_active=True).order_by("pk"):
        with transaction.atomic():
            started += bool(_hand_out(person))
    return started


def _hand_out(person: User) -> int:
    steps = KnownDocument.objects.filter(purpose=TaskPurpose.ONBOARDING).order_by("position", "pk")
    order = list(steps.values_list("document", flat=True))
    unseen = set(order) - seen_by(person, order)
    golds = GoldRecord.objects.filter(document__in=unseen, is_current=True).select_related("document")
    golds = golds.exclude(pk__in=disputed_gold().values("pk")).defer("document__text_signature")
    material = {one.document.pk: one for one in with_prefill(golds)}
    had = Trial.objects.filter(person=person, purpose=TaskPurpose.ONBOARDING).count()
    wanted = [material[document_id] for document_id in order if document_id in material]
    for number, one in enumerate(wanted, start=had + 1):
        trial = reserve(person, one, TaskPurpose.ONBOARDING)
        trial.position = number
        trial.save(update_fields=["position"])
        hand_out(trial, rank=_FIRST_RANK - number)
    return len(wanted)
