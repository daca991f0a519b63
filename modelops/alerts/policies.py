"""The alert policy that counts, and storing a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from invoices.audit.actions import Action
from invoices.models import User
from labeling.versioned.settings import PolicySetting
from labeling.versioned.storing import VersionedPolicy
from mlcore.alerting.limits import Limits
from modelops.errors import RequestInvalid, RoleNeeded
from modelops.models import AlertPolicyVersion

_LIMITS, _CHANCE, _TELLING = "Limits", "So that chance raises no alert", "How alerts behave"
ALERT_SETTINGS: tuple[PolicySetting, ...] = (
    PolicySetting(
        "vendor_drop", "points", _LIMITS, "Loss of a vendor’s accuracy",
        "More than this against the vendor’s own earlier level, and surely a loss at all, is an alert at once.", 0.001, 0.5,
    ),
    PolicySetting(
        "overall_floor", "share", _LIMITS, "Least accuracy of all",
        "The share of right values over all vendors that the machine has to keep.", 0.5, 0.9999,
    ),
    PolicySetting(
        "review_share", "share", _LIMITS, "Most that may wait for review",
        "Of all open documents and those that went through alone meanwhile. Above it people do not keep up with what the machine doubts.",
        0.01, 1.0,
    ),
    PolicySetting(
        "layout_documents", "count", _LIMITS, "A layout is new from",
        "Documents of a vendor in the window that look like none before.", 2, 10_000,
    ),
    PolicySetting(
        "silent_minutes", "count", _LIMITS, "A worker is silent after",
        "Minutes in which nobody who serves a queue gave a sign.", 1, 1_440, "min",
    ),
    PolicySetting("job_deaths", "count", _LIMITS, "Failed jobs of one kind", "Jobs that failed three times each.", 1, 10_000),
    PolicySetting(
        "window_days", "count", _CHANCE, "Days that are looked at",
        "Where too few documents were judged in them, up to four times as many.", 1, 90, "days",
    ),
    PolicySetting("before_days", "count", _CHANCE, "Days that they are compared with", "The days before those.", 1, 365, "days"),
    PolicySetting(
        "least_documents", "count", _CHANCE, "Least judged documents",
        "With fewer nothing is said about accuracy, on either side of a comparison.", 10, 100_000,
    ),
    PolicySetting("least_open", "count", _CHANCE, "Least open documents", "With fewer nothing is said about the queue.", 1, 1_000_000),
    PolicySetting(
        "false_alarm", "share", _CHANCE, "Chance of a false alarm",
        "For one look at one limit; all vendors together share it, so that a hundred vendors raise no more of them than one.",
        0.0001, 0.2,
    ),
    PolicySetting(
        "margin", "share", _TELLING, "Back by so much before it is over",
        "Of the limit’s own size. Between the limit and there an alert stays as it is, so that it does not come and go.", 0.0, 0.9,
    ),
    PolicySetting(
        "storm_from", "count", _TELLING, "One message for more than",
        "New alerts in one look. Each is kept by itself all the same.", 1, 1_000,
    ),
    PolicySetting(
        "quiet_hours", "count", _TELLING, "Rest after somebody resolved it",
        "So long the same alert is not opened again, whatever is found.", 0, 720, "h",
    ),
    PolicySetting(
        "tell_over", "switch", _TELLING, "Tell when it is over",
        "A message when an alert is over by itself, at most one a day about the same.",
    ),
)  # fmt: skip
_OF_RULES = frozenset(Limits.__dataclass_fields__)


ALERT_POLICY: Final = VersionedPolicy(
    AlertPolicyVersion,
    ALERT_SETTINGS,
    title="the limits of alerts",
    called="this policy",
    target="alert_policy",
    action=Action.POLICY_CHANGED,
    refusal=RequestInvalid,
    forbidden=RoleNeeded,
)


def current_alert_policy() -> AlertPolicyVersion:
    """The newest version, or the defaults (not stored, without an id)."""
    return ALERT_POLICY.current()


def limits_of(policy: AlertPolicyVersion) -> Limits:
    """What the rules read of it."""
    return Limits(**{name: getattr(policy, name) for name in _OF_RULES})


def set_alert_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> AlertPolicyVersion:
    """``VersionedPolicy.store``. Raises ``RoleNeeded`` and ``RequestInvalid`` (``policy_invalid``) with every problem."""
    return ALERT_POLICY.store(user=user, values=values, note=note)
