"""Letting a model through all the same: an admin's written reason, in the trail."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from modelops.errors import Refused, RequestInvalid, RoleNeeded
from modelops.gate.permission import changed_since
from modelops.models import GateOverride, GateResult
from modelops.registry.plain import text

LEAST_REASON: Final = 30
MOST_REASON: Final = 1000


def override(result: GateResult, reason: str, by: User) -> GateOverride:
    """Let the model of this verdict serve although it did not pass, or learned from documents that had to go.

    It holds as long as the verdict would: until another champion serves or the policy changes. Raises ``RoleNeeded``, ``RequestInvalid``
    (``reason_invalid``) and ``Refused``: for a verdict that passed, that is not the newest, that holds no more, or that was overridden.
    """
    if not by.has_role(Role.ADMIN):
        raise RoleNeeded("Overriding the gate needs the role of an admin.")
    written = _checked(reason)
    with transaction.atomic():
        locked = GateResult.objects.select_for_update(of=("self",)).select_related("model").get(pk=result.pk)
        _refuse_needless(locked)
        try:
            with transaction.atomic():
                made = GateOverride.objects.create(result=locked, reason=written, by=by, removed_documents=locked.model.removed_documents)
        except IntegrityError as error:
            raise Refused("overridden_already", "This verdict was overridden already; the reason stands beside it.") from error
        failed = [check["code"] for check in locked.verdict.get("checks", []) if check["state"] in ("failed", "unknown")]
        after = {"model": locked.model.number, "result": locked.pk, "against": failed, "removed_documents": made.removed_documents}
        record(Action.GATE_OVERRIDDEN, actor=by, object=Target("gate result", locked.pk), after=after)
    return made


def _checked(reason: str) -> str:
    """The reason with single spaces. That it says something cannot be checked; that it is long enough to, can."""
    written = " ".join(text(reason).split())
    if not LEAST_REASON <= len(written) <= MOST_REASON or len(set(written)) < LEAST_REASON // 4:
        raise RequestInvalid(
            "reason_invalid",
            f"The reason has {len(written)} characters; write {LEAST_REASON} to {MOST_REASON}: why this model may serve although the gate "
            "says no. It stands in the trail under your name.",
        )
    return written


def _refuse_needless(result: GateResult) -> None:
    newest = GateResult.objects.filter(model=result.model_id).order_by("-pk").values_list("pk", flat=True)[0]
    if newest != result.pk:
        raise Refused("verdict_not_newest", "The gate was asked about this model again since; look at the newest verdict.")
    if hasattr(result, "override"):
        raise Refused("overridden_already", "This verdict was overridden already; the reason stands beside it.")
    if stale := changed_since(result, result.model):
        raise Refused("verdict_stale", f"This verdict holds no more, and neither would an override. {' '.join(stale)}")
    if result.passed and not result.model.removed_documents:
        raise Refused("passed_already", "The model passed; there is nothing to override.")
