"""What the gate says, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlcore.gate.policy import GatePolicy


class State(StrEnum):
    """``UNKNOWN``: there is too little to say it; that is no pass. ``SKIPPED``: it was not asked, for the reason in the sentence."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One question: ``code`` is stable, ``title`` names it on a screen, ``sentence`` answers it with its numbers, ``numbers`` are these."""

    code: str
    title: str
    state: State
    sentence: str
    numbers: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "code": self.code, "title": self.title, "state": self.state.value, "sentence": self.sentence, "numbers": dict(self.numbers),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate may serve, with every check in the order in which they were asked."""

    candidate: str
    champion: str
    policy: GatePolicy
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing failed and nothing that was asked is unknown."""
        return not self.against

    @property
    def against(self) -> tuple[Check, ...]:
        """The checks that keep it from serving."""
        return tuple(check for check in self.checks if check.state in (State.FAILED, State.UNKNOWN))

    @property
    def reason(self) -> str:
        """One sentence: why it may serve, or what speaks against it."""
        if self.passed:
            return f"{self.candidate} may serve: all {sum(check.state is State.PASSED for check in self.checks)} checks passed."
        return f"{self.candidate} may not serve: {' '.join(check.sentence for check in self.against)}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "candidate": self.candidate,
            "champion": self.champion,
            "passed": self.passed,
            "reason": self.reason,
            "policy": self.policy.to_json(),
            "checks": [check.to_json() for check in self.checks],
        }
