"""The rules by which gold records become a data set, with their numbers. Stored in every version's plan. No database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from mlcore.templates.learn import SAME_LAYOUT

RULES = "rules-1"
"""Name of these rules; a change of any of them is a new name, so that a version says by which it was made."""

FAST_CONFIRM = "fast-confirm-1"
"""Name of the rule by which a label is called too fast (``confirming.too_fast``)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """``test_share`` and ``validation_share`` of the documents and ``test_vendors`` and ``validation_vendors`` of the groups of vendors are
    wanted on these sides; a group that would bring a side beyond ``most`` times its share of the documents is not drawn for it.

    ``same_layout`` (0 to 1) is the likeness of two layouts from which their vendors are one group. A label without any change that took
    less than ``page_seconds`` a page and ``value_seconds`` a value has ``fast_weight``. ``seed`` decides which groups are drawn.
    """

    name: str = RULES
    seed: int = 7
    test_share: float = 0.1
    test_vendors: float = 0.2
    validation_share: float = 0.1
    validation_vendors: float = 0.1
    most: float = 2.0
    same_layout: float = SAME_LAYOUT
    fast_rule: str = FAST_CONFIRM
    page_seconds: float = 1.0
    value_seconds: float = 0.25
    fast_weight: float = 0.3

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


REASONS: dict[str, str] = {
    "removed": "The document was removed",
    "disputed": "The record is in dispute",
    "known_material": "People are tested or trained with it",
    "no_vendor": "Its vendor is not known, so its side is not either",
    "no_words": "No words were read off it",
    "unreadable": "It is stored in a form that cannot be read any more",
    "unlabeled": "Nobody has looked at any of its values",
    "duplicate": "Another document has the same text",
    "near_duplicate": "Another document has nearly the same text and the same number",
    "held_out_group": "Its vendor was trained on, and looks or is called like one that is held out",
    "elsewhere": "It is of a company, or of a layout, that is on another side than its vendor",
    "synthetic": "Synthetic ones of a company or layout that the gold has on another side",
    "reopened": "Its record was taken back",
}
"""Why a gold record is not in a version, as people read it. The keys are those of ``DatasetVersion.left_out``."""
