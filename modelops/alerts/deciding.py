"""What a person says to an alert: seen, not now, done. Each is kept with who and why, and is in the trail."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User, Vendor
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import Alert, AlertKind, AlertMute

MAX_NOTE = 500
MOST_HOURS = 24 * 90
State = Alert.State


def acknowledge(*, user: User, alert_id: int, note: str = "") -> Alert:
    """Somebody has seen to it; it stays until it is over. The same again changes nothing.

    Raises ``NotFound``, ``Refused`` (``alert_resolved``) and ``RequestInvalid`` (``note_too_long``).
    """
    return _decide(user, alert_id, State.ACKNOWLEDGED, _checked_note(note))


def mute(*, user: User, alert_id: int, hours: int, note: str = "") -> Alert:
    """Tell nobody of this alert for so many hours (1 to ``MOST_HOURS``); after that, if it still holds, it opens again and is told of.

    Raises as ``acknowledge``, and ``RequestInvalid`` (``hours_invalid``).
    """
    return _decide(user, alert_id, State.MUTED, _checked_note(note), until=_until(hours))


def resolve(*, user: User, alert_id: int, note: str) -> Alert:
    """It is dealt with, for the reason in ``note``; it does not open again in the policy's quiet hours.

    Raises as ``acknowledge``, and ``RequestInvalid`` (``note_missing``).
    """
    said = _checked_note(note)
    if not said:
        raise RequestInvalid(
            "note_missing", "Say in a few words what was done about it, or why nothing needs to be; it is kept with the alert."
        )
    return _decide(user, alert_id, State.RESOLVED, said)


def mute_all(*, user: User, hours: int, kind: str = "", vendor_id: int | None = None, note: str = "") -> AlertMute:
    """Tell nobody of alerts of a kind, or about a vendor, or both, for so many hours. Alerts are opened, and kept, all the same.

    Raises ``RequestInvalid`` (``mute_invalid``, ``hours_invalid``, ``note_too_long``) and ``NotFound`` (``vendor_not_found``).
    """
    if kind not in ("", *AlertKind.values) or (not kind and vendor_id is None):
        raise RequestInvalid("mute_invalid", f"Give a kind ({', '.join(AlertKind.values)}), a vendor, or both.")
    if vendor_id is not None and not Vendor.objects.filter(pk=vendor_id).exists():
        raise NotFound("vendor_not_found", f"There is no vendor {vendor_id}.")
    said, until = _checked_note(note), _until(hours)
    with transaction.atomic():
        made = AlertMute.objects.create(kind=kind, vendor_id=vendor_id, until=until, note=said, by=user)
        after = {"decision": "mute_all", "kind": kind, "vendor": vendor_id, "until": until.isoformat()}
        record(Action.ALERT_DECIDED, actor=user, object=Target("alert_mute", made.pk), after=after)
    return made


def unmute(*, user: User, mute_id: int) -> None:
    """End a mute now. Ended already, nothing changes. Raises ``NotFound`` (``mute_not_found``)."""
    now = timezone.now()
    with transaction.atomic():
        if not AlertMute.objects.filter(pk=mute_id).exists():
            raise NotFound("mute_not_found", f"There is no mute {mute_id}.")
        if AlertMute.objects.filter(pk=mute_id, until__gt=now).update(until=now):
            record(Action.ALERT_DECIDED, actor=user, object=Target("alert_mute", mute_id), after={"decision": "unmute"})


def _decide(user: User, alert_id: int, state: str, note: str, until: dt.datetime | None = None) -> Alert:
    now = timezone.now()
    with transaction.atomic():
        alert = Alert.objects.select_for_update(of=("self",)).select_related("vendor", "decided_by").filter(pk=alert_id).first()
        if alert is None:
            raise NotFound("alert_not_found", f"There is no alert {alert_id}. Reload the list.")
        if alert.state == State.RESOLVED:
            if state == State.RESOLVED and alert.resolved_by_person and alert.decided_by_id == user.pk:
                return alert
            who = alert.decided_by.username if alert.decided_by and alert.resolved_by_person else "itself"
            raise Refused("alert_resolved", f"Alert {alert_id} was resolved by {who} already; nothing was changed. Reload the list.")
        if (alert.state, alert.note, alert.muted_until) == (state, note, until):
            return alert
        before = alert.state
        alert.state, alert.note, alert.muted_until, alert.decided_by, alert.decided_at = state, note, until, user, now
        alert.resolved_at = now if state == State.RESOLVED else None
        alert.save(update_fields=["state", "note", "muted_until", "decided_by", "decided_at", "resolved_at"])
        more = {"until": until.isoformat()} if until else {}
        record(
            Action.ALERT_DECIDED,
            actor=user,
            object=Target("alert", alert.pk),
            before={"state": before},
            after={"state": state, "kind": alert.kind, **more},
        )
    return alert


def _checked_note(note: str) -> str:
    said = note.replace("\x00", "").strip()
    if len(said) > MAX_NOTE:
        raise RequestInvalid("note_too_long", f"The note has {len(said)} characters; the limit is {MAX_NOTE}. Shorten it.")
    return said


def _until(hours: int) -> dt.datetime:
    if not 1 <= hours <= MOST_HOURS:
        raise RequestInvalid("hours_invalid", f"{hours} hours: give 1 to {MOST_HOURS} ({MOST_HOURS // 24} days).")
    return timezone.now() + dt.timedelta(hours=hours)
