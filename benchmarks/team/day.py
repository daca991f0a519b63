"""What happened on the simulated day, written down by the simulation itself: nothing in here was told by the product but ids."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.team.filling import Label, Shown
from benchmarks.team.papers import Paper

IDLE_SECONDS = 0.4
PATIENCE_SECONDS = 240.0
"""How long a person with nothing to do waits for somebody who is at work; then something hangs."""


@dataclass(frozen=True, slots=True)
class Done:
    """One label: by whom, of which document, from which pre-fill (``None``: an empty form), and when it was sent (seconds of one clock).
    ``marks`` are texts that nobody else may meet before blindness has lifted; ``looked_at`` says how often the document was left before."""

    person: str
    document: int
    shown: Shown | None
    label: Label
    marks: frozenset[str]
    seconds: float
    keystrokes: int
    sent: float


@dataclass(frozen=True, slots=True)
class Settled:
    """One difference that a senior settled. ``right``: what was written is the truth. ``by_group``: carried over from another one."""

    person: str
    document: int
    name: str
    right: bool
    by_group: bool


@dataclass
class Day:
    """The documents by their ids, and what was done so far. Everybody writes into it at once."""

    papers: Mapping[int, Paper]
    seed: int
    done: list[Done] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _busy: set[str] = field(default_factory=set)
    _moved: float = field(default_factory=time.monotonic)

    def rng(self, person: str, document: int, what: str = "label") -> random.Random:
        """The dice of one person for one document, whatever the order of the day."""
        return random.Random(f"{self.seed}:{person}:{self.papers[document].name}:{what}")

    def add(self, entry: Done | Settled) -> None:
        """Write down what was done."""
        with self._lock:
            (self.done if isinstance(entry, Done) else self.settled).append(entry)  # type: ignore[arg-type]  # each into its own list
            self._moved = time.monotonic()

    def count(self, what: str) -> None:
        """One more of these."""
        with self._lock:
            self.counted[what] = self.counted.get(what, 0) + 1

    def fault(self, sentence: str) -> None:
        """Something that the product should not have done."""
        with self._lock:
            self.faults.append(sentence)

    def begin(self) -> None:
        """Everybody comes in: whoever waits, waits from now on."""
        with self._lock:
            self._moved = time.monotonic()

    def at_work(self, person: str) -> None:
        """The person has something in hand, or is about to ask for it."""
        with self._lock:
            self._busy.add(person)

    def nothing_left(self, person: str) -> bool:
        """The person was told that there is nothing. Waits a moment; whether the day is over: nobody has anything in hand."""
        with self._lock:
            self._busy.discard(person)
            if time.monotonic() - self._moved > PATIENCE_SECONDS and self._busy:
                raise TimeoutError(f"{person} has waited {PATIENCE_SECONDS:.0f} s for {', '.join(sorted(self._busy))}; nothing moves.")
        time.sleep(IDLE_SECONDS)
        with self._lock:
            return not self._busy
