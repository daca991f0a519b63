"""The trigger policy that counts, and storing a new version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from invoices.audit.actions import Action
from invoices.models import User
from labeling.versioned.settings import PolicySetting
from labeling.versioned.storing import VersionedPolicy
from mlcore.alerting.wanting import TriggerLimits
from modelops.errors import RequestInvalid, RoleNeeded
from modelops.models import TriggerPolicy

_WHEN, _WHAT_THEN = "What asks for a run", "What happens then"
TRIGGER_SETTINGS: tuple[PolicySetting, ...] = (
    PolicySetting(
        "every_days", "count", _WHEN, "Every",
        "Days after the last data set, with new records. 0: never by itself.", 0, 3_650, "days",
    ),
    PolicySetting(
        "drop_points", "number", _WHEN, "A vendor’s template changed",
        "Loss of accuracy that an alert has found, in points.", 0.1, 100, "points",
    ),
    PolicySetting(
        "changed_examples", "count", _WHEN, "with so many new records", "Confirmed of the vendor since that was found.", 1, 100_000,
    ),
    PolicySetting(
        "new_vendor_examples", "count", _WHEN, "A new vendor is ready with",
        "Confirmed records of a vendor that no model has learned from. Vendors that are held out for testing ask for nothing.",
        1, 1_000_000,
    ),
    PolicySetting(
        "starts_by_itself", "switch", _WHAT_THEN, "Start without an admin",
        "The data set is put together and the run begins, one at a time, unless the preflight refuses or asks to confirm something.",
    ),
    PolicySetting(
        "hourly_rate", "money", _WHAT_THEN, "What an hour of a device costs",
        "For the cost of runs, in your currency.", 0, 100_000, "an hour",
    ),
)  # fmt: skip


def _row(values: Mapping[str, Any]) -> TriggerPolicy:
    policy = TriggerPolicy(**values)
    policy.hourly_rate = Decimal(str(policy.hourly_rate)).quantize(Decimal("0.0001"))
    return policy


TRIGGER_POLICY: Final = VersionedPolicy(
    TriggerPolicy,
    TRIGGER_SETTINGS,
    title="what asks for a run",
    called="this policy",
    target="trigger_policy",
    action=Action.TRIGGER_POLICY_CHANGED,
    refusal=RequestInvalid,
    forbidden=RoleNeeded,
    build=_row,
)


def current_trigger_policy() -> TriggerPolicy:
    """The newest version, or the defaults (not stored, without an id)."""
    return TRIGGER_POLICY.current()


def trigger_limits(policy: TriggerPolicy) -> TriggerLimits:
    """What the rules read of it."""
    return TriggerLimits(policy.every_days, policy.drop_points, policy.changed_examples, policy.new_vendor_examples)


def set_trigger_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> TriggerPolicy:
    """``VersionedPolicy.store``. Raises ``RoleNeeded`` and ``RequestInvalid`` (``policy_invalid``) with every problem."""
    return TRIGGER_POLICY.store(user=user, values=values, note=note)
