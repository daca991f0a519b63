"""A quarter of a team, for the pictures of agreement and of quality: settled pairs, tests, an onboarding, a pause, suspect records.

Everything is done by the product's services, as people would have done it, and counted as the scheduler has it counted; the documents are
synthetic. What was done in minutes is then dated back over a quarter, so that the trends have a length.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

WEEKS = 13
TEAM = {"ana": "Ana Reyes", "bo": "Bo Lindqvist", "cleo": "Cleo Okafor"}
NEW = {"nell": "Nell Dupont"}
"""Somebody who has only begun."""

VENDORS = ("meridian", "halvorsen", "cedar_ridge", "riverbend_lab", "northgate")
EACH = 10
"""Documents of each of them: enough that the figures stand above their floor of 20 documents."""

SUSPECT_CHANGES: tuple[dict[str, str], ...] = ({"total": "4180.00"}, {"date": "2019-03-02"}, {"total": "12.50"})


@dataclass(frozen=True, slots=True)
class Habit:
    """How often somebody gets which field wrong (``""``: any other), and lets a wrong value of the pre-fill pass."""

    slips: dict[str, float]
    accepts: float


HABITS = {
    "biller1": Habit({"date": 0.06, "line_items.quantity": 0.03, "": 0.003}, 0.3),
    "ana": Habit({"": 0.003}, 0.1),
    "bo": Habit({"line_items.quantity": 0.06, "date": 0.1, "": 0.005}, 0.45),
    "cleo": Habit({"vendor.address": 0.15, "line_items.cpt_code": 0.05, "": 0.008}, 0.6),
}

AT_WORK = {"biller1": 6, "ana": 6, "bo": 3, "cleo": 0.6}
"""How much each does of what is to be done."""


def work(people: dict[str, Any], documents: dict[int, dict[str, Any]]) -> list[int]:
    """Have the team label these documents twice and the senior settle them; what was labeled."""
    chance = random.Random("team")
    for document, truth in documents.items():
        _pair(document, truth, people, chance)
        _settle(document, truth, people["senior"])
    return list(documents)


def hire(admin: Any) -> None:
    """Accounts for the team."""
    from invoices.people_changes import make_person

    for name, full in TEAM.items():
        make_person(username=name, full_name=full, role="biller", by=admin)


def train(people: dict[str, Any], documents: list[int], truths: dict[int, dict[str, Any]]) -> None:
    """Documents of the onboarding and of gold tests; one new person is half through, the others have done some tests."""
    from invoices.models import User
    from invoices.people_changes import make_person
    from labeling.errors import LabelingError
    from labeling.models import TaskPurpose, Trial
    from labeling.trials.handing_out import hand_out, prepare_tests
    from labeling.trials.known import choose_document
    from labeling.trials.onboarding import start_onboarding

    chance = random.Random("tests")
    wanted = {TaskPurpose.ONBOARDING: 5, TaskPurpose.GOLD_TEST: 4}
    for document in documents:
        purpose = next((one for one, left in wanted.items() if left), None)
        with suppress(LabelingError):
            if purpose:
                choose_document(user=people["senior"], document_id=document, purpose=purpose)
                wanted[purpose] -= 1
    for name, full in NEW.items():
        make_person(username=name, full_name=full, role="biller", by=people["admin"])
        person = User.objects.get(username=name)
        start_onboarding(user=people["senior"], person_id=person.pk)
        steps = Trial.objects.filter(person=person, purpose=TaskPurpose.ONBOARDING).order_by("position")
        for number, trial in enumerate(list(steps)[:3]):
            changes = {"total": "1.00"} if number == 1 else {}
            label(trial.task, person, _changed(truths[trial.document_id], changes), 96_000)
    for _ in range(3):
        prepare_tests()
        for trial in Trial.objects.filter(purpose=TaskPurpose.GOLD_TEST, state=Trial.State.RESERVED).select_related("person"):
            if trial.person.username in HABITS and trial.document_id in truths:
                task = hand_out(trial)
                label(task, trial.person, _record(task, trial.person.username, truths[trial.document_id], chance), _active_ms(chance))


def doubt(senior: Any, biller: Any, records: dict[int, dict[str, Any]]) -> None:
    """Some open documents are confirmed as they are not; what speaks against them is looked for, one is sent to review, one is right."""
    from labeling.models import LabelingTask, SuspectGold, TaskKind, TaskState
    from labeling.suspects.deciding import say_right, send_to_review
    from labeling.suspects.finding import look_over
    from labeling.task_view import is_for

    single = LabelingTask.objects.filter(document__in=records, kind=TaskKind.LABEL, state=TaskState.OPEN, side=None, assignee=None)
    fit = [task for task in single.select_related("prediction").order_by("pk") if is_for(task, biller)]
    for task, changes in zip(fit, SUSPECT_CHANGES * 2, strict=False):
        label(task, biller, _changed(records[task.document_id], changes), 38_000)
    while look_over():
        pass
    found = list(SuspectGold.objects.filter(state=SuspectGold.State.OPEN).order_by("-score"))
    if len(found) > 3:
        send_to_review(user=senior, gold_id=found[-1].gold_id)
        say_right(user=senior, gold_id=found[-2].gold_id, note="An invoice of 2019, sent late: so printed.")


def count(people: dict[str, Any]) -> None:
    """Date the work back, and count it all as the scheduler has it counted; one queue is paused."""
    from labeling.agreement.recounting import recount
    from labeling.pausing.advice import refresh_standings
    from labeling.pausing.pausing import pause_queue
    from labeling.quality.counting import count_all, forget

    _date_back()
    recount()
    forget()
    count_all()
    while refresh_standings():
        pass
    pause_queue(user=people["senior"], person_id=people["cleo"].pk, reason="Addresses: let us look at three together first")


def label(task: Any, person: Any, record: dict[str, Any], active_ms: int) -> Any:
    """Claim and submit."""
    from labeling.annotation import submit
    from labeling.assignment.claims import claim_task
    from labeling.submission import read_submission

    claim_task(user=person, task_id=task.pk)
    keystrokes = active_ms // 900
    sent = read_submission(record=record, version=0, marks={}, unsure=[], evidence={}, active_ms=active_ms, keystrokes=keystrokes)
    return submit(user=person, task_id=task.pk, submission=sent)


def _pair(document: int, truth: dict[str, Any], people: dict[str, Any], chance: random.Random) -> None:
    from labeling.models import LabelingTask, TaskState
    from labeling.task_view import is_for

    tasks = LabelingTask.objects.filter(document=document, side__isnull=False, state=TaskState.OPEN).select_related("prediction")
    for task in list(tasks.order_by("pk")):
        fit = {name: share for name, share in AT_WORK.items() if is_for(task, people[name])}
        if fit:
            name = chance.choices(list(fit), list(fit.values()))[0]
            label(task, people[name], _record(task, name, truth, chance), _active_ms(chance))


def _record(task: Any, name: str, truth: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """What this person makes of the page and of the pre-fill."""
    from labeling.prefill_shown import shown_record
    from mlcore.compare import same
    from mlcore.record_json import record_from_json, value_to_json
    from mlcore.schema import iter_values, spec_for, value_at

    habit = HABITS[name]
    shown = shown_record(task)
    machine = record_from_json(shown, ignore_unknown=True) if shown else None
    alike = machine is not None and len(machine.line_items) == len(truth["line_items"])
    changes: dict[str, str] = {}
    for path, value in iter_values(record_from_json(truth)):
        field = "line_items." + path.rpartition(".")[2] if path.startswith("line_items") else path
        suggested = value_at(machine, path) if machine is not None and (alike or not path.startswith("line_items")) else None
        text = value_to_json(value)
        if suggested is not None and value is not None and not same(spec_for(path).kind, value, suggested):
            if chance.random() < habit.accepts:
                changes[path] = value_to_json(suggested) or ""
        elif text and field != "line_items.type" and chance.random() < habit.slips.get(field, habit.slips[""]):
            changes[path] = _slip(path, text, chance)
    return _changed(truth, changes)


def _active_ms(chance: random.Random) -> int:
    return int(1000 * chance.lognormvariate(4.0, 0.4))


def _slip(path: str, text: str, chance: random.Random) -> str:
    """A digit that was read wrongly, a day beside the right one, a cut name."""
    if path == "date":
        return f"{text[:8]}{int(text[8:]) % 27 + 1:02d}"
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    if len(digits) < 2:
        return text + text[-1] if digits else text[:-1] or text * 2
    at = digits[-2]
    return f"{text[:at]}{(int(text[at]) + chance.randint(1, 8)) % 10}{text[at + 1 :]}"


def _changed(record: dict[str, Any], changes: dict[str, str]) -> dict[str, Any]:
    """A record with other values at some paths; as it was where no record comes of it."""
    from mlcore.errors import RecordError
    from mlcore.record_json import record_from_json

    other = copy.deepcopy(record)
    for path, value in changes.items():
        holder: Any = other
        *parts, name = path.replace("[", ".").replace("]", "").split(".")
        for part in parts:
            holder = holder[int(part)] if part.isdigit() else holder[part]
        holder[name] = value
    try:
        record_from_json(other)
    except RecordError:
        return copy.deepcopy(record)
    return other


def _settle(document: int, truth: dict[str, Any], senior: Any) -> None:
    """As the senior settles it who knows what is printed."""
    from labeling.adjudication.decisions import Decision
    from labeling.adjudication.resolving import resolve
    from labeling.assignment.claims import claim_task
    from labeling.models import Adjudication, Choice
    from mlcore.record_json import record_from_json, value_to_json
    from mlcore.schema import value_at

    case = Adjudication.objects.filter(document=document, state=Adjudication.State.OPEN).select_related("task").first()
    if case is None or case.task is None:
        return
    claim_task(user=senior, task_id=case.task.pk)
    decisions = {}
    for difference in case.differences.filter(choice=""):
        if difference.name == "line_items":  # a row that one of them has alone: left for a person
            return
        text = value_to_json(value_at(record_from_json(truth), difference.path_first))
        decisions[difference.pk] = Decision(Choice.OTHER, text, "As printed") if text else Decision(Choice.ABSENT)
    resolve(user=senior, adjudication_id=case.pk, decisions=decisions)


def _date_back() -> None:
    """The pairs one after the other over the weeks, the newest today, and the tests over the last of them."""
    from django.utils import timezone

    from labeling.models import Agreement, Annotation, Trial

    now = timezone.now()
    pairs = list(Agreement.objects.order_by("pk").values_list("document", flat=True))
    random.Random("dates").shuffle(pairs)
    step = dt.timedelta(weeks=WEEKS) / max(len(pairs), 1)
    for number, document in enumerate(pairs):
        at = now - number * step
        Annotation.objects.filter(document=document, task__side__isnull=False).update(submitted_at=at)
        Agreement.objects.filter(document=document).update(compared_at=at)
    for number, trial in enumerate(Trial.objects.filter(judged_at__isnull=False).order_by("-pk")):
        at = now - dt.timedelta(days=1.6 * number, minutes=37 * number)
        Trial.objects.filter(pk=trial.pk).update(judged_at=at)
        Annotation.objects.filter(task=trial.task_id).update(submitted_at=at)
