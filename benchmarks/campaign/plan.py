"""What comes in, round by round: companies that nobody has seen, some of which are held out for good. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.team.papers import Paper
from mlcore.dataset.synthetic import SyntheticDocument, generate
from mlcore.dataset.synthetic.composed import compose_vendor

STARTS = {"champion": "further", "base": "default"}
"""What a training may begin with, and the recipe for it."""

VENDOR_SEED = 4_242
"""Companies of this seed are in no data set that anything was trained, calibrated or developed on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``rounds`` with ``documents`` each; after all but the last a model is trained. Of ``vendors`` companies ``held_out`` are tested on
    and never trained on; they write a third of each round. In every later round ``new_vendors`` more companies begin to write.
    ``synthetic`` documents of the generator (other companies) are trained on beside the gold, ``epochs`` times; confidence is learned
    from the gold of validation vendors and ``validation`` more of them, half of which are of companies that were not trained on.
    A training goes on from the model that serves (``start`` champion), or begins with the base alone."""

    rounds: int = 3
    documents: int = 24
    vendors: int = 6
    held_out: int = 3
    new_vendors: int = 2
    synthetic: int = 60
    validation: int = 60
    epochs: int = 1
    seed: int = 2026
    start: str = "champion"

    def faults(self) -> list[str]:
        """Everything that is wrong with it, in sentences without a full stop."""
        least = {"rounds": 2, "documents": 6, "held_out": 1, "new_vendors": 0, "synthetic": 1, "validation": 40, "epochs": 1}
        found = [f"{name} is {value}; at least {low} is needed" for name, low in least.items() if (value := getattr(self, name)) < low]
        if self.held_out >= self.vendors:
            found.append(f"held_out is {self.held_out} of {self.vendors} vendors; somebody has to be learned from")
        if self.start not in STARTS:
            found.append(f"start is {self.start!r}; a training begins with {' or '.join(STARTS)}")
        return found


@dataclass(frozen=True, slots=True)
class Arrival:
    """One document of a round. ``held_out``: its sender is tested on."""

    paper: Paper
    vendor: str
    held_out: bool


def arrivals(plan: Plan, number: int) -> list[Arrival]:
    """The documents of round ``number`` (from 0), always the same ones."""
    held = [compose_vendor(index, VENDOR_SEED) for index in range(plan.held_out)]
    others = [compose_vendor(index, VENDOR_SEED) for index in range(plan.held_out, plan.vendors + plan.new_vendors * number)]
    third = plan.documents // 3
    seed = plan.seed + 1_000 * number
    tested, learned = generate(third, seed, held), generate(plan.documents - third, seed + 500, others)
    return [*_arrived(number, tested, held_out=True), *_arrived(number, learned, held_out=False)]


def _arrived(number: int, documents: Iterable[SyntheticDocument], *, held_out: bool) -> Iterator[Arrival]:
    for count, document in enumerate(documents):
        name = f"round-{number}-{'h' if held_out else 'l'}{count:03d}.pdf"
        yield Arrival(Paper(name, document.pdf, "application/pdf", document.record, is_real=False), document.vendor.key, held_out)
