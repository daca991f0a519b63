"""Where alerts are sent: adding, changing, switching off, and trying a destination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.alerting.allowlist import AllowedHost, read_entries, target_of
from mlcore.alerting.signing import new_secret
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import AlertDelivery, AlertDestination, AlertKind
from modelops.signals import alert_told

MOST = 50
"""Destinations that are active."""
EMAIL_OFF = "E-mail is off on this station. Set COUNTERSIGN_EMAIL_HOST (docs/alerts.md) and start it again."
Channel = AlertDestination.Channel


@dataclass(frozen=True, slots=True)
class Added:
    """A destination, and the secret that signs its messages: this is the only time that it is shown. ``""`` for e-mail."""

    destination: AlertDestination
    secret: str


def allowed_hosts() -> tuple[AllowedHost, ...]:
    """What ``COUNTERSIGN_WEBHOOK_HOSTS`` allows."""
    return read_entries(settings.WEBHOOK_HOSTS)[0]


def email_is_on() -> bool:
    """Whether a mail server is configured."""
    return bool(settings.EMAIL_HOST)


def add_destination(*, user: User, channel: str, address: str, kinds: Sequence[str] = ()) -> Added:
    """Have alerts sent there from now on.

    Raises ``RequestInvalid`` (``destination_invalid``) with what is wrong, and ``Refused`` (``destination_known``, ``too_many``).
    """
    if channel not in Channel.values:
        raise RequestInvalid("destination_invalid", f"{channel[:20]!r} is no way to send: give {' or '.join(Channel.values)}.")
    address = _checked_address(channel, address)
    wanted = _checked_kinds(kinds)
    secret = new_secret() if channel == Channel.WEBHOOK else ""
    with transaction.atomic():
        active = list(AlertDestination.objects.select_for_update().filter(is_active=True))
        if any((one.channel, one.address) == (channel, address) for one in active):
            raise Refused("destination_known", "Alerts are sent there already. Change that destination, or switch it off first.")
        if len(active) >= MOST:
            raise Refused("too_many", f"{MOST} destinations are the most. Switch one off first.")
        made = AlertDestination.objects.create(channel=channel, address=address, kinds=wanted, secret=secret, created_by=user)
        _note(user, made, {"added": True, "kinds": wanted})
    return Added(made, secret)


def change_destination(
    *, user: User, destination_id: int, kinds: Sequence[str] | None = None, active: bool | None = None, new_key: bool = False
) -> Added:
    """Change which kinds it wants, switch it on or off, or give a webhook another secret, which is answered once.

    Raises ``NotFound`` (``destination_not_found``) and ``RequestInvalid`` (``destination_invalid``).
    """
    with transaction.atomic():
        one = _locked(destination_id)
        changed: dict[str, Any] = {}
        if kinds is not None and (wanted := _checked_kinds(kinds)) != one.kinds:
            one.kinds = changed["kinds"] = wanted
        if active is not None and active != one.is_active:
            if active:
                _checked_address(one.channel, one.address)
            one.is_active = changed["active"] = active
        secret = ""
        if new_key and one.channel == Channel.WEBHOOK:
            one.secret = secret = new_secret()
            changed["new_secret"] = True
        if changed:
            one.save(update_fields=["kinds", "is_active", "secret"])
            _note(user, one, changed)
    return Added(one, secret)


def try_destination(*, user: User, destination_id: int) -> AlertDelivery:
    """Have a trial message sent; what came of it stands in the delivery, and in the list.

    Raises ``NotFound`` (``destination_not_found``) and ``Refused`` (``destination_off``, ``email_off``, ``trial_waits``).
    """
    with transaction.atomic():
        one = _locked(destination_id)
        if not one.is_active:
            raise Refused("destination_off", "This destination is switched off. Switch it on first.")
        if one.channel == Channel.EMAIL and not email_is_on():
            raise Refused("email_off", EMAIL_OFF)
        if AlertDelivery.objects.filter(alert=None, destination=one, state=AlertDelivery.State.WAITING).exists():
            raise Refused("trial_waits", "A trial message is on its way already. See what comes of it; if it stays, look at the workers.")
        made = AlertDelivery.objects.create(destination=one, event=f"trial:{timezone.now():%Y-%m-%dT%H:%M:%S.%f}")
        _note(user, one, {"tried": True})
        alert_told.send(sender=None, delivery_ids=[made.pk])
    return made


def _locked(destination_id: int) -> AlertDestination:
    one = AlertDestination.objects.select_for_update().filter(pk=destination_id).first()
    if one is None:
        raise NotFound("destination_not_found", f"There is no destination {destination_id}. Reload the list.")
    return one


def _checked_address(channel: str, address: str) -> str:
    address = address.strip()
    if channel == Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise RequestInvalid("destination_invalid", f"{address[:80]!r} is no e-mail address.") from error
        if len(address) > AlertDestination._meta.get_field("address").max_length:  # type: ignore[operator]
            raise RequestInvalid("destination_invalid", "The address is too long.")
        return address
    try:
        target_of(address, allowed_hosts())
    except ValueError as error:
        raise RequestInvalid("destination_invalid", str(error)) from error
    return address


def _checked_kinds(kinds: Sequence[str]) -> list[str]:
    unknown = [str(kind)[:40] for kind in kinds if kind not in AlertKind.values]
    if unknown:
        detail = f"{', '.join(unknown)}: there is no such kind of alert. Give some of {', '.join(AlertKind.values)}, or none for all."
        raise RequestInvalid("destination_invalid", detail)
    return [kind for kind in AlertKind.values if kind in kinds]


def _note(user: User, one: AlertDestination, after: dict[str, Any]) -> None:
    """In the trail, without address and secret."""
    record(
        Action.ALERT_DESTINATION_CHANGED, actor=user, object=Target("alert_destination", one.pk), after={"channel": one.channel, **after}
    )
