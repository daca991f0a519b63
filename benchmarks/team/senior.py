"""A senior's day at the HTTP API: adjudications one difference after the other, and rulings for those alike."""

from __future__ import annotations

from typing import Any

from benchmarks.team.browsing import Person
from benchmarks.team.day import Day, Settled
from benchmarks.team.filling import ROWS
from benchmarks.team.habits import Settles
from benchmarks.team.settling import Case, decide, is_same
from mlcore.record_json import value_to_json
from mlcore.schema import header_value


def adjudicate(person: Person, who: Settles, day: Day) -> None:
    """Settle until nothing is left for anybody. Raises ``browsing.Refused`` for an answer that should not have come."""
    idle_once = False
    reopened: set[int] = set()
    while True:
        day.at_work(person.name)
        claimed = person.post("tasks/claim/", {"kind": "adjudicate"}, 200, 204)
        if claimed.status == 204:
            if day.nothing_left(person.name) and idle_once:
                return
            idle_once = True
            continue
        idle_once = False
        task = claimed.json
        _one(person, who, day, task["adjudication"], task["document"]["id"], reopened)


def _one(person: Person, who: Settles, day: Day, adjudication: int, document: int, reopened: set[int]) -> None:
    body = person.get(f"adjudications/{adjudication}/").json
    if body["authors"] is not None:
        day.fault(f"The authors of adjudication {adjudication} were named before it was resolved")
    case = Case.of(day.papers[document].truth, body)
    rng = day.rng(who.name, document, f"settle {adjudication in reopened}")
    for difference in body["differences"]:
        if difference["choice"] is not None and adjudication not in reopened:
            continue
        true = case.true_value(difference)
        said = decide(difference, true, who.errs, rng)
        wanted = {"choice": said.choice, "value": said.value, "reason": "as it is printed" if rng.random() < 0.3 else ""}
        groups = difference["alike"] > 0 and difference["row"] is None and difference["choice"] is None and rng.random() < who.groups
        if not groups or not _together(person, who, day, difference, wanted, undo=rng.random() < who.undoes):
            person.post(f"differences/{difference['id']}/settle/", wanted, 200)
        day.add(Settled(who.name, document, str(difference["name"]), said.right, by_group=False))
    person.post(f"adjudications/{adjudication}/resolve/", {}, 200)
    day.count("resolved")
    if adjudication not in reopened and rng.random() < who.reopens:
        reopened.add(adjudication)
        if person.post(f"adjudications/{adjudication}/reopen/", {}, 204, 409).status == 204:
            day.count("reopened")


def _together(person: Person, who: Settles, day: Day, difference: dict[str, Any], wanted: dict[str, Any], *, undo: bool) -> bool:
    """Rule the difference and those alike for which the same is right; whether there were any."""
    preview = person.post("rulings/preview/", {"difference": difference["id"], **wanted}, 200).json
    name = str(difference["name"])
    assert name != ROWS
    others = []
    for item in preview["items"]:
        paper = day.papers[item["document"]["id"]]
        if item["choice"] is not None and is_same(name, item["value"], value_to_json(header_value(paper.truth, name))):
            others.append(item)
    if not others:
        return False
    asked = {"difference": difference["id"], **wanted, "others": [{"difference": o["id"], "value": o["value"]} for o in others]}
    ruled = person.post("rulings/", asked, 200, 201).json
    if undo and person.post(f"rulings/{ruled['ruling']}/undo/", {}, 200, 409).status == 200:
        day.count("rulings undone")
        ruled = person.post("rulings/", asked, 200, 201).json
    day.count("rulings for several")
    settled = set(ruled["settled"])
    for item in others:
        if item["id"] in settled:
            day.add(Settled(who.name, item["document"]["id"], name, right=True, by_group=True))
    for _ in ruled["resolved"]:
        day.count("resolved by a ruling")
    return True
