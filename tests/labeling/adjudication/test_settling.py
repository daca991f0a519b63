"""Settling, taking back, resolving: what is written, by whom, and who may not."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.models import Document, DocumentStatus
from labeling.adjudication.decisions import Decision
from labeling.adjudication.grouping import reopen
from labeling.adjudication.resolving import resolve
from labeling.adjudication.settling import correct_cause, settle, take_back
from labeling.annotation import submit
from labeling.assignment.claims import claim_next, claim_task
from labeling.errors import (
    AlreadyResolved,
    LeaseLost,
    NotSettled,
    OwnLabel,
    RecordInvalid,
    RequestInvalid,
    RoleNeeded,
    TaskNotFound,
    UndoRefused,
)
from labeling.models import Adjudication, Choice, DifferenceCause, GoldRecord, LabelingTask, Ruling, TaskKind, TaskState
from labeling.signals import gold_recorded
from labeling.submission import read_submission
from tests.labeling.conftest import RECORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Any, make_pair: Any) -> Any:
    """A pair that differs in the total and in one quantity, held by the senior; the second label is A."""
    pair = make_pair({"total": "95.00", "line_items[0].quantity": "3"}, a_is_first=False)
    claim_task(user=cast.senior, task_id=pair.task.pk)
    return pair


@pytest.mark.parametrize(
    ("decision", "value"),
    [
        (Decision(Choice.A), "95.00"),
        (Decision(Choice.B), "90.00"),
        (Decision(Choice.MACHINE), "90.00"),
        (Decision(Choice.OTHER, " $1,095.5 "), "1095.5"),
        (Decision(Choice.ABSENT), None),
    ],
)
def test_a_choice_writes_its_value_and_a_ruling(cast: Any, case: Any, decision: Decision, value: str | None) -> None:
    settled = settle(user=cast.senior, difference_id=case.difference("total").pk, decision=decision)
    assert (settled.choice, settled.value, settled.settled_by) == (decision.choice, value, cast.senior)
    ruling = Ruling.objects.get()
    assert (ruling.field, ruling.value, ruling.vendor, ruling.author) == ("total", value or "", case.document.vendor, cast.senior)
    assert ruling.place == {"document": case.document.pk, "page": 1, "box": [0.1, 0.1, 0.2, 0.12]}


def test_settling_again_replaces_the_ruling_and_the_same_again_changes_nothing(cast: Any, case: Any) -> None:
    pk = case.difference("total").pk
    first = settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.A, reason="as printed"))
    assert settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.A, reason="as printed")).ruling == first.ruling
    second = settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.B, cause="misread"))
    assert list(Ruling.objects.filter(undone_at=None)) == [second.ruling]
    assert second.cause == "misread"
    assert second.cause_typed == "guideline"
    take_back(user=cast.senior, difference_id=pk)
    assert not Ruling.objects.filter(undone_at=None).exists()
    assert case.difference("total").choice == ""


def test_what_cannot_be_taken_is_refused(cast: Any, make_pair: Any) -> None:
    pair = make_pair({"line_items[1].ndc_code": "00069-3150-83"})
    claim_task(user=cast.senior, task_id=pair.task.pk)
    pk = pair.difference("line_items.ndc_code").pk
    with pytest.raises(RequestInvalid, match="no value here"):
        settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.MACHINE))
    with pytest.raises(RequestInvalid, match="Enter the value"):
        settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.OTHER, "  "))
    total = make_pair()
    claim_task(user=cast.senior, task_id=total.task.pk)
    with pytest.raises(RecordInvalid):
        settle(user=cast.senior, difference_id=total.difference("total").pk, decision=Decision(Choice.OTHER, "lots"))
    assert not Ruling.objects.exists()


def test_only_the_senior_who_holds_it_settles(cast: Any, case: Any) -> None:
    pk = case.difference("total").pk
    with pytest.raises(RoleNeeded):
        settle(user=cast.biller1, difference_id=pk, decision=Decision(Choice.A))
    with pytest.raises(LeaseLost):
        settle(user=cast.admin, difference_id=pk, decision=Decision(Choice.A))
    with pytest.raises(LeaseLost):
        resolve(user=cast.admin, adjudication_id=case.adjudication.pk)


def test_nobody_adjudicates_an_own_label(cast: Any, make_pair: Any) -> None:
    pair = make_pair(authors=(cast.senior, cast.biller2))
    assert claim_next(user=cast.senior, kind="adjudicate") is None
    with pytest.raises(OwnLabel):
        claim_task(user=cast.senior, task_id=pair.task.pk)
    LabelingTask.objects.filter(pk=pair.task.pk).update(assignee=cast.senior)
    with pytest.raises(OwnLabel):
        settle(user=cast.senior, difference_id=pair.difference("total").pk, decision=Decision(Choice.A))
    with pytest.raises(OwnLabel):
        resolve(user=cast.senior, adjudication_id=pair.adjudication.pk)
    LabelingTask.objects.filter(pk=pair.task.pk).update(assignee=None)
    claimed = claim_next(user=cast.admin, kind="adjudicate")
    assert claimed is not None
    assert claimed.task.pk == pair.task.pk


def test_adjudications_come_only_to_those_who_ask_and_are_not_submitted_like_labels(cast: Any, case: Any) -> None:
    assert claim_next(user=cast.senior) is None
    with pytest.raises(RequestInvalid):
        claim_next(user=cast.biller1, kind="adjudicate")
    with pytest.raises(TaskNotFound):
        submit(
            user=cast.senior,
            task_id=case.task.pk,
            submission=read_submission(record=RECORD, version=0, marks={}, unsure=[], evidence={}),
        )


def test_resolving_writes_gold_with_where_each_value_comes_from(cast: Any, case: Any) -> None:
    announced: list[dict[str, Any]] = []

    def receiver(**values: Any) -> None:
        announced.append({name: values[name] for name in ("gold_id", "document_id", "vendor_id")})

    with pytest.raises(NotSettled) as caught:
        resolve(user=cast.senior, adjudication_id=case.adjudication.pk)
    assert len(caught.value.extra["left"]) == 2
    settle(user=cast.senior, difference_id=case.difference("total").pk, decision=Decision(Choice.A, reason="The amount due"))
    gold_recorded.connect(receiver)
    try:
        decisions = {case.difference("line_items.quantity").pk: Decision(Choice.B)}
        gold = resolve(user=cast.senior, adjudication_id=case.adjudication.pk, decisions=decisions)
        assert resolve(user=cast.senior, adjudication_id=case.adjudication.pk) == gold
    finally:
        gold_recorded.disconnect(receiver)
    assert announced == [{"gold_id": gold.pk, "document_id": case.document.pk, "vendor_id": case.document.vendor_id}]
    assert gold.record == {**RECORD, "total": "95.00"}
    assert gold.annotation is None
    ruling = case.difference("total").ruling.pk
    assert gold.provenance["total"] == {
        "source": "adjudicated",
        "by": cast.senior.pk,
        "choice": "a",
        "ruling": ruling,
        "reason": "The amount due",
    }
    assert gold.provenance["date"] == {
        "source": "agreed",
        "by": cast.biller1.pk,
        "also_by": cast.biller2.pk,
        "model_id": None,
    }
    assert gold.provenance["line_items[0].quantity"]["choice"] == "b"
    assert "line_items[1].ndc_code" not in gold.provenance
    assert "total" not in gold.evidence
    assert gold.evidence["date"] == [{"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}]
    stored = Adjudication.objects.get()
    assert (stored.state, stored.gold) == ("resolved", gold)
    assert LabelingTask.objects.get(pk=case.task.pk).state == TaskState.DONE
    assert Document.objects.get().status == DocumentStatus.GOLD


def test_what_closed_by_itself_counts_as_agreed(cast: Any, case: Any) -> None:
    case.adjudication.differences.filter(name="line_items.quantity").update(choice="a", value="2", cause="format")
    gold = resolve(user=cast.senior, adjudication_id=case.adjudication.pk, decisions={case.difference("total").pk: Decision(Choice.B)})
    assert gold.provenance["line_items[0].quantity"]["source"] == "agreed"


def test_a_resolved_one_is_closed_until_it_is_opened_again(cast: Any, case: Any) -> None:
    decisions = {pk: Decision(Choice.A) for pk in case.adjudication.differences.values_list("pk", flat=True)}
    first = resolve(user=cast.senior, adjudication_id=case.adjudication.pk, decisions=decisions)
    with pytest.raises(AlreadyResolved):
        settle(user=cast.senior, difference_id=case.difference("total").pk, decision=Decision(Choice.B))
    reopen(user=cast.senior, adjudication_id=case.adjudication.pk)
    assert not GoldRecord.objects.filter(is_current=True).exists()
    assert Document.objects.get().status == DocumentStatus.LABELED
    claimed = claim_next(user=cast.senior, kind=TaskKind.ADJUDICATE)
    assert claimed is not None
    settle(user=cast.senior, difference_id=case.difference("total").pk, decision=Decision(Choice.B))
    second = resolve(user=cast.senior, adjudication_id=case.adjudication.pk)
    assert second.supersedes == first
    assert list(GoldRecord.objects.filter(is_current=True)) == [second]


def test_opening_again_is_refused_once_a_newer_record_stands_on_it(cast: Any, case: Any) -> None:
    decisions = {pk: Decision(Choice.A) for pk in case.adjudication.differences.values_list("pk", flat=True)}
    gold = resolve(user=cast.senior, adjudication_id=case.adjudication.pk, decisions=decisions)
    GoldRecord.objects.filter(pk=gold.pk).update(is_current=False)
    GoldRecord.objects.create(document=case.document, record=RECORD, supersedes=gold)
    with pytest.raises(UndoRefused, match="newer gold record"):
        reopen(user=cast.senior, adjudication_id=case.adjudication.pk)


def test_a_corrected_cause_is_that_of_its_ruling_too(cast: Any, case: Any) -> None:
    pk = case.difference("total").pk
    settle(user=cast.senior, difference_id=pk, decision=Decision(Choice.A))
    correct_cause(user=cast.senior, difference_id=pk, cause=DifferenceCause.PLACE)
    assert Ruling.objects.get().cause == "place"
    noted = AuditEntry.objects.get(action=Action.CAUSE_CORRECTED)
    before, after = {"difference": pk, "cause": "guideline"}, {"difference": pk, "cause": "place"}
    assert (noted.person_id, noted.before, noted.after) == (cast.senior.pk, before, after)
    correct_cause(user=cast.senior, difference_id=pk, cause=DifferenceCause.PLACE)
    assert AuditEntry.objects.filter(action=Action.CAUSE_CORRECTED).count() == 1, "what is so already is no correction"
