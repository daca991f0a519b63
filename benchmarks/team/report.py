"""The report: Markdown with tables and pictures. Nothing of a real document is in it, neither name nor value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.team import chapters
from benchmarks.team.holding import Held
from benchmarks.team.kept import Kept
from benchmarks.team.many_days import Often
from benchmarks.team.pictures import pictures
from benchmarks.team.selection import selection


@dataclass(frozen=True)
class Read:
    """A day that was read out: what the product says beside what is true, what it should not have done, and where and how it was read.

    ``days`` are those of the expected values; ``often`` may be empty; ``screened`` of the figures are what the product's addresses said."""

    kept: Kept
    rows: Sequence[Held]
    faults: Sequence[str]
    machine: str
    days: int
    often: Sequence[Often]
    screened: int


_OPENING = """# A simulated team

Four billers with different error habits, a senior and an admin worked on the running product (web process, workers, scheduler; the
template reader alone), through its HTTP API and nothing else. The simulation knows the truth of every document, every decision of every
person and the probabilities behind them; the product knows none of it. This page compares the two.

    python -m benchmarks.team --documents 300 --real FOLDER --data DIR --report docs/team.md --plots docs/team

{when}, {where}. `--data DIR --again` reads the same day out again; `--help` explains the rest. The page is written by the command.

Two kinds of truth stand beside each figure. *Really happened* is what the people did in these documents. *Expected* is the parameter:
what the same habits make of the same documents and pre-fills, over {days} more days with other dice. An interval is about the latter;
where 95 % is written, 95 of 100 should have it."""

_SCREENS = """*The product says* is what its API answers (`GET /api/v1/agreement/`, `quality/ID/`, `quality/anchoring/`): {count} figures,
those of the screens. Each is the same to six decimals as what `mlcore/agreement` makes of the stored labels. No address has the errors of
gold, nor what was counted before the selection bias was mended: these are the core's."""

_CORE = "The product's figures are those of its core (`mlcore/agreement`) on what it stored."

_LIMITS = """## What this does not show

- The people are simulated. Their mistakes are independent of each other and of how hard a document is, which real people's are not.
- Synthetic documents are synthetic: made by the generator that the readers were developed on, so that the machine is wrong less often
  than on real paper. Of the real ones the label of the data set is taken for the truth, and a field that a set does not label counts as
  not on the document, for everybody in the simulation: there the machine's suggestions count as wrong although they may be right.
- *Expected* holds documents, pre-fills and people fixed. An interval over documents covers it more often than 95 % says.
- Figures of one run hang together (the agreement of a field and of all fields, kappa and alpha), so the count of intervals that have
  the truth varies more than that of independent ones.
- The day is as fast as the machine: leases do not run out, nobody is tired, nothing is postponed to the next week."""


def write_report(path: Path, plots: Path, read: Read) -> None:
    """Write the pictures, and the report that names them."""
    plots.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures(read.kept, read.rows).items():
        (plots / f"{name}.svg").write_text(picture)
    folder = plots.relative_to(path.parent) if plots.is_relative_to(path.parent) else plots.resolve()
    parts = [
        _OPENING.format(when=read.kept.when, where=read.machine, days=read.days),
        chapters.summary(read.rows) + "\n\n" + (_SCREENS.format(count=read.screened) if read.screened else _CORE),
        chapters.people(read.kept),
        chapters.day(read.kept, read.faults) + f"\n\n![Simulated minutes at the screen]({folder}/minutes.svg)",
        chapters.agreement(read.rows, folder),
        chapters.accuracy(read.rows, folder),
        chapters.anchoring(read.rows, folder),
        chapters.gold(read.rows, read.kept, folder),
        selection(read.rows, read.kept),
        *((chapters.often(read.often),) if read.often else ()),
        _LIMITS,
    ]
    path.write_text("\n\n".join(part.strip() for part in parts) + "\n")
