"""A biller's day at the HTTP API: claim, look, save, submit; skip now and then, take the next one ahead, look around."""

from __future__ import annotations

import random
from typing import Any

from benchmarks.team.browsing import Person
from benchmarks.team.day import Day, Done
from benchmarks.team.filling import Shown, fill_in
from benchmarks.team.habits import Habits
from benchmarks.team.sending import requests_of
from mlcore.record_json import record_from_json

_LOOKS_AROUND = 0.15
_TAKES_AHEAD = 0.3
_LOOKS = (
    "tasks/?state=open&ordering=-priority",
    "tasks/?state=done",
    "tasks/?mine=true",
    "documents/",
    "documents/{}/",
    "documents/{}/prediction/",
    "documents/{}/gold/",
    "tasks/counters/",
    "guidelines/",
)


def work(person: Person, who: Habits, day: Day) -> None:
    """Label until nothing is left for anybody. Raises ``browsing.Refused`` for an answer that should not have come."""
    idle_once = False
    while True:
        day.at_work(person.name)
        claimed = person.post("tasks/claim/", {}, 200, 204)
        if claimed.status == 204:
            if day.nothing_left(person.name) and idle_once:
                return
            idle_once = True
            continue
        idle_once = False
        _one(person, who, day, claimed.json)


def _one(person: Person, who: Habits, day: Day, task: dict[str, Any]) -> None:
    document = task["document"]["id"]
    rng = day.rng(who.name, document)
    if any(one.person == who.name and one.document == document for one in list(day.done)):
        day.fault(f"{who.name} was handed document {document} again")
    if day.rng(who.name, document, "skip").random() < who.skips:
        person.post(f"tasks/{task['id']}/skip/", {"reason": "illegible"}, 204)
        day.count("skipped")
        return
    if task["kind"] != "label":
        day.fault(f"{who.name} was told that a task is of the kind {task['kind']}")
    shown = shown_to(day, task)
    label = fill_in(day.papers[document].truth, shown, who, rng)
    sent = requests_of(label, len(shown.record.line_items) if shown else 0, who, rng)
    version = _save(person, task, sent.edits, sent.rows, sent.seconds, sent.keystrokes)
    _meanwhile(person, day, task, day.rng(who.name, document, "meanwhile"))
    submitted = person.post(f"tasks/{task['id']}/submit/", {**sent.submission, "version": version}, 200)
    day.add(Done(who.name, document, shown, label, sent.marks, sent.seconds, sent.keystrokes, submitted.sent))


def shown_to(day: Day, task: dict[str, Any]) -> Shown | None:
    """The pre-fill as the task has it, ``None`` when it has none."""
    prediction = task["prediction"]
    if prediction is None:
        return None
    truth = day.papers[task["document"]["id"]].truth
    return Shown.of(truth, record_from_json(prediction["record"], ignore_unknown=True))


def _save(person: Person, task: dict[str, Any], edits: list[dict[str, Any]], rows: list[str] | None, seconds: float, keys: int) -> int:
    """The draft in two saves, as it grows on the screen; answers its version."""
    version: int = task["draft"]["version"]
    half = (len(edits) + 1) // 2
    for part, is_last in ((edits[:half], False), (edits[half:], True)):
        if not part and not (is_last and rows is not None):
            continue
        body: dict[str, Any] = {"version": version, "edits": part, "active_ms": round(1000 * seconds), "keystrokes": keys}
        if rows is not None:
            body["rows"] = rows
        version = person.post(f"tasks/{task['id']}/draft/", body, 200, method="PATCH").json["version"]
    return version


def _meanwhile(person: Person, day: Day, task: dict[str, Any], rng: random.Random) -> None:
    """Take the next one ahead, as the screen does, and look at what there is to see."""
    if rng.random() < _TAKES_AHEAD:
        person.post("tasks/claim/", {"prefetch": True, "task": task["id"]}, 200, 204)
        day.count("taken ahead")
    if rng.random() < _LOOKS_AROUND:
        other = rng.choice(sorted(day.papers))
        for address in _LOOKS:
            person.get(address.format(rng.choice((other, task["document"]["id"]))), 200, 403, 404)
        person.get(f"tasks/{task['id']}/guidance/")
        day.count("looked around")
