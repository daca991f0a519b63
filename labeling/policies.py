"""The labeling policy that counts, its history, and storing a new version."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from labeling.errors import RequestInvalid, RoleNeeded
from labeling.models import LabelingPolicy

MOST_DOCUMENTS = 10_000
MOST_SEED = 2**53 - 1
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of the policy as people read it. ``kind``: share (0..1) | count | seed | switch (0, 1); ``most`` is the largest allowed."""

    name: str
    kind: str
    group: str
    label: str
    help: str
    most: float = 1.0


_BLIND, _MACHINE, _TESTS = "Two signatures", "What the machine does alone", "Tests of people and of the pre-fill"
_TIME = "Time"
SETTINGS: tuple[Setting, ...] = (
    Setting(
        "double_share", "share", _BLIND, "Labeled twice",
        "This share of the documents gets two independent labels, of each vendor, kind of invoice and level of certainty alike.",
    ),
    Setting(
        "new_vendor_share", "share", _BLIND, "Labeled twice while a vendor is new",
        "Counts instead for the first documents of a vendor, where it is the larger share: their layout is not known yet.",
    ),
    Setting("new_vendor_documents", "count", _BLIND, "A vendor is new for", "Documents, from the first one on.", MOST_DOCUMENTS),
    Setting(
        "new_biller_share", "share", _BLIND, "Labeled twice while a person is new",
        "This share of the first documents of a person is given to somebody else as well, after they are submitted.",
    ),
    Setting("new_biller_documents", "count", _BLIND, "A person is new for", "Documents submitted.", MOST_DOCUMENTS),
    Setting(
        "hidden_share", "share", _BLIND, "Second labels without pre-fill",
        "In this share of second labels the person starts from an empty form. The difference shows how far people follow the machine.",
    ),
    Setting(
        "third_label_from", "count", _BLIND, "Third label from",
        "From this many differing fields that decide about a payment, a third person labels before a senior looks. 0: never.", 100,
    ),
    Setting(
        "audit_share", "share", _MACHINE, "Checked though accepted",
        "This share of the documents that the machine may accept alone is labeled all the same, at random: the only honest estimate of "
        "what it lets through.",
    ),
    Setting(
        "seeded_share", "share", _TESTS, "With one wrong value on purpose",
        "In this share of the documents one pre-filled value is made wrong, to see whether it is caught. Let through, it makes no gold "
        "by itself.",
    ),
    Setting(
        "test_share", "share", _TESTS, "Gold tests",
        "This share of a biller's work is documents whose truth is settled. Nobody can tell them from work, and they make no gold.",
    ),
    Setting(
        "recommend_pause_below", "share", _TESTS, "Recommend a pause below",
        "When a biller's share of right values, with its whole interval, lies below this, seniors are advised to pause the queue.",
    ),
    Setting(
        "pause_by_itself", "switch", _TESTS, "Pause without asking a senior",
        "A recommended pause is made at once, by the station. A senior still lets the queue go on.",
    ),
    Setting(
        "due_days", "count", _TIME, "Due after",
        "Days from when a document came in. What is due within a day is handed out before everything else. 0: nothing is due by itself.",
        365,
    ),
    Setting("seed", "seed", _BLIND, "Seed", "All draws follow from it, so that they can be repeated.", MOST_SEED),
)  # fmt: skip
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def current_policy() -> LabelingPolicy:
    """The newest version, or the defaults (not stored, without an id)."""
    return LabelingPolicy.objects.select_related("created_by").order_by("-pk").first() or LabelingPolicy()


def policy_values(policy: LabelingPolicy) -> dict[str, float | int]:
    """Every setting by name."""
    return {setting.name: getattr(policy, setting.name) for setting in SETTINGS}


def set_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> LabelingPolicy:
    """Store the policy with these values changed as a new version; without any change the current one stays and is answered.

    Raises ``RoleNeeded`` for anybody but an admin and ``RequestInvalid`` (``policy_invalid``) with every problem.
    """
    if not user.has_role(Role.ADMIN):
        raise RoleNeeded("Changing the labeling policy needs the role of an admin.")
    checked = _checked(values, note)
    with transaction.atomic():
        before = _locked()
        after = {**policy_values(before), **checked}
        if before.pk is not None and after == policy_values(before):
            return before
        policy = LabelingPolicy(**after, note=note.strip(), created_by=user)
        policy.save()
        old, new = policy_values(before), policy_values(policy)
        changed = [name for name in new if new[name] != old[name]]
        record(
            Action.POLICY_CHANGED,
            actor=user,
            object=Target("policy", policy.pk),
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )
    return policy


def _locked() -> LabelingPolicy:
    newest = LabelingPolicy.objects.select_for_update().order_by("-pk").first()
    return newest or LabelingPolicy()


def _checked(values: Mapping[str, Any], note: str) -> dict[str, float | int]:
    problems = []
    checked: dict[str, float | int] = {}
    for name, value in values.items():
        setting = _BY_NAME.get(name)
        problem = f"{name[:40]!r} is no setting of the policy." if setting is None else _problem(setting, value)
        if problem or setting is None:
            problems.append({"path": name[:40], "code": "policy_invalid", "message": problem})
        else:
            checked[name] = float(value) if setting.kind == "share" else int(value)
    if len(note.strip()) > MAX_NOTE:
        message = f"The note has {len(note.strip())} characters; the limit is {MAX_NOTE}."
        problems.append({"path": "note", "code": "policy_invalid", "message": message})
    if problems:
        detail = " ".join(problem["message"] for problem in problems)
        raise RequestInvalid("policy_invalid", f"{detail} Nothing was stored.", {"problems": problems})
    return checked


def _problem(setting: Setting, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not 0 <= value <= setting.most:
        limit = "0 to 1 (0.1 is 10 %)" if setting.kind == "share" else f"0 to {setting.most:,.0f}"
        return f"{setting.label}: {str(value)[:40]!r} is not in {limit}."
    if setting.kind != "share" and value != int(value):
        return f"{setting.label}: {value} is no whole number."
    return ""
