"""The chapter of the report on pairs that a mistake made: what counting them did, and what is said since they are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.team.holding import Held, coverage
from benchmarks.team.kept import Kept
from benchmarks.team.pictures import TITLES, WORDS
from benchmarks.team.plots import named
from benchmarks.team.readout import ALL, FAIR, WHOLE, Name, drawn_by_chance, fair_pairs
from benchmarks.team.tables import beside

SEEDS = "seeds that stood"

TEXT = """The first reading of this day, on 2026-11-26, found that the product counted every pair:

- A value that was made wrong on purpose and let through gets its document a second label. That pair ({made} of {pairs} here) is there
  because somebody made a mistake. The document whose seed was caught has no pair, and its seed was not counted.
- In {seeded} more pairs, which chance had drawn, one of the two was shown such a value. What they got wrong there is no everyday work.

So people agreed less than they do, seeds looked far more convincing than they are, and accuracy was off in both directions. It is mended:
agreement is counted over pairs that chance drew and that have no seed in them, accuracy over labels of pairs that chance drew whose author
was shown no seed, and seeds from every label that was shown one, held against the pre-fill as it was before (more in
[agreement.md](agreement.md#which-pairs-count) and [quality.md](quality.md#which-labels-count)). *Before* is the old way to count these
labels, *now* is what the product says, *expected* is everyday work on the documents that count now. Intervals without it are bold:"""


def selection(rows: Sequence[Held], kept: Kept) -> str:
    """What counting every pair did, and what is said now."""
    known = named(rows)
    lines = [(words, known[before], known[now]) for words, before, now in _lines()]
    drawn, pairs = len(drawn_by_chance(kept.stored)), len(kept.stored["pairs"])
    was, is_now = coverage(before for _, before, _ in lines), coverage(now for _, _, now in lines)
    missed = (
        f"Before, {was.figures - was.covered} of {was.figures} intervals missed what is expected; now {is_now.figures - is_now.covered} of "
        f"{is_now.figures} do."
    )
    told = TEXT.format(made=pairs - drawn, pairs=pairs, seeded=drawn - len(fair_pairs(kept.stored)))
    return "\n\n".join(("## The selection bias: found and mended", told, beside(lines), missed))


def _lines() -> Iterator[tuple[str, Name, Name]]:
    for name in WHOLE:
        yield f"agreement, {WORDS[name]}", ("agreement", ALL, name), ("agreement", FAIR, name)
    for who, title in TITLES.items():
        for name in ("exact", "values"):
            yield f"{title}: {WORDS[name]} right", ("accuracy of all pairs", who, name), ("accuracy", who, name)
        yield f"{title}: {SEEDS}", ("anchoring of all pairs", who, "seeded"), ("anchoring", who, "seeded")
    yield f"everybody: {SEEDS}", ("anchoring of all pairs", "", "seeded"), ("anchoring", "", "seeded")
