"""Writing guidelines, promoting rulings into them, and noting who has seen what."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target
from invoices.audit.recording import record as audit
from invoices.models import Role, User
from labeling.errors import GuidelineChanged, RequestInvalid, RoleNeeded, RulingNotFound
from labeling.guidelines.fields import FIELDS
from labeling.models import Guideline, GuidelineRead, Ruling

MAX_TEXT = 20_000


def write_guideline(*, user: User, field: str, text: str, version: int, rulings: Sequence[int] = ()) -> Guideline:
    """Store the next version of a field's guideline; ``version`` is the one it was written from (0: there was none).

    ``rulings`` are those that it was made of. The same text again changes nothing but them. Raises ``RoleNeeded``,
    ``RequestInvalid`` (``field_unknown``, ``text_too_long``), ``RulingNotFound`` or ``GuidelineChanged``.
    """
    text = _checked(user, field, text)
    with transaction.atomic():
        newest = Guideline.objects.select_for_update().filter(field=field).order_by("-version").first()
        current = newest.version if newest else 0
        if version != current:
            newer = {"version": current, "text": newest.text if newest else ""}
            detail = f"You wrote from version {version}; version {current} is there meanwhile. Put your change into that one."
            raise GuidelineChanged(detail, {"current": newer})
        chosen = Ruling.objects.filter(pk__in=rulings, field=field)
        if len(set(rulings)) != chosen.count():
            raise RulingNotFound(f"Not all of the rulings {', '.join(map(str, rulings))} exist and are about this field.")
        if newest is None or newest.text != text:
            newest = _next_version(user, field, text, current + 1)
        chosen.update(guideline=newest)
        after = {"field": field, "version": newest.version, "rulings": sorted(rulings)}
        audit(Action.GUIDELINE_CHANGED, actor=user, object=Target("guideline", newest.pk), before={"version": version}, after=after)
    return newest


def mark_read(*, user: User, last: int) -> None:
    """This person has seen every guideline up to ``last``; an older number takes nothing back."""
    newest = Guideline.objects.filter(pk__lte=last).order_by("-pk").first()
    if newest is None:
        return
    read, created = GuidelineRead.objects.get_or_create(user=user, defaults={"last": newest})
    if not created and read.last_id < newest.pk:
        GuidelineRead.objects.filter(pk=read.pk, last__lt=newest.pk).update(last=newest)


def _next_version(user: User, field: str, text: str, version: int) -> Guideline:
    try:
        with transaction.atomic():
            return Guideline.objects.create(field=field, version=version, text=text, author=user)
    except IntegrityError as error:  # two people wrote at the same moment
        other = Guideline.objects.get(field=field, version=version)
        newer = {"version": version, "text": other.text}
        detail = f"Somebody wrote version {version} at the same moment. Put your change into that one."
        raise GuidelineChanged(detail, {"current": newer}) from error


def _checked(user: User, field: str, text: str) -> str:
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Writing guidelines needs the role of a senior or an admin.")
    if field not in FIELDS:
        raise RequestInvalid("field_unknown", f"{field[:80]!r} is no field; choose one of {', '.join(FIELDS)}.")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip() + "\n"
    if len(text) > MAX_TEXT:
        raise RequestInvalid("text_too_long", f"The guideline has {len(text)} characters; the limit is {MAX_TEXT}. Say it in fewer words.")
    return text
