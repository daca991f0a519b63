"""A simulated day kept beside its data folder, so that what the product says can be read again without working again."""

from __future__ import annotations

import json
import pickle
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.team.day import Day, Done, Settled
from benchmarks.team.leaks import Leaks, search
from benchmarks.team.papers import Paper
from benchmarks.team.running import Running
from benchmarks.team.simulation import Simulated
from benchmarks.web_station import command

_DAY, _STORED = "simulated-day.pickle", "stored.json"


@dataclass(frozen=True)
class Kept:
    """What the simulation wrote down and what the product stored. ``papers`` are without their files."""

    papers: dict[int, Paper]
    seed: int
    done: list[Done]
    settled: list[Settled]
    counted: dict[str, int]
    faults: list[str]
    leaks: Leaks
    unread: int
    took: dict[str, float]
    stored: dict[str, Any]
    when: str

    @property
    def day(self) -> Day:
        """The day as it was."""
        return Day(self.papers, self.seed, self.done, self.settled, self.counted, self.faults)


def keep(station: Running, simulated: Simulated) -> Kept:
    """Search the answers for leaks, read what was stored, and write both into the data folder."""
    day = simulated.day
    stored = json.loads(command(station.env, "-m", "benchmarks.team.stored"))
    papers = {number: replace(paper, data=b"") for number, paper in day.papers.items()}
    leaks = search(simulated.people, day.done)
    kept = Kept(
        papers,
        day.seed,
        day.done,
        day.settled,
        day.counted,
        day.faults,
        leaks,
        simulated.unread,
        simulated.took,
        stored,
        time.strftime("%Y-%m-%d"),
    )
    with (station.data / _DAY).open("wb") as file:
        pickle.dump(kept, file)
    (station.data / _STORED).write_text(json.dumps(stored))
    return kept


def load(data: Path) -> Kept:
    """The day of a data folder. Raises ``SystemExit`` when there is none."""
    path = data / _DAY
    if not path.is_file():
        raise SystemExit(f"{path} is not there. Run without --again first, with --data {data}.")
    with path.open("rb") as file:
        kept: Kept = pickle.load(file)
    return kept
