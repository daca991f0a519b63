"""The policy of the gate: its limits as people read them, and the version that counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from invoices.audit.actions import Action
from invoices.models import User
from labeling.versioned.settings import PolicySetting
from labeling.versioned.storing import VersionedPolicy
from mlcore.errors import GateError
from mlcore.gate import GatePolicy
from modelops.errors import RequestInvalid, RoleNeeded
from modelops.models import GatePolicyVersion

MEASURE_LABELS: Final[dict[str, str]] = {
    "field_accuracy": "Right values (validation accuracy)",
    "guide_accuracy": "Right values, as the specification’s own code counts",
    "end_to_end": "Documents with everything right",
    "payment_right": "Documents with every value for the payment right",
    "anls": "Likeness of the records (ANLS*)",
    "row_recall": "Line items found",
    "row_precision": "Line items that are on the page",
    "rows_right": "Line items with everything right",
}
_ACCURACY, _EVIDENCE, _CHAMPION, _SERVICE = "How right it has to be", "How much has to be seen", "Against the champion", "In service"
GATE_SETTINGS: Final[tuple[PolicySetting, ...]] = (
    PolicySetting(
        "measure", "measure", _ACCURACY, "Accuracy is", "What the least accuracy is asked of, on held-out vendors.", choices=MEASURE_LABELS,
    ),
    PolicySetting(
        "accuracy", "share", _ACCURACY, "Accuracy above",
        "On vendors that nothing in the model was learned from. The specification wants 98 % of the values right.",
    ),
    PolicySetting(
        "by_lower_bound", "switch", _ACCURACY, "Hold the lower end to it",
        "The whole interval has to lie above the least accuracy, not its middle alone: stricter, the fewer vendors there are.",
        truth=True,
    ),
    PolicySetting(
        "documents", "count", _EVIDENCE, "Documents at least",
        "With fewer held-out documents no verdict is given: a loss could not be seen.", 1, 100_000,
    ),
    PolicySetting("vendors", "count", _EVIDENCE, "Held-out vendors at least", "Documents of one vendor fail together.", 1, 10_000),
    PolicySetting(
        "significance", "share", _CHAMPION, "A loss is shown at",
        "Level of the tests that whole documents (McNemar) and all values (bootstrap by vendor) did not become worse.", 0.0001, 0.4999,
    ),
    PolicySetting(
        "field_margin", "points", _CHAMPION, "A critical field may lose",
        "Of each field that decides about a payment, a loss of more has to be excluded by the data.",
    ),
    PolicySetting("vendor_margin", "points", _CHAMPION, "A vendor may lose", "Each of the largest ones; likewise."),
    PolicySetting("top_vendors", "count", _CHAMPION, "Largest vendors looked at", "By held-out documents. 0: none.", 0, 1_000),
    PolicySetting(
        "vendor_documents", "count", _CHAMPION, "A vendor is judged from", "Documents; one with fewer is passed over; the verdict says so.",
        1, 10_000,
    ),
    PolicySetting(
        "calibration", "share", _SERVICE, "Confidences off by at most",
        "Adaptive expected calibration error of the values’ confidences: how far what it says of itself is from what is so.",
    ),
    PolicySetting("valid", "share", _SERVICE, "Documents answered at least", "With a record of the schema, however wrong."),
    PolicySetting("seconds", "seconds", _SERVICE, "Seconds per document at most", "Median, where it is evaluated. 0: no limit.", 0, 3_600),
    PolicySetting(
        "slower", "times", _SERVICE, "Times the champion’s seconds",
        "How much longer than the champion a document may take, both timed by turns in one process. Not asked beside templates alone.",
        0.01, 1_000,
    ),
)  # fmt: skip
_BY_NAME: Final = frozenset(setting.name for setting in GATE_SETTINGS)


def gate_policy_of(version: GatePolicyVersion) -> GatePolicy:
    """The policy of a version; what it does not name, because it is older than the setting, has its default."""
    return GatePolicy.from_json({name: value for name, value in version.policy.items() if name in _BY_NAME})


def gate_values(version: GatePolicyVersion) -> dict[str, Any]:
    """Every setting by name."""
    return gate_policy_of(version).to_json()


def _row(values: Mapping[str, Any]) -> GatePolicyVersion:
    try:
        return GatePolicyVersion(policy=GatePolicy.from_json(values).to_json())
    except GateError as error:
        raise RequestInvalid("gate_policy_invalid", f"{error} Nothing was stored.") from error


GATE_POLICY: Final = VersionedPolicy(
    GatePolicyVersion,
    GATE_SETTINGS,
    title="the policy of the gate",
    called="the gate",
    target="gate policy",
    action=Action.GATE_POLICY_CHANGED,
    refusal=RequestInvalid,
    forbidden=RoleNeeded,
    code="gate_policy_invalid",
    build=_row,
    read=gate_values,
)


def current_gate_policy() -> GatePolicyVersion:
    """The newest version, or the defaults (not stored, without an id)."""
    return GATE_POLICY.current()


def set_gate_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> GatePolicyVersion:
    """``VersionedPolicy.store``. Passes that were given under another policy hold no more.

    Raises ``RoleNeeded`` for anybody but an admin and ``RequestInvalid`` (``gate_policy_invalid``) with every problem.
    """
    return GATE_POLICY.store(user=user, values=values, note=note)
