"""The labeling policy: its settings as people read them, and the version that counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from invoices.audit.actions import Action
from invoices.models import User
from labeling.errors import RequestInvalid, RoleNeeded
from labeling.models import LabelingPolicy
from labeling.versioned.settings import PolicySetting
from labeling.versioned.storing import VersionedPolicy

MOST_DOCUMENTS = 10_000
MOST_SEED = 2**53 - 1
_BLIND, _MACHINE, _TESTS = "Two signatures", "What the machine does alone", "Tests of people and of the pre-fill"
_TIME = "Time"
SETTINGS: tuple[PolicySetting, ...] = (
    PolicySetting(
        "double_share", "share", _BLIND, "Labeled twice",
        "This share of the documents gets two independent labels, of each vendor, kind of invoice and level of certainty alike.",
    ),
    PolicySetting(
        "new_vendor_share", "share", _BLIND, "Labeled twice while a vendor is new",
        "Counts instead for the first documents of a vendor, where it is the larger share: their layout is not known yet.",
    ),
    PolicySetting("new_vendor_documents", "count", _BLIND, "A vendor is new for", "Documents, from the first one on.", most=MOST_DOCUMENTS),
    PolicySetting(
        "new_biller_share", "share", _BLIND, "Labeled twice while a person is new",
        "This share of the first documents of a person is given to somebody else as well, after they are submitted.",
    ),
    PolicySetting("new_biller_documents", "count", _BLIND, "A person is new for", "Documents submitted.", most=MOST_DOCUMENTS),
    PolicySetting(
        "hidden_share", "share", _BLIND, "Second labels without pre-fill",
        "In this share of second labels the person starts from an empty form. The difference shows how far people follow the machine.",
    ),
    PolicySetting(
        "third_label_from", "count", _BLIND, "Third label from",
        "From this many differing fields that decide about a payment, a third person labels before a senior looks. 0: never.", most=100,
    ),
    PolicySetting(
        "audit_share", "share", _MACHINE, "Checked though accepted",
        "This share of the documents that the machine may accept alone is labeled all the same, at random: the only honest estimate of "
        "what it lets through.",
    ),
    PolicySetting(
        "seeded_share", "share", _TESTS, "With one wrong value on purpose",
        "In this share of the documents one pre-filled value is made wrong, to see whether it is caught. Let through, it makes no gold "
        "by itself.",
    ),
    PolicySetting(
        "test_share", "share", _TESTS, "Gold tests",
        "This share of a biller's work is documents whose truth is settled. Nobody can tell them from work, and they make no gold.",
    ),
    PolicySetting(
        "recommend_pause_below", "share", _TESTS, "Recommend a pause below",
        "When a biller's share of right values, with its whole interval, lies below this, seniors are advised to pause the queue.",
    ),
    PolicySetting(
        "pause_by_itself", "switch", _TESTS, "Pause without asking a senior",
        "A recommended pause is made at once, by the station. A senior still lets the queue go on.",
    ),
    PolicySetting(
        "due_days", "count", _TIME, "Due after",
        "Days from when a document came in. What is due within a day is handed out before everything else. 0: nothing is due by itself.",
        most=365,
    ),
    PolicySetting("seed", "seed", _BLIND, "Seed", "All draws follow from it, so that they can be repeated.", most=MOST_SEED),
)  # fmt: skip
LABELING_POLICY: Final = VersionedPolicy(
    LabelingPolicy,
    SETTINGS,
    title="the labeling policy",
    called="the policy",
    target="policy",
    action=Action.POLICY_CHANGED,
    refusal=RequestInvalid,
    forbidden=RoleNeeded,
    stores_defaults=True,
)


def current_policy() -> LabelingPolicy:
    """The newest version, or the defaults (not stored, without an id)."""
    return LABELING_POLICY.current()


def set_policy(*, user: User, values: Mapping[str, Any], note: str = "") -> LabelingPolicy:
    """``VersionedPolicy.store``.

    Raises ``RoleNeeded`` for anybody but an admin and ``RequestInvalid`` (``policy_invalid``) with every problem.
    """
    return LABELING_POLICY.store(user=user, values=values, note=note)
