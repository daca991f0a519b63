"""The campaign: round after round through the HTTP API, with the model that serves taken up by the running workers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.campaign import admin as steps
from benchmarks.campaign.admin import Say, Trained
from benchmarks.campaign.measuring import ACCEPTED
from benchmarks.campaign.plan import Plan, arrivals
from benchmarks.campaign.working import work
from benchmarks.team.browsing import Person
from benchmarks.team.day import Day, Done
from benchmarks.team.habits import BILLERS, Habits, Settles
from benchmarks.team.papers import Paper
from benchmarks.team.people import ADMIN, make_people
from benchmarks.team.running import Running
from benchmarks.team.simulation import pages, send_in
from mlcore.inference.model_names import authors_of

SECOND_LABELS = {"double_share": 0.1, "new_vendor_share": 0.5, "new_biller_share": 0.0, "hidden_share": 0.5, "seeded_share": 0.0}
SENIOR, REVIEWER = "sigrid", "rosa"
_READ_SECONDS = 60.0
"""For each document that the model has to read, at most."""


@dataclass
class Round:
    """What happened in one round. ``serving`` is what read its documents; ``trained`` is empty after the last one."""

    number: int
    papers: dict[int, Paper]
    vendors: dict[int, str]
    held_out: frozenset[int]
    serving: dict[str, Any]
    done: list[Done] = field(default_factory=list)
    settled: int = 0
    trained: Trained | None = None
    took: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the simulation waits (seconds), and whether it serves what did not pass, so that the next round shows what it does."""

    freezing: float = 600.0
    training: float = 7200.0
    overrides: bool = False


def campaign(station: Running, plan: Plan, policy: Mapping[str, Any], limits: Limits, say: Say) -> list[Round]:
    """Every round from an empty station to the last label. Raises what stopped it."""
    careful = next(who for who in BILLERS if who.title == "careful")
    billers = [replace(who, skips=0.0) for who in BILLERS if who.title in ("careful", "hasty", "typist")]
    reviewer = replace(careful, name=REVIEWER, skips=0.0)
    roles = {who.name: "biller" for who in billers} | {SENIOR: "senior", REVIEWER: "senior"}
    people = make_people(station, roles)
    people[ADMIN].post("labeling-policy/", {"values": {**SECOND_LABELS, "seed": plan.seed}, "note": "Campaign"}, 200)
    if policy:
        people[ADMIN].post("gate-policy/", {"values": dict(policy), "note": "Campaign: limits for data sets of this size"}, 200, 201)
    rounds: list[Round] = []
    for number in range(plan.rounds):
        for person in people.values():
            person.come_back()
        one = _received(people[ADMIN], plan, number, say)
        _labeled(people, billers, reviewer, plan, one, say)
        rounds.append(one)
        if number == 0:
            steps.hold_out(people[ADMIN], _sides(people[ADMIN], one))
        if number < plan.rounds - 1:
            one.trained = _trained(people[ADMIN], plan, limits, number, say)
    for person in people.values():
        person.close()
    return rounds


def _received(admin: Person, plan: Plan, number: int, say: Say) -> Round:
    coming = arrivals(plan, number)
    begun = time.monotonic()
    serving = steps.serving(admin)
    sent = send_in(admin, [arrival.paper for arrival in coming])
    by_name = {arrival.paper.name: arrival for arrival in coming}
    arrived = {document: by_name[paper.name] for document, paper in sent.items()}
    held = frozenset(document for document, arrival in arrived.items() if arrival.held_out)
    one = Round(number, sent, {document: arrival.vendor for document, arrival in arrived.items()}, held, serving)
    say(f"Round {number}: {len(sent)} documents sent in; {serving.get('model_id') or 'templates alone'} reads.")
    _wait_until_read(admin, sorted(sent), str(serving.get("model_id") or ""))
    one.took["reading"] = time.monotonic() - begun
    return one


def _wait_until_read(admin: Person, documents: Sequence[int], model_id: str) -> None:
    """Until every document was read by what serves and waits for a person, where one is to see it. Raises ``TimeoutError``."""
    deadline, left = time.monotonic() + 120 + _READ_SECONDS * len(documents), list(documents)
    while left:
        answer = admin.get(f"documents/{left[0]}/prediction/", 200, 404)
        if answer.status == 200 and authors_of(answer.json["model_id"]).model == model_id:
            left.pop(0)
            continue
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(left)} documents were not read by {model_id or 'the templates'}; see the logs of the data folder.")
        time.sleep(1)
    waiting = set(documents)
    while waiting := {document for document in waiting if not _is_placed(admin, document)}:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(waiting)} documents have neither a task nor a certified answer, the first is {min(waiting)}.")
        time.sleep(1)


def _is_placed(admin: Person, document: int) -> bool:
    if str(document) in pages(admin, "tasks/?state=open&ordering=id&page_size=100", "document"):
        return True
    return bool(admin.get(f"documents/{document}/prediction/").json["route"] == ACCEPTED)


def _labeled(people: dict[str, Person], billers: Sequence[Habits], reviewer: Habits, plan: Plan, one: Round, say: Say) -> None:
    begun = time.monotonic()
    day = Day(one.papers, plan.seed + one.number)
    work(people, billers, reviewer, Settles(name=SENIOR), day)
    one.done, one.settled = day.done, len(day.settled)
    one.took["labeling"] = time.monotonic() - begun
    say(f"  {len(one.done)} labels, {one.settled} differences settled in {one.took['labeling']:.0f} s of this machine.")
    for fault in day.faults:
        say(f"  FAULT: {fault}")


def _sides(admin: Person, one: Round) -> dict[int, str]:
    """The product's vendors of the held-out companies. Raises ``RuntimeError`` when a company is mixed up with one of the other side."""
    sides: dict[int, str] = {}
    for document in sorted(one.papers):
        vendor = admin.get(f"documents/{document}/").json["vendor"]
        if vendor is None:
            continue
        side = "test" if document in one.held_out else "train"
        if sides.setdefault(vendor["id"], side) != side:
            raise RuntimeError(f"The product took documents of two companies for one vendor ({vendor['id']}); choose another seed.")
    return {vendor: side for vendor, side in sides.items() if side == "test"}


def _trained(admin: Person, plan: Plan, limits: Limits, number: int, say: Say) -> Trained:
    found, begun = Trained(), time.monotonic()
    found.dataset = steps.freeze(
        admin, plan.synthetic, plan.validation, plan.seed + number, f"Campaign, round {number}", patience=limits.freezing, say=say
    )
    say(f"  data set {found.dataset['number']}: {found.dataset['documents']} to train on, {found.dataset['test_documents']} held out.")
    changes = {"epochs": plan.epochs}
    found.run = steps.train(admin, found.dataset["number"], plan.start, changes, patience=limits.training, say=say)
    model = found.run["model"]
    found.verdict = steps.verdict(admin, model)
    found.model = admin.get(f"models/{model}/").json
    say(f"  model {model}: {'passed' if found.verdict['passed'] else 'did not pass'}. {found.verdict['verdict']['reason']}")
    found.by = steps.deploy(admin, model, found.verdict, overrides=limits.overrides)
    found.served = bool(found.by)
    found.seconds = time.monotonic() - begun
    say(f"  {'serves from now on by ' + found.by if found.served else 'what served before goes on'} ({found.seconds:.0f} s).")
    return found
