"""The trigger policy that counts, and storing a new version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.alerting.wanting import TriggerLimits
from modelops.models import TriggerPolicy
from modelops.versioned import Number, PolicySetting, checked, values_of

_WHEN, _WHAT_THEN = "What asks for a run", "What happens then"
TRIGGER_SETTINGS: tuple[PolicySetting, ...] = (
    PolicySetting(
        "every_days", "count", _WHEN, "Every",
        "Days after the last data set, with new records. 0: never by itself.", 0, 3_650, "days",
    ),
    PolicySetting(
        "drop_points", "points", _WHEN, "A vendor’s template changed",
        "Loss of accuracy that an alert has found, in points.", 0.1, 100, "points",
    ),
    PolicySetting(
        "changed_examples", "count", _WHEN, "with so many new records", "Confirmed of the vendor since that was found.", 1, 100_000, "",
    ),
    PolicySetting(
        "new_vendor_examples", "count", _WHEN, "A new vendor is ready with",
        "Confirmed records of a vendor that no model has learned from. Vendors that are held out for testing ask for nothing.",
        1, 1_000_000, "",
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


def current_trigger_policy() -> TriggerPolicy:
    """The newest version, or the defaults (not stored, without an id)."""
    return TriggerPolicy.objects.select_related("created_by").order_by("-pk").first() or TriggerPolicy()


def trigger_limits(policy: TriggerPolicy) -> TriggerLimits:
    """What the rules read of it."""
    return TriggerLimits(policy.every_days, policy.drop_points, policy.changed_examples, policy.new_vendor_examples)


def set_trigger_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> TriggerPolicy:
    """Store the policy with these values changed as a new version; without any change the current one stays and is answered.

    Raises ``RequestInvalid`` (``policy_invalid``) with every problem.
    """
    good = checked(values, note, TRIGGER_SETTINGS)
    with transaction.atomic():
        before = TriggerPolicy.objects.select_for_update().order_by("-pk").first() or TriggerPolicy()
        old = values_of(before, TRIGGER_SETTINGS)
        after: dict[str, Number] = {**old, **good}
        if after == old:
            return before
        rate = Decimal(str(after["hourly_rate"])).quantize(Decimal("0.0001"))
        policy = TriggerPolicy(**{**after, "hourly_rate": rate}, note=note.strip(), created_by=user)
        policy.save()
        changed = [name for name in after if after[name] != old[name]]
        record(
            Action.TRIGGER_POLICY_CHANGED,
            actor=user,
            object=Target("trigger_policy", policy.pk),
            before={name: old[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return policy
