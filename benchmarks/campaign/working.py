"""People at work in a round: billers label, a senior reviews and adjudicates, at the HTTP API and at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.team import senior
from benchmarks.team.biller import shown_to
from benchmarks.team.browsing import Person
from benchmarks.team.day import Day, Done
from benchmarks.team.filling import fill_in
from benchmarks.team.habits import Habits, Settles
from benchmarks.team.sending import requests_of
from benchmarks.team.simulation import together


def work(people: dict[str, Person], billers: Sequence[Habits], reviewer: Habits, settles: Settles, day: Day) -> None:
    """Until nothing is left for anybody: labels and reviews first, then what they disagree in."""
    while True:
        before = len(day.done)
        day.begin()
        jobs = [partial(_label, people[who.name], who, day) for who in (*billers, reviewer)]
        together([*jobs, partial(senior.adjudicate, people[settles.name], settles, day)])
        if len(day.done) == before:
            return


def _label(person: Person, who: Habits, day: Day) -> None:
    """Claim, fill in and submit whatever the product hands out, whichever kind it is."""
    idle_once = False
    while True:
        day.at_work(person.name)
        claimed = person.post("tasks/claim/", {}, 200, 204)
        if claimed.status == 200 and claimed.json["kind"] != "adjudicate":
            idle_once = False
            _one(person, who, day, claimed.json)
            continue
        if claimed.status == 200:
            person.post(f"tasks/{claimed.json['id']}/release/", {}, 204)
        if day.nothing_left(person.name) and idle_once:
            return
        idle_once = True


def _one(person: Person, who: Habits, day: Day, task: dict[str, Any]) -> None:
    document = task["document"]["id"]
    rng = day.rng(who.name, document, str(task["kind"]))
    shown = shown_to(day, task)
    label = fill_in(day.papers[document].truth, shown, who, rng)
    sent = requests_of(label, len(shown.record.line_items) if shown else 0, who, rng)
    body = {**sent.submission, "version": task["draft"]["version"]}
    submitted = person.post(f"tasks/{task['id']}/submit/", body, 200)
    day.add(Done(who.name, document, shown, label, sent.marks, sent.seconds, sent.keystrokes, submitted.sent))
