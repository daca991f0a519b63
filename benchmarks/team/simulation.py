"""The simulated day from empty accounts to an empty queue, through the HTTP API alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from benchmarks.team import biller, senior
from benchmarks.team.browsing import Person
from benchmarks.team.day import Day
from benchmarks.team.habits import BILLERS, Habits, Settles
from benchmarks.team.papers import Paper
from benchmarks.team.people import ADMIN, make_people
from benchmarks.team.running import Running

POLICY = {
    "double_share": 0.6,
    "hidden_share": 0.5,
    "seeded_share": 0.3,
    "new_vendor_share": 0.0,
    "new_biller_share": 0.0,
    "third_label_from": 0,
}
"""Many more double labels than by default, so that 300 documents say something of each person. Nothing is drawn for being new."""
_READ_SECONDS = 30.0
"""For each document that waits to be read, at most."""
_READ = ("prefilled", "labeled", "gold", "failed")

Say = Callable[[str], None]


@dataclass
class Simulated:
    """The people, their day, and how long its parts took (seconds of this machine)."""

    people: dict[str, Person]
    day: Day
    senior: Settles
    unread: int = 0
    took: dict[str, float] = field(default_factory=dict)


def simulate(station: Running, papers: Sequence[Paper], *, seed: int, say: Say, billers: Sequence[Habits] = BILLERS) -> Simulated:
    """Let everybody work until nothing is left. Raises whatever stopped one of them."""
    settles = Settles()
    people = make_people(station, {who.name: "biller" for who in billers} | {settles.name: "senior"})
    people[ADMIN].post("labeling-policy/", {"values": {**POLICY, "seed": seed}, "note": "Simulated team"}, 200)
    begun = time.monotonic()
    sent = send_in(people[ADMIN], papers)
    say(f"{len(sent)} documents sent in after {time.monotonic() - begun:.0f} s; they are being read.")
    simulated = Simulated(people, Day(sent, seed), settles)
    simulated.unread = _wait_until_read(people[ADMIN], len(sent), say)
    simulated.took["reading"] = time.monotonic() - begun
    begun = time.monotonic()
    _work(simulated, billers, say)
    simulated.took["working"] = time.monotonic() - begun
    for person in people.values():
        person.close()
    return simulated


def send_in(admin: Person, papers: Sequence[Paper]) -> dict[int, Paper]:
    """The papers by the ids of their documents; one that the product has already counts once."""
    sent: dict[int, Paper] = {}
    for paper in papers:
        answer = admin.upload(paper.name, paper.data, paper.media_type).json
        sent.setdefault(answer["id"], paper)
    return sent


def _wait_until_read(admin: Person, count: int, say: Say) -> int:
    """Until every document is read and has its tasks; answers how many could not be read."""
    deadline, said = time.monotonic() + 120 + _READ_SECONDS * count, 0.0
    while True:
        states = pages(admin, "documents/?ordering=id&page_size=100", "status")
        left = sum(state not in _READ for state in states)
        failed = states.count("failed")
        if not left and len(set(pages(admin, "tasks/?state=open&ordering=id&page_size=100", "document"))) >= count - failed:
            say(f"All are read, {failed} could not be.")
            return failed
        if time.monotonic() > deadline:
            raise TimeoutError(f"{left} of {count} documents are not read yet; is a worker running? See the logs of the data folder.")
        if time.monotonic() - said > 30:
            said = time.monotonic()
            say(f"  {left} of {count} are still to be read.")
        time.sleep(1)


def pages(admin: Person, address: str, key: str) -> list[str]:
    """One value of every row of a list, over all of its pages."""
    found: list[str] = []
    cursor = ""
    while True:
        page = admin.get(f"{address}&cursor={cursor}").json
        found += [str(row[key]["id"] if isinstance(row[key], dict) else row[key]) for row in page["results"]]
        cursor = str(page["next"] or "").rpartition("cursor=")[2].partition("&")[0]
        if not cursor:
            return found


def _work(simulated: Simulated, billers: Sequence[Habits], say: Say) -> None:
    """Everybody at once; then the senior labels what billers gave back, and the admin settles what the senior labeled."""
    day, people, settles = simulated.day, simulated.people, simulated.senior
    careful = next(who for who in billers if who.title == "careful")
    while True:
        before = len(day.done)
        day.begin()
        jobs: list[Callable[[], None]] = [partial(biller.work, people[who.name], who, day) for who in billers]
        jobs.append(partial(senior.adjudicate, people[settles.name], settles, day))
        together(jobs)
        say(f"{len(day.done)} labels, {len(day.settled)} differences settled.")
        biller.work(people[settles.name], as_named(careful, settles.name), day)
        if len(day.done) == before or len(day.done) == before + _by(day, before, billers):
            break
    senior.adjudicate(people[ADMIN], Settles(ADMIN, settles.errs), day)


def _by(day: Day, first: int, billers: Sequence[Habits]) -> int:
    """How many of the labels from ``first`` on are billers'."""
    names = {who.name for who in billers}
    return sum(one.person in names for one in day.done[first:])


def as_named(habits: Habits, name: str) -> Habits:
    """The same habits under another name, for somebody who gives nothing back."""
    return replace(habits, name=name, skips=0.0)


def together(jobs: Sequence[Callable[[], None]]) -> None:
    """Run all at once; the first error of one ends with all of them being waited for and is raised."""
    errors: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
