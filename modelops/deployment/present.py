"""What serves now, as the history of deployments says it: looked at, or locked to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from modelops.deployment.chain import Link, returns_to
from modelops.errors import Refused
from modelops.models import Deployment, ModelVersion

TEMPLATES_ALONE = "templates alone"
_LOCK = 0x636F756E_73657276
"""Whoever changes what serves holds it until the transaction ends (PostgreSQL)."""


@dataclass(frozen=True)
class Present:
    """The active deployments. ``version`` is the number of the newest deployment, 0 without any: whoever changes something says which
    one was looked at."""

    champion: Deployment | None
    canary: Deployment | None
    version: int

    @property
    def model(self) -> ModelVersion | None:
        """The champion; ``None`` for templates alone."""
        return self.champion.model if self.champion else None

    def to_json(self) -> dict[str, Any]:
        """What serves, for programs."""
        canary = self.canary
        return {
            "version": self.version,
            "champion": deployment_json(self.champion) if self.champion else None,
            "canary": deployment_json(canary) if canary else None,
        }


def present(*, lock: bool = False) -> Present:
    """What serves now: two statements. With ``lock``, inside a transaction, nobody else changes it before its end (a third one)."""
    if lock:
        _wait_for_others()
    active = Deployment.objects.filter(ended_at=None).order_by("pk")
    rows = {row.slot: row for row in active.select_related("model", "by")}
    newest = Deployment.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Present(rows.get(Deployment.Slot.CHAMPION), rows.get(Deployment.Slot.CANARY), newest or 0)


def _wait_for_others() -> None:
    """One change at a time. Before the very first there is no row to lock; on SQLite the transaction has the lock of all writers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def expect(now: Present, expected: int | None) -> None:
    """Refuse a change that was decided on other grounds. Raises ``Refused`` (``deployment_changed``) with what serves now."""
    if expected is not None and expected != now.version:
        raise changed(now)


def changed(now: Present) -> Refused:
    """What whoever comes second is told."""
    newest = Deployment.objects.select_related("by").filter(pk=now.version).first()
    who = f" ({newest.by.username})" if newest and newest.by else ""
    detail = (
        f"Somebody{who} has changed what serves since you looked: now it is {name_of(now.model)}"
        f"{f', with {name_of(now.canary.model)} for {now.canary.share} % of the documents' if now.canary else ''}. "
        "Nothing was changed by you; look at it again and decide anew."
    )
    return Refused("deployment_changed", detail, {"now": now.to_json()})


def before(now: Present) -> Deployment | None:
    """The deployment whose model a return of the champion leads back to; ``None`` when nothing served before."""
    if now.champion is None:
        return None
    rows = Deployment.objects.filter(slot=Deployment.Slot.CHAMPION).order_by("pk").values_list("pk", "replaces", "kind")
    target = returns_to((Link(pk, replaces, kind == Deployment.Kind.ROLLBACK) for pk, replaces, kind in rows), now.champion.pk)
    return Deployment.objects.select_related("model").get(pk=target) if target is not None else None


def name_of(model: ModelVersion | None) -> str:
    """A model as sentences call it."""
    return str(model) if model else TEMPLATES_ALONE


def deployment_json(row: Deployment) -> dict[str, Any]:
    """A deployment for programs; ``model`` is null for templates alone."""
    return {
        "id": row.pk,
        "slot": row.slot,
        "kind": row.kind,
        "model": {"number": row.model.number, "model_id": row.model.model_id} if row.model else None,
        "share": row.share,
        "by": row.by.username if row.by else None,
        "reason": row.reason,
        "at": row.at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "taken_up_at": row.taken_up_at.isoformat() if row.taken_up_at else None,
        "refusal": row.refusal,
        "gate_result": row.result_id,
        "override": row.override_id,
    }
