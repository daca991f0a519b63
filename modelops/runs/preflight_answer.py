"""The answer of a preflight: what refuses, what has to be confirmed, and every number that it was decided from. No database."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from mlcore.training.config import Recipe
from modelops.runs import preflight_rules as rules
from modelops.runs.expectations import Expectation, expect, pace_of
from modelops.runs.facts import Facts
from modelops.runs.preflight_rules import Finding
from modelops.runs.recipes import stored


@dataclass(frozen=True, slots=True)
class Preflight:
    """``refusals`` make a start impossible, ``warnings`` are confirmed one by one by their codes."""

    recipe: Recipe
    facts: Facts
    expected: Expectation
    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    bytes_needed: int = 0

    @property
    def may_start(self) -> bool:
        """Whether it may, once everything is confirmed."""
        return not self.refusals

    @property
    def clean(self) -> bool:
        """Whether nothing at all speaks against it."""
        return not self.refusals and not self.warnings

    def unconfirmed(self, confirmed: Collection[str]) -> list[str]:
        """Codes of the warnings that nobody has confirmed."""
        return [one.code for one in self.warnings if one.code not in confirmed]

    @property
    def loss_shown_from(self) -> int | None:
        """So many documents the model would have to lose, winning none, before McNemar's test says that it is worse; ``None`` for never.

        With k documents lost and none won the exact two-sided p is 2 / 2^k.
        """
        least = math.floor(1 - math.log2(self.facts.comparison.policy.significance)) + 1
        return least if least <= self.facts.dataset.documents.get("test", 0) else None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; money as text. Stored with the run."""
        return {
            "may_start": self.may_start,
            "refusals": [one.to_json() for one in self.refusals],
            "warnings": [one.to_json() for one in self.warnings],
            "expected": self.expected.to_json(),
            "recipe": stored(self.recipe),
            "bytes_needed": self.bytes_needed,
            "loss_shown_from": self.loss_shown_from,
            **self.facts.to_json(),
        }


def decide(facts: Facts, recipe: Recipe, refused: Sequence[Finding] = (), bytes_needed: int = 0) -> Preflight:
    """Ask everything about one recipe, beside what stands against it already. Pure: the same facts give the same answer."""
    data = facts.dataset
    expected = expect(
        recipe,
        pace_of(recipe, facts.past, facts.reading),
        documents=data.documents.get("train", 0),
        validation=data.documents.get("validation", 0),
        test=data.documents.get("test", 0),
        read_twice=facts.comparison.champion is not None and not facts.comparison.evaluated,
        hourly_rate=facts.hourly_rate,
        every_days=facts.every_days,
    )
    against = (*refused, *rules.refusals(facts, recipe))
    return Preflight(recipe, facts, expected, against, tuple(rules.warnings(facts, recipe, expected, bytes_needed)), bytes_needed)
