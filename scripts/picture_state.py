"""Work on a demo station that the pictures show: pairs that disagree, a team's quarter, doubted documents, a correction, guidelines.

    python -m scripts.picture_state DATA      (the folder of a running station with the demo)

Everything is done by the product's own services, as people would have done it; the documents are synthetic. Done once for a data folder.
Prints as JSON what the pictures need to know.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from scripts import picture_team

DONE = "picture-state.json"
GROUP_VENDOR, MISTAKEN_VENDOR = "northgate", "greenleaf_rx"
MISTAKEN_FOR = "GreenLeaf Wellness"
"""What a sender wrote on a folder of invoices of another vendor."""

WAIT_SECONDS = 900.0
GUIDELINES = {
    "invoice_number": (
        "## What counts\n\nThe number beside **Invoice** or **Inv. no.**, with its letters and hyphens.\n\n"
        "- An order, account or patient number is none.\n- The letter O and the digit 0: numbers of our vendors have digits alone.\n"
    ),
    "total": "## What counts\n\nThe amount that is due for **this** invoice.\n\n- A balance forward does not belong to it.\n",
    "line_items": "## What is a row\n\nEvery billed service or item, also one of 0.00.\n\n- A sum of the rows above is none.\n",
}


def main(data: Path) -> int:
    """Make the state, or answer what was made before."""
    known = data / DONE
    if not known.exists():
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "COUNTERSIGN_DATA_DIR": str(data.resolve())}
        os.environ["COUNTERSIGN_LOG_LEVEL"] = "WARNING"
        import django

        django.setup()
        known.write_text(json.dumps(_made(data)), encoding="utf-8")
    print(known.read_text(encoding="utf-8"))
    return 0


def _made(data: Path) -> dict[str, Any]:
    from invoices.audit.sealing import seal_waiting
    from invoices.audit.verifying import verify_and_note
    from invoices.models import User
    from labeling.guidelines.writing import write_guideline
    from labeling.policies import set_policy

    picture_team.hire(User.objects.get(username="admin"))
    people = {user.username: user for user in User.objects.all()}
    for field, text in GUIDELINES.items():
        write_guideline(user=people["senior"], field=field, text=text, version=0)
    newer = GUIDELINES["total"] + "- Where a discount is printed beside the total, the total without it.\n"
    write_guideline(user=people["senior"], field="total", text=newer, version=1)
    set_policy(user=people["admin"], values={"double_share": 0.12, "new_vendor_share": 0.2}, note="Two more vendors since November.")
    set_policy(user=people["admin"], values={"hidden_share": 0.6}, note="Better figures for the anchoring meter.")
    alike = _taken_in(GROUP_VENDOR, 5)
    mistaken = _taken_in(MISTAKEN_VENDOR, 7, hint=MISTAKEN_FOR)
    _disagreements(data, alike, list(people.values()))
    made = {"corrected": _corrected(mistaken, people["biller2"])}
    team = _team(people)
    picture_team.doubt(people["senior"], people["biller2"], _open_records(data, set(mistaken)))
    _doubted(people["senior"], set(mistaken))
    picture_team.train(people, list(team), team)
    picture_team.count(people)
    seal_waiting()
    verify_and_note()
    return made


def _team(people: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """What the team has labeled, everything twice for a while: the true record by id of the document."""
    from labeling.policies import set_policy

    admin = people["admin"]
    tests = {"seeded_share": 0.2, "hidden_share": 0.35}
    set_policy(user=admin, values={"double_share": 1.0, **tests}, note="Everything twice for a quarter: do we reach 97 %?")
    truths: dict[int, dict[str, Any]] = {}
    for key in picture_team.VENDORS:
        truths |= _received(key, range(100, 100 + picture_team.EACH))
    _wait_for(truths)
    mixed = sorted(truths, key=lambda document: random.Random(document).random())
    truths = {document: truths[document] for document in mixed}
    picture_team.work(people, truths)
    values = {"double_share": 0.12, "seeded_share": 0.02, "hidden_share": 0.6, "test_share": 0.05}
    set_policy(user=admin, values=values, note="Enough pairs for now. Gold tests from today.")
    return truths


def _open_records(data: Path, kept: set[int]) -> dict[int, dict[str, Any]]:
    """The true records of the demo by id of the document, but for some."""
    from invoices.models import Document

    stored = {sha256: entry["record"] for sha256, entry in json.loads((data / "demo-records.json").read_text()).items()}
    found = Document.objects.filter(sha256__in=stored).exclude(pk__in=kept).order_by("pk").values_list("pk", "sha256")
    return {pk: stored[sha256] for pk, sha256 in found}


def _taken_in(key: str, count: int, hint: str = "") -> dict[int, dict[str, Any]]:
    """So many new invoices of a vendor, read and filled in by the station's workers: the true record by id of the document."""
    truth = _received(key, range(count), hint)
    _wait_for(truth)
    return truth


def _received(key: str, numbers: range, hint: str = "") -> dict[int, dict[str, Any]]:
    from invoices.intake import receive
    from mlcore.dataset.synthetic import vendor_catalogue
    from mlcore.dataset.synthetic.generate import one_document, rare_rates
    from mlcore.record_json import record_to_json

    maker = next(one for one in vendor_catalogue() if one.key == key)
    rates = rare_rates([maker], [1.0])[key]
    truth: dict[int, dict[str, Any]] = {}
    for number in numbers:
        made = one_document(maker, rates, random.Random(f"{key}:{number}"), f"picture-{number}")
        name = f"{key}-{made.invoice.number}.pdf".replace("/", "-")
        document = receive(name=name, data=made.pdf, media_type="application/pdf", source="folder", vendor_hint=hint).document
        truth[document.pk] = record_to_json(made.record)
    return truth


def _wait_for(documents: Collection[int]) -> None:
    from invoices.models import Document, DocumentStatus

    until = time.monotonic() + WAIT_SECONDS
    while Document.objects.filter(pk__in=documents, tasks__isnull=False).exclude(status=DocumentStatus.PARSING).distinct().count() < len(
        documents
    ):
        if time.monotonic() > until:
            raise SystemExit(f"The documents were not read within {WAIT_SECONDS:.0f} s. Is the station running?")
        time.sleep(1)


def _disagreements(data: Path, alike: dict[int, dict[str, Any]], people: list[Any]) -> None:
    """Pairs of the new documents differ in the number alone, alike; those of the demo differ in one thing each."""
    from labeling.models import LabelingTask, TaskKind, TaskState
    from labeling.policies import current_policy
    from labeling.second_labels import open_pair

    for document, truth in alike.items():
        first = LabelingTask.objects.get(document=document, kind=TaskKind.LABEL)
        if first.side is None:
            open_pair(first, first.priority, "double", current_policy())
        _label_twice(document, truth, _letter_for_digit, people)
    stored = {sha256: entry["record"] for sha256, entry in json.loads((data / "demo-records.json").read_text()).items()}
    pairs = LabelingTask.objects.filter(kind=TaskKind.SECOND_LABEL, state=TaskState.OPEN, document__sha256__in=stored)
    varied = (_day_for_month, _lost_row, _short_name, _subtotal_for_total, _letter_for_digit, _many)
    for task, vary in zip(list(pairs.order_by("pk").select_related("document")), varied, strict=False):
        _label_twice(task.document_id, stored[task.document.sha256], vary, people)


def _label_twice(document: int, truth: dict[str, Any], vary: Callable[[dict[str, Any]], None], people: list[Any]) -> None:
    """The first label as it should be, the second one varied."""
    from labeling.models import LabelingTask, TaskState

    other = json.loads(json.dumps(truth))
    vary(other)
    tasks = LabelingTask.objects.filter(document=document, side__isnull=False, state=TaskState.OPEN).order_by("pk")
    for task, record in zip(list(tasks), (truth, other), strict=False):
        _labeled(task, record, people)


def _labeled(task: Any, record: dict[str, Any], people: list[Any]) -> int | None:
    """The label of the first person whose task it may be; the gold record that it made, if any."""
    from labeling.annotation import submit
    from labeling.assignment.claims import claim_task
    from labeling.submission import read_submission
    from labeling.task_view import is_for

    for user in sorted(people, key=lambda person: person.role):  # billers first
        if user.role != "admin" and is_for(task, user):
            claim_task(user=user, task_id=task.pk)
            effort = {"active_ms": 31_000, "keystrokes": 18}
            sent = read_submission(record=record, version=0, marks={}, unsure=[], evidence={}, **effort)
            return submit(user=user, task_id=task.pk, submission=sent).gold_id
    return None


def _corrected(documents: dict[int, dict[str, Any]], biller: Any) -> dict[str, Any]:
    """One of the documents that were taken for another vendor's is confirmed as it is: its gold record, and whose it was."""
    from labeling.models import LabelingTask, TaskKind

    single = LabelingTask.objects.filter(document__in=documents, kind=TaskKind.LABEL, side=None).select_related("document")
    task = single.order_by("pk")[0]
    before = task.document.vendor_id
    return {"vendor_before": before, "gold": _labeled(task, documents[task.document_id], [biller])}


def _doubted(senior: Any, kept: set[int]) -> None:
    """Half of what is open and labeled once has a doubt and goes to the review queue; two values were marked as wrong in a batch."""
    from django.db import transaction

    from labeling.models import LabelingTask, TaskKind, TaskState
    from labeling.review.doubted import doubts_about
    from labeling.review.opening import open_reviews
    from labeling.review.verification import Said, verify

    open_labels = LabelingTask.objects.filter(kind=TaskKind.LABEL, state=TaskState.OPEN, side=None, assignee=None).exclude(
        document__in=kept
    )
    waiting = [task for task in open_labels.order_by("pk").select_related("prediction") if task.prediction_id]
    doubted = sorted(waiting, key=lambda task: -len(doubts_about(task.prediction)))
    with transaction.atomic():
        open_reviews([task.document_id for task in doubted[: len(doubted) // 2]], drawn_for="doubted")
    said = [Said(task.document_id, task.prediction_id, "wrong") for task in doubted[len(doubted) // 2 :][:2] if task.prediction_id]
    if said:
        verify(user=senior, path="total", said=said)


def _letter_for_digit(record: dict[str, Any]) -> None:
    number = record["invoice_number"]
    at = max(number.rfind(digit) for digit in "0158")
    record["invoice_number"] = number[:at] + {"0": "O", "1": "l", "5": "S", "8": "B"}.get(number[at], "7") + number[at + 1 :]


def _day_for_month(record: dict[str, Any]) -> None:
    year, month, day = record["date"].split("-")
    record["date"] = f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{'01' if day != '01' else '02'}"


def _lost_row(record: dict[str, Any]) -> None:
    del record["line_items"][-1]


def _short_name(record: dict[str, Any]) -> None:
    record["vendor"]["name"] = f"{record['vendor']['name'].rstrip('.').removesuffix(', Inc').removesuffix(' LLC')} LLC"


def _subtotal_for_total(record: dict[str, Any]) -> None:
    row = record["line_items"][0]
    row["unit_price"], row["total"] = row["total"], row["unit_price"]


def _many(record: dict[str, Any]) -> None:
    _letter_for_digit(record)
    record["line_items"][0]["type"] = "dme_rental" if record["line_items"][0]["type"] != "dme_rental" else "bundled_service"
    _lost_row(record)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
