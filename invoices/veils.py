"""Documents that a person is shown as open whatever became of them, because that person is tested with their truth.

Every screen and answer that says how a document stands asks here first. Veils are laid and lifted by ``labeling.trials``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from invoices.models import Document, DocumentStatus, Veil
from invoices.people import Role, User

SHOWN_AS = DocumentStatus.PREFILLED


def is_tested(user: User) -> bool:
    """Whether documents are ever kept from this person: billers are tested, those who settle the truth are not."""
    return user.role == Role.BILLER


def veiled(user: User) -> frozenset[int]:
    """The ids of the documents that this person is shown as open: one statement, none for those who are never tested."""
    if not is_tested(user):
        return frozenset()
    return frozenset(Veil.objects.filter(person=user).values_list("document_id", flat=True))


def is_veiled(user: User, document_id: int) -> bool:
    """``veiled`` for one document."""
    return is_tested(user) and Veil.objects.filter(person=user, document=document_id).exists()


def standing_as(status: str, hidden: Collection[int], document: str = "pk") -> Q:
    """Documents that are shown as ``status``; ``document`` is the path to the id from the query's model."""
    prefix = document.removesuffix("pk")
    true, theirs = Q(**{f"{prefix}status": status}), Q(**{f"{document}__in": hidden})
    if not hidden:
        return true
    return true | theirs if status == SHOWN_AS else true & ~theirs


def shown(documents: Iterable[Document], hidden: Collection[int]) -> None:
    """Put the status that is shown into documents that were read for showing. They must not be saved."""
    for document in documents:
        if document.pk in hidden:
            document.status = SHOWN_AS
