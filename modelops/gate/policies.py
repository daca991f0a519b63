"""The policy of the gate that counts, and storing a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from mlcore.errors import GateError
from mlcore.evaluation.measures import MEASURES
from mlcore.gate import GatePolicy
from modelops.errors import RequestInvalid
from modelops.gate.errors import RoleNeeded
from modelops.models import GatePolicyVersion
from modelops.registry.plain import text

MAX_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class GateSetting:
    """One limit as people read it, with its least and most.

    ``kind``: measure (a name) | share (0..1, shown in per cent) | points (the same, of a difference) | count | switch (yes, no) |
    seconds | times.
    """

    name: str
    kind: str
    group: str
    label: str
    help: str
    least: float = 0.0
    most: float = 1.0


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
GATE_SETTINGS: Final[tuple[GateSetting, ...]] = (
    GateSetting("measure", "measure", _ACCURACY, "Accuracy is", "What the least accuracy is asked of, on held-out vendors."),
    GateSetting(
        "accuracy", "share", _ACCURACY, "Accuracy above",
        "On vendors that nothing in the model was learned from. The specification wants 98 % of the values right.",
    ),
    GateSetting(
        "by_lower_bound", "switch", _ACCURACY, "Hold the lower end to it",
        "The whole interval has to lie above the least accuracy, not its middle alone: stricter, the fewer vendors there are.",
    ),
    GateSetting(
        "documents", "count", _EVIDENCE, "Documents at least",
        "With fewer held-out documents no verdict is given: a loss could not be seen.", 1, 100_000,
    ),
    GateSetting("vendors", "count", _EVIDENCE, "Held-out vendors at least", "Documents of one vendor fail together.", 1, 10_000),
    GateSetting(
        "significance", "share", _CHAMPION, "A loss is shown at",
        "Level of the tests that whole documents (McNemar) and all values (bootstrap by vendor) did not become worse.", 0.0001, 0.4999,
    ),
    GateSetting(
        "field_margin", "points", _CHAMPION, "A critical field may lose",
        "Of each field that decides about a payment, a loss of more has to be excluded by the data.",
    ),
    GateSetting("vendor_margin", "points", _CHAMPION, "A vendor may lose", "Each of the largest ones; likewise."),
    GateSetting("top_vendors", "count", _CHAMPION, "Largest vendors looked at", "By held-out documents. 0: none.", 0, 1_000),
    GateSetting(
        "vendor_documents", "count", _CHAMPION, "A vendor is judged from", "Documents; one with fewer is passed over; the verdict says so.",
        1, 10_000,
    ),
    GateSetting(
        "calibration", "share", _SERVICE, "Confidences off by at most",
        "Adaptive expected calibration error of the values’ confidences: how far what it says of itself is from what is so.",
    ),
    GateSetting("valid", "share", _SERVICE, "Documents answered at least", "With a record of the schema, however wrong."),
    GateSetting("seconds", "seconds", _SERVICE, "Seconds per document at most", "Median, where it is evaluated. 0: no limit.", 0, 3_600),
    GateSetting(
        "slower", "times", _SERVICE, "Times the champion’s seconds",
        "How much longer than the champion a document may take, both timed by turns in one process. Not asked beside templates alone.",
        0.01, 1_000,
    ),
)  # fmt: skip
_BY_NAME: Final = {setting.name: setting for setting in GATE_SETTINGS}


def current_gate_policy() -> GatePolicyVersion:
    """The newest version, or the defaults (not stored, without an id)."""
    newest = GatePolicyVersion.objects.select_related("created_by").order_by("-pk").first()
    return newest or GatePolicyVersion(policy=GatePolicy().to_json())


def gate_policy_of(version: GatePolicyVersion) -> GatePolicy:
    """The policy of a version; what it does not name, because it is older than the setting, has its default."""
    known = {name: value for name, value in version.policy.items() if name in _BY_NAME}
    return GatePolicy.from_json(known)


def gate_values(version: GatePolicyVersion) -> dict[str, Any]:
    """Every setting by name."""
    return gate_policy_of(version).to_json()


def set_gate_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> GatePolicyVersion:
    """Store the policy with these values changed as a new version; without any change the current one stays and is answered.

    Passes that were given under another policy hold no more. Raises ``RoleNeeded`` for anybody but an admin and ``RequestInvalid``
    (``gate_policy_invalid``) with every problem.
    """
    if not user.has_role(Role.ADMIN):
        raise RoleNeeded("Changing the policy of the gate needs the role of an admin.")
    note = text(note).strip()
    checked = _checked(values, note)
    with transaction.atomic():
        before = GatePolicyVersion.objects.select_for_update().order_by("-pk").first() or GatePolicyVersion(policy=GatePolicy().to_json())
        old = gate_values(before)
        try:
            new = GatePolicy.from_json({**old, **checked}).to_json()
        except GateError as error:
            raise RequestInvalid("gate_policy_invalid", f"{error} Nothing was stored.") from error
        if new == old:
            return before
        version = GatePolicyVersion(policy=new, note=note, created_by=user)
        version.save()
        changed = [name for name in new if new[name] != old[name]]
        record(
            Action.GATE_POLICY_CHANGED,
            actor=user,
            object=Target("gate policy", version.pk),
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )
    return version


def _checked(values: Mapping[str, Any], note: str) -> dict[str, Any]:
    problems: list[dict[str, str]] = []
    checked: dict[str, Any] = {}
    for name, value in values.items():
        setting = _BY_NAME.get(name)
        problem = f"{str(name)[:40]!r} is no setting of the gate." if setting is None else _problem(setting, value)
        if problem or setting is None:
            problems.append({"path": text(str(name)[:40]), "code": "gate_policy_invalid", "message": problem})
        else:
            checked[name] = _typed(setting, value)
    if len(note) > MAX_NOTE:
        message = f"The note has {len(note)} characters; the limit is {MAX_NOTE}."
        problems.append({"path": "note", "code": "gate_policy_invalid", "message": message})
    if problems:
        detail = " ".join(problem["message"] for problem in problems)
        raise RequestInvalid("gate_policy_invalid", f"{detail} Nothing was stored.", {"problems": problems})
    return checked


def _problem(setting: GateSetting, value: Any) -> str:
    said = f"{setting.label}: {str(value)[:40]!r}"
    if setting.kind == "measure":
        return "" if isinstance(value, str) and value in MEASURES else f"{said} is none of {', '.join(MEASURES)}."
    if setting.kind == "switch":
        return "" if isinstance(value, bool) else f"{said} is neither yes nor no."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{said} is no number."
    if not setting.least <= value <= setting.most:
        return f"{said} is not in {setting.least:g} to {setting.most:,.10g}{' (0.98 is 98 %)' if setting.kind == 'share' else ''}."
    return f"{said} is no whole number." if setting.kind == "count" and value != int(value) else ""


def _typed(setting: GateSetting, value: Any) -> Any:
    if setting.kind in ("measure", "switch"):
        return value
    return int(value) if setting.kind == "count" else float(value)
