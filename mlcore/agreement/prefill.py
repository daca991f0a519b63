"""What each person had before them, and what that makes of their agreement: two who accept the same pre-fill are no two witnesses."""

from __future__ import annotations

from enum import StrEnum

from mlcore.agreement.pair import compare_pair
from mlcore.schema import InvoiceRecord


class PrefillClass(StrEnum):
    """What a person was shown, and what became of it."""

    HIDDEN = "hidden"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


class PrefillPair(StrEnum):
    """How independent two labels are.

    ``BOTH_UNCHANGED``: both accepted the pre-fill as it was; that they agree says as much about the machine. ``BOTH_TYPED``: neither did
    (hidden or changed); what they agree in, two people say. ``ONE_UNCHANGED``: one did.
    """

    BOTH_UNCHANGED = "both_unchanged"
    BOTH_TYPED = "both_typed"
    ONE_UNCHANGED = "one_unchanged"


def prefill_class(record: InvoiceRecord, prefill: InvoiceRecord | None) -> PrefillClass:
    """The class of a submitted record; ``prefill`` is what the person was shown, ``None`` when it was hidden or there was none.

    Unchanged means that nothing differs by the comparator: other spaces in a name are no change.
    """
    if prefill is None:
        return PrefillClass.HIDDEN
    return PrefillClass.UNCHANGED if compare_pair(prefill, record).exact else PrefillClass.CHANGED


def prefill_pair(first: PrefillClass, second: PrefillClass) -> PrefillPair:
    """The class of a pair."""
    unchanged = (first, second).count(PrefillClass.UNCHANGED)
    return (PrefillPair.BOTH_TYPED, PrefillPair.ONE_UNCHANGED, PrefillPair.BOTH_UNCHANGED)[unchanged]
