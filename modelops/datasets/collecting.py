"""Asking for a data set version. The version is a row at once; a worker, or a command, puts it together and freezes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from modelops.datasets.rules import Rules
from modelops.datasets.synthetic_numbers import Synthetic, synthetic_of
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetVersion
from modelops.signals import dataset_wanted

MAX_NOTE = 500
MOST_DAYS = 3_650


def collect(
    *,
    by: User | None,
    since: dt.date | None = None,
    parent: DatasetVersion | None = None,
    synthetic: Synthetic | Mapping[str, Any] | None = None,
    note: str = "",
    merged: Sequence[DatasetVersion] = (),
) -> DatasetVersion:
    """A version of the gold made since ``since`` (a day, UTC), merged with the documents of ``parent`` and of ``merged``.

    Without a day it is all gold there is. Announces ``dataset_wanted``. ``by`` is ``None`` for the station itself.
    Raises ``RequestInvalid`` (``since_invalid``, ``note_too_long``, ``synthetic_invalid``) and ``Refused`` (``admin_needed``,
    ``dataset_not_frozen`` for a parent that is not, ``dataset_underway`` while another one is being put together).
    """
    wanted = synthetic_of(synthetic)
    _check(by, since, parent, merged, note)
    sources = [one.number for one in (parent, *merged) if one is not None]
    plan = {"rules": Rules().to_json(), "synthetic": wanted.to_json(), "sources": sources}
    try:
        with transaction.atomic():
            number = (DatasetVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
            version = DatasetVersion.objects.create(
                number=number, parent=parent, since=since, plan=plan, note=" ".join(note.split()), created_by=by
            )
            after = {"number": number, "since": since.isoformat() if since else None, "merged_with": sources}
            record(Action.DATASET_MADE, actor=by, object=Target("dataset", version.pk), after=after)
            dataset_wanted.send(sender=DatasetVersion, version_id=version.pk)
    except IntegrityError as error:
        other = DatasetVersion.objects.filter(state=DatasetVersion.State.COLLECTING).values_list("number", flat=True).first()
        told = f"Data set {other} is being put together" if other else "Another data set was begun in this moment"
        raise Refused("dataset_underway", f"{told}. Wait until it is done; what it holds is then known.", {"number": other}) from error
    return version


def version_numbered(number: int) -> DatasetVersion:
    """The version that people call by this number. Raises ``NotFound``."""
    version = DatasetVersion.objects.filter(number=number).first()
    if version is None:
        raise NotFound("dataset_not_found", f"There is no data set {number}.")
    return version


def newest_frozen() -> DatasetVersion | None:
    """The newest version that can be trained on or merged with: frozen, with every document that it was frozen with."""
    return DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, removed_documents=0).order_by("-number").first()


def day_before(days: int) -> dt.date:
    """The day (UTC) that many days ago. Raises ``RequestInvalid`` (``days_invalid``)."""
    if not 1 <= days <= MOST_DAYS:
        raise RequestInvalid("days_invalid", f"{days} days are not from 1 to {MOST_DAYS:,}; give the days that are to be collected.")
    return timezone.now().date() - dt.timedelta(days=days)


def _check(by: User | None, since: dt.date | None, parent: DatasetVersion | None, merged: Sequence[DatasetVersion], note: str) -> None:
    if by is not None and not by.has_role(Role.ADMIN):
        raise Refused("admin_needed", "Data sets are the admins' to put together.")
    if since is not None and since > timezone.now().date():
        raise RequestInvalid("since_invalid", f"{since} has not come yet; choose a day from which corrections are to be collected.")
    if len(note) > MAX_NOTE:
        raise RequestInvalid("note_too_long", f"The note has {len(note)} characters; the limit is {MAX_NOTE}. Shorten it.")
    for one in (parent, *merged):
        if one is not None and one.state != DatasetVersion.State.FROZEN:
            raise Refused("dataset_not_frozen", f"Data set {one.number} is not frozen, so nothing can be merged with it.")
