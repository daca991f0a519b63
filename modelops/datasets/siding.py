"""On which side new groups of vendors go, and what becomes of groups whose vendors are on different sides. Pure.

A vendor keeps its side for good. So the largest group is for training in the first version (there must be something to learn from); others
are drawn in an order that the seed decides: for testing while that side is short of documents or of groups, then for validation, else for
training. When groups turn out to be one, the side that was kept apart the most wins: held out before validation before training.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from modelops.datasets.rules import Rules
from modelops.models import Side

STRENGTH = (Side.TEST, Side.VALIDATION, Side.TRAIN)
"""The side that wins first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Vendors that belong together, by the smallest of them; ``known`` are the sides that they have, ``documents`` how many are at hand."""

    root: int
    vendors: tuple[int, ...]
    documents: int
    known: frozenset[Side]

    @property
    def name(self) -> str:
        """What the group is called in the rows of its vendors."""
        return f"vendor-{self.root}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The side of a group and why, in a sentence."""

    side: Side
    reason: str


@dataclass
class _Filled:
    documents: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(STRENGTH, 0))
    groups: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(STRENGTH, 0))

    def put(self, side: Side, group: Group) -> None:
        self.documents[side] += group.documents
        self.groups[side] += 1


def decide(groups: Iterable[Group], rules: Rules) -> Mapping[int, Decision]:
    """A decision for every group by its root. A function of its arguments alone, whatever the order of the groups."""
    listed = sorted(groups, key=lambda group: group.root)
    decided: dict[int, Decision] = {}
    filled = _Filled()
    for group in listed:
        if group.known:
            side = next(one for one in STRENGTH if one in group.known)
            decided[group.root] = Decision(side, _inherited(group, side))
            filled.put(side, group)
    free = [group for group in listed if not group.known and group.documents]
    total, count = sum(group.documents for group in listed), sum(1 for group in listed if group.documents)
    if free and not filled.groups[Side.TRAIN]:
        largest = max(free, key=lambda group: (group.documents, -group.root))
        decided[largest.root] = Decision(Side.TRAIN, "The most documents: there has to be something to learn from.")
        filled.put(Side.TRAIN, largest)
        free.remove(largest)
    wanted = {
        Side.TEST: (rules.test_share * total, int(rules.test_vendors * count)),
        Side.VALIDATION: (rules.validation_share * total, int(rules.validation_vendors * count)),
    }
    for group in sorted(free, key=lambda group: hashlib.sha256(f"{rules.seed}:{group.name}".encode()).digest()):
        side = next(
            (one for one in wanted if _short(filled, one, wanted[one]) and _fits(filled, one, group, wanted[one], rules)), Side.TRAIN
        )
        decided[group.root] = Decision(side, f"Drawn (seed {rules.seed}).")
        filled.put(side, group)
    _one_at_least(free, decided, filled)
    return decided


def _short(filled: _Filled, side: Side, wanted: tuple[float, int]) -> bool:
    return filled.documents[side] < wanted[0] or filled.groups[side] < wanted[1]


def _fits(filled: _Filled, side: Side, group: Group, wanted: tuple[float, int], rules: Rules) -> bool:
    return filled.documents[side] + group.documents <= rules.most * wanted[0]


def _one_at_least(free: list[Group], decided: dict[int, Decision], filled: _Filled) -> None:
    """With few vendors every group may be too large to be drawn: then the smallest new one is held out, and the next one validates."""
    drawn = sorted((group for group in free if decided[group.root].side is Side.TRAIN), key=lambda group: (group.documents, group.root))
    for side in (Side.TEST, Side.VALIDATION):
        if not filled.groups[side] and drawn:
            group = drawn.pop(0)
            decided[group.root] = Decision(side, "The fewest documents: one vendor at least is kept apart.")
            filled.put(side, group)
        elif not filled.groups[side] and (spare := _spare(free, decided)):
            decided[spare.root] = Decision(side, "Drawn to be held out, but one vendor at least has to validate.")
            filled.put(side, spare)


def _spare(free: list[Group], decided: dict[int, Decision]) -> Group | None:
    """The largest of the new held-out groups where there are two or more: one of them can do something else."""
    held = [group for group in free if decided[group.root].side is Side.TEST]
    return max(held, key=lambda group: (group.documents, -group.root)) if len(held) > 1 else None


def _inherited(group: Group, side: Side) -> str:
    others = ", ".join(str(vendor) for vendor in group.vendors[:6])
    return f"Belongs together with vendors {others}: merged, called alike or of one layout." if len(group.vendors) > 1 else str(side.label)
