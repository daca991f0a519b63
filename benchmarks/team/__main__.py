"""Four billers with different error habits, a senior and an admin work on the running product, through its HTTP API alone; what the
product then says of them is held against what the simulation knows.

    python -m benchmarks.team --documents 300 --real FOLDER --data DIR --report docs/team.md --plots docs/team
    python -m benchmarks.team --data DIR --again --report docs/team.md --plots docs/team     the same day, read out again

The product (web process, workers, scheduler; the template reader alone) runs in the data folder, which must be new. Synthetic documents
come from the generator; --real adds documents of the development sets (zugferd, small_pdfs, odoo_fr), whose names and contents stay out of
everything that is printed or written. Without it the run says that real documents are missing. Ends with an error when the product did
something that it should not: a leak, a document handed twice to one person, a refused request, a truth that is not recovered.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.labeling_throughput import chosen_database
from benchmarks.team import known, readout, screens
from benchmarks.team.habits import BILLERS, Habits
from benchmarks.team.holding import Held, coverage, held
from benchmarks.team.kept import Kept, keep, load
from benchmarks.team.many_days import load as load_often
from benchmarks.team.papers import Paper, real_papers, synthetic_papers
from benchmarks.team.readout import Figures
from benchmarks.team.report import Read, write_report
from benchmarks.team.running import Running, data_folder, running, say
from benchmarks.team.simulation import as_named, simulate
from benchmarks.team.verdict import faults_of

_SENIOR = "sigrid"


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate or read again, print the figures, write the report. Returns the exit code."""
    options = _parser().parse_args(arguments)
    kept, screened = _again(options) if options.again else _simulated(options)
    core = readout.figures(kept.stored)
    rows = held_rows(kept, core | screened, options.days)
    for row in rows:
        say(_line(row))
    found = coverage(row for row in rows if readout.counts(row.name))
    say(f"{found.covered} of {found.figures} intervals have the expected value; {found.least} or more were to be expected.")
    faults = [*faults_of(kept, rows), *screens.unlike(screened, core)]
    say(f"{len(screened)} figures are what the product's addresses said; each was held against its core's.")
    for fault in faults:
        say(f"FAULT: {fault}")
    if options.report is not None:
        plots = options.plots or options.report.with_suffix("")
        often = load_often(options.often) if options.often else ()
        write_report(options.report, plots, Read(kept, rows, faults, options.machine, options.days, often, len(screened)))
        say(f"Report written to {options.report}, pictures to {plots}.")
    return 1 if faults else 0


def held_rows(kept: Kept, said: Figures, days: int) -> list[Held]:
    """What the product says beside what is true."""
    careful = next(who for who in BILLERS if who.title == "careful")
    people: list[Habits] = [*BILLERS, as_named(careful, _SENIOR)]
    day = kept.day
    return held(said, known.realised(day, kept.stored), known.expected(day, kept.stored, people, days))


def _simulated(options: argparse.Namespace) -> tuple[Kept, Figures]:
    papers = _papers(options.documents, options.real, options.real_documents, options.seed)
    with (
        chosen_database(options.database) as url,
        data_folder(options.data, "Name a new folder, or read the day in it again with --again.") as data,
        running(data, url) as station,
    ):
        simulated = simulate(station, papers, seed=options.seed, say=say)
        kept = keep(station, simulated)
        screened = _screened(station, kept)
    say(f"{len(kept.done)} labels; counted: {kept.counted}; {kept.leaks}")
    return kept, screened


def _again(options: argparse.Namespace) -> tuple[Kept, Figures]:
    if options.data is None:
        raise SystemExit("Name the data folder of the day with --data.")
    kept = load(options.data)
    if not options.screens:
        return kept, screens.load(options.data)
    with running(options.data) as station:
        return kept, _screened(station, kept)


def _screened(station: Running, kept: Kept) -> Figures:
    """What the product's addresses say, kept beside the day."""
    found = screens.read(station, len(kept.stored["labels"]))
    screens.keep(station.data, found)
    return found


def _papers(count: int, folder: Path | None, most_real: int, seed: int) -> list[Paper]:
    if folder is None:
        say("No folder of real documents was named (--real): every document of this run is synthetic.")
        return list(synthetic_papers(count, seed))
    real = real_papers(folder, min(most_real, count), seed)
    say(f"{len(real)} real documents, {count - len(real)} synthetic ones.")
    return [*synthetic_papers(count - len(real), seed), *real]


def _line(row: Held) -> str:
    name = " ".join(part or "everybody" for part in row.name)
    if row.value is None:
        return f"{name:<58} not enough ({row.n})"
    between = f"{row.low:.3f}-{row.high:.3f}" if row.low is not None and row.high is not None else "-"
    true = " ".join(f"{word} {value:.3f}" for word, value in (("realised", row.realised), ("expected", row.expected)) if value is not None)
    return f"{name:<58} {row.value:.3f} [{between}] n={row.n} {true}{'' if row.covers is not False else '  OUTSIDE'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.team", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=300, help="how many in all (default 300)")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="folder of the development sets; without it all are synthetic")
    parser.add_argument("--real-documents", type=int, default=60, help="at most so many of them are real (default 60)")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql (a temporary cluster), or the URL of an empty database")
    parser.add_argument("--data", type=Path, metavar="DIR", help="new data folder, which is kept (default: a temporary one)")
    parser.add_argument("--again", action="store_true", help="do not simulate: read the day in --data out again")
    parser.add_argument("--screens", action="store_true", help="with --again: start the product in --data and ask its addresses (SQLite)")
    parser.add_argument("--seed", type=int, default=2026, help="of documents, draws and dice (default 2026)")
    parser.add_argument("--days", type=int, default=60, help="days that the expected values are taken over (default 60)")
    parser.add_argument("--often", type=Path, metavar="FILE", help="what benchmarks.team.many_days wrote, for the report")
    parser.add_argument("--machine", default=f"{os.cpu_count()} cores", help="the machine in words, for the report")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report there (Markdown)")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write its plots there (SVG)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
