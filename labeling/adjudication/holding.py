"""Who may work on an adjudication, and getting hold of one inside a transaction."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from invoices.models import Role, User
from labeling.assignment import lease_sql
from labeling.errors import AdjudicationNotFound, AlreadyResolved, LeaseLost, OwnLabel, RoleNeeded
from labeling.models import Adjudication, Annotation, Difference

_WITH = ("document__vendor", "agreement__vendor", "agreement__first__prediction", "agreement__second__prediction", "task")


def labeled_by(user: User) -> Exists:
    """Whether this person labeled the document of an adjudication: then it is not theirs to settle."""
    return Exists(Annotation.objects.filter(document=OuterRef("document"), author=user))


def adjudications() -> QuerySet[Adjudication]:
    """Adjudications with everything that settling them needs, but for their differences."""
    return Adjudication.objects.select_related(*_WITH).defer("document__text_signature")


def with_differences(rows: QuerySet[Adjudication]) -> QuerySet[Adjudication]:
    """The differences along, in the order in which they are read; one more statement."""
    differences = Difference.objects.select_related("ruling", "settled_by").order_by("pk")
    return rows.prefetch_related(Prefetch("differences", queryset=differences))


def require_senior(user: User) -> None:
    """Raise ``RoleNeeded`` for a person who adjudicates nothing."""
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Adjudicating needs the role of a senior or an admin.")


def hold(user: User, adjudication_id: int) -> Adjudication:
    """The open adjudication, locked, with the lease of its task moved on; to be called inside a transaction.

    Raises ``RoleNeeded``, ``AdjudicationNotFound``, ``OwnLabel``, ``AlreadyResolved`` or ``LeaseLost``.
    """
    require_senior(user)
    Adjudication.objects.select_for_update().filter(pk=adjudication_id).values_list("pk").first()
    row = adjudications().filter(pk=adjudication_id).annotate(is_own=labeled_by(user)).first()
    if row is None:
        raise AdjudicationNotFound(f"There is no adjudication {adjudication_id}.")
    refuse_own(row, user)
    if row.state != Adjudication.State.OPEN:
        raise AlreadyResolved(f"Adjudication {row.pk} is {row.get_state_display().lower()}. Open the next one.")
    if row.task is not None:
        if row.task.assignee_id != user.pk:
            raise LeaseLost(f"You no longer hold adjudication {row.pk}. What you settled is kept; open it again or go on with the next.")
        lease_sql.extend(row.task.pk, user_id=user.pk)
    return row


def refuse_own(adjudication: Adjudication, user: User) -> None:
    """Raise ``OwnLabel`` when ``labeled_by`` said so (annotated as ``is_own``)."""
    if getattr(adjudication, "is_own", False):
        raise OwnLabel("One of the two labels is yours, so another senior has to settle this document.")


def reachable(user: User) -> Q:
    """Adjudications that this person may settle without opening them: nobody else is at work on them."""
    nobody = Q(task__assignee=None) | Q(task__lease_expires_at=None) | Q(task__lease_expires_at__lte=Now())
    return Q(task=None) | Q(task__assignee=user) | nobody
