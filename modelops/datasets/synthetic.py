"""Synthetic documents beside the gold: how many, and which of them would give an answer away. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mlcore.dataset.build import Plan, augmented_entry
from mlcore.dataset.directory import Entry, Split
from mlcore.dataset.split_rules import SplitRule, composed_rule, keys
from mlcore.dataset.synthetic import SyntheticDocument
from modelops.datasets.synthetic_numbers import Synthetic

ORIGIN = "synthetic"
"""``Entry.set`` of a synthetic document."""

GivesAway = Callable[[Split, SyntheticDocument], bool]
"""Whether a document of a split is of a company, or of a layout, that the gold has on another side."""


@dataclass
class SyntheticDocuments:
    """The documents of each split in their order. ``left_out`` counts those that would have given an answer away."""

    wanted: Synthetic
    counts: Mapping[Split, int]
    gives_away: GivesAway
    left_out: int = 0
    _known: dict[tuple[Split, str], bool] = field(default_factory=dict)

    def entries(self, split: Split) -> Iterator[Entry]:
        """Documents as they are written; training ones augmented."""
        if not self.counts[split]:
            return
        plan = self._plan()
        for document in self._rule().documents(split):
            mark = (split, document.vendor.key)
            if mark not in self._known:
                self._known[mark] = self.gives_away(split, document)
            if self._known[mark]:
                self.left_out += 1
                continue
            entry = Entry(document.id, document.vendor.key, document.gold, ORIGIN)
            yield augmented_entry(entry, plan) if split is Split.TRAIN else entry

    def held_out(self) -> list[str]:
        """Keys of the companies that validate and are not trained on."""
        return keys(self._rule().held_out) if self.counts[Split.VALIDATION] else []

    def _rule(self) -> SplitRule:
        of = self.counts
        return composed_rule(
            of[Split.TRAIN], of[Split.VALIDATION], of[Split.TEST], self.wanted.layouts, self.wanted.held_layouts, self.wanted.seed
        )

    def _plan(self) -> Plan:
        return Plan(seed=self.wanted.seed, layouts=self.wanted.layouts, held_layouts=self.wanted.held_layouts)
