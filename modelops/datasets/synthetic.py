"""Synthetic documents beside the gold: how many, and which of them would give an answer away. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from mlcore.dataset.build import Plan, augmented_entry
from mlcore.dataset.directory import Entry, Split
from mlcore.dataset.split_rules import SplitRule, composed_rule, keys
from mlcore.dataset.synthetic import SyntheticDocument
from modelops.errors import RequestInvalid

ORIGIN = "synthetic"
"""``Entry.set`` of a synthetic document."""

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Synthetic:
    """How many synthetic documents there are beside the gold; 0 for none.

    ``validation`` and ``test`` count where no gold is on that side alone, so that nothing is frozen that cannot be validated or tested.
    Training documents get the augmentations of ``mlcore.dataset.build.Plan``; gold is left as it was read.
    """

    train: int = 0
    validation: int = 60
    test: int = 54
    layouts: int = 200
    held_layouts: int = 30
    seed: int = 7

    def checked(self) -> Synthetic:
        """The numbers themselves. Raises ``RequestInvalid`` with all faults."""
        faults = [
            f"{one.name} is {value!r}; a whole number from {least} to {MOST} is needed."
            for one in fields(self)
            for value, least in ((getattr(self, one.name), 1 if one.name in ("layouts", "held_layouts") else 0),)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST
        ]
        if faults:
            raise RequestInvalid("synthetic_invalid", f"{' '.join(faults)} Nothing was collected.")
        return self

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def synthetic_of(wanted: Synthetic | Mapping[str, Any] | None) -> Synthetic:
    """The numbers, checked; ``None`` for the defaults: none in training. Raises ``RequestInvalid``."""
    if wanted is None or isinstance(wanted, Synthetic):
        return (wanted or Synthetic()).checked()
    known = {one.name for one in fields(Synthetic)}
    if unknown := sorted(set(wanted) - known):
        raise RequestInvalid("synthetic_invalid", f"There is no {', '.join(unknown)[:80]}; known are {', '.join(sorted(known))}.")
    return Synthetic(**dict(wanted)).checked()


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
