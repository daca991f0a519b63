"""Ruling alike differences together: what carries over, what is passed over, and one step back."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.audit.entries import AuditEntry
from invoices.models import Document, DocumentStatus
from labeling.adjudication.decisions import Decision
from labeling.adjudication.grouping import MOST_AT_ONCE, preview, rule_together, undo_ruling
from labeling.adjudication.settling import settle, take_back
from labeling.assignment.claims import claim_task
from labeling.errors import LeaseLost, OwnLabel, RequestInvalid, UndoRefused
from labeling.models import Adjudication, Choice, GoldRecord, LabelingTask, Ruling, TaskState
from tests.labeling.conftest import RECORD

pytestmark = pytest.mark.django_db
SHORT, LONG = "Apex Infusion", "Summit Specialty Pharmacy LLC"


@pytest.fixture
def hand(cast: Any, make_pair: Any) -> Any:
    """The adjudication in hand: the labels differ in the vendor's name; the second one is B."""
    pair = make_pair({"vendor.name": LONG}, vendor__name="alias")
    claim_task(user=cast.senior, task_id=pair.task.pk)
    return pair


def shown(found: Any) -> dict[int, tuple[str, str | None]]:
    return {p.difference.pk: (p.transfer.choice, p.transfer.value) for p in found.proposals if p.transfer}


def test_the_same_value_wins_whatever_letter_it_has(cast: Any, make_pair: Any, hand: Any) -> None:
    same = make_pair({"vendor.name": LONG}, a_is_first=False, vendor__name="alias")
    other_value = make_pair({"vendor.name": "Apex Home Care"}, vendor__name="alias")
    make_pair({"vendor.name": LONG}, vendor__name="misread")
    make_pair({"total": "95.00"})
    found = preview(user=cast.senior, difference_id=hand.difference("vendor.name").pk, decision=Decision(Choice.B))
    assert found.value == LONG
    assert shown(found) == {same.difference("vendor.name").pk: (Choice.A, LONG)}
    assert {p.difference.adjudication_id for p in found.proposals} == {same.adjudication.pk, other_value.adjudication.pk}


def test_a_ruling_settles_all_resolves_what_it_completes_and_is_undone_in_one_step(cast: Any, make_pair: Any, hand: Any) -> None:
    done = make_pair({"vendor.name": LONG}, vendor__name="alias")
    half = make_pair({"vendor.name": LONG, "total": "95.00"}, vendor__name="alias")
    pk = hand.difference("vendor.name").pk
    decision = Decision(Choice.B, reason="The name above the remit-to address")
    found = preview(user=cast.senior, difference_id=pk, decision=decision)
    others = [(p.difference.pk, p.transfer.value) for p in found.proposals if p.transfer]
    ruled = rule_together(user=cast.senior, difference_id=pk, decision=decision, others=others)
    assert ruled.resolved == (done.adjudication.pk,)
    assert set(ruled.settled) == {p.difference("vendor.name").pk for p in (hand, done, half)}
    assert Ruling.objects.get().reason == decision.reason
    gold = GoldRecord.objects.get(document=done.document)
    assert gold.record["vendor"]["name"] == LONG
    assert gold.provenance["vendor.name"]["ruling"] == ruled.ruling.pk
    assert Adjudication.objects.get(pk=hand.adjudication.pk).state == "open"
    with pytest.raises(UndoRefused, match="together with 2 more"):
        take_back(user=cast.senior, difference_id=pk)
    assert set(undo_ruling(user=cast.senior, ruling_id=ruled.ruling.pk)) == set(ruled.settled)
    undo_ruling(user=cast.senior, ruling_id=ruled.ruling.pk)
    assert not Adjudication.objects.filter(state="resolved").exists()
    assert Ruling.objects.get().undone_at is not None
    trail = [action for action in AuditEntry.objects.order_by("pk").values_list("action", flat=True) if not action.startswith("task.")]
    assert trail == ["ruling.made", "adjudication.resolved", "adjudication.reopened", "ruling.undone"]
    assert {p.difference("vendor.name").choice for p in (hand, done, half)} == {""}
    assert not GoldRecord.objects.filter(is_current=True).exists()
    reopened = Document.objects.get(pk=done.document.pk)
    assert (reopened.status, reopened.vendor) == (DocumentStatus.LABELED, done.document.vendor)
    assert LabelingTask.objects.get(pk=done.task.pk).state == TaskState.OPEN


def test_undo_is_refused_once_a_later_gold_record_stands_on_it(cast: Any, make_pair: Any, hand: Any) -> None:
    done = make_pair({"vendor.name": LONG}, vendor__name="alias")
    others = [(done.difference("vendor.name").pk, LONG)]
    ruled = rule_together(user=cast.senior, difference_id=hand.difference("vendor.name").pk, decision=Decision(Choice.B), others=others)
    GoldRecord.objects.update(is_current=False)
    GoldRecord.objects.create(document=done.document, record=RECORD, supersedes=GoldRecord.objects.get())
    with pytest.raises(UndoRefused, match="newer gold record"):
        undo_ruling(user=cast.senior, ruling_id=ruled.ruling.pk)
    assert done.difference("vendor.name").choice == "b"


def test_what_changed_since_the_preview_is_passed_over(cast: Any, make_pair: Any, hand: Any) -> None:
    settled = make_pair({"vendor.name": LONG}, vendor__name="alias")
    wrong = make_pair({"vendor.name": LONG}, vendor__name="alias")
    claim_task(user=cast.senior, task_id=settled.task.pk)
    settle(user=cast.senior, difference_id=settled.difference("vendor.name").pk, decision=Decision(Choice.A))
    claim_task(user=cast.senior, task_id=hand.task.pk)
    others = [(settled.difference("vendor.name").pk, LONG), (wrong.difference("vendor.name").pk, SHORT)]
    ruled = rule_together(user=cast.senior, difference_id=hand.difference("vendor.name").pk, decision=Decision(Choice.B), others=others)
    assert set(ruled.passed_over) == {pk for pk, _ in others}
    assert settled.difference("vendor.name").choice == "a"


def test_own_labels_and_those_that_others_hold_are_no_part_of_a_group(cast: Any, make_pair: Any, hand: Any) -> None:
    own = make_pair({"vendor.name": LONG}, authors=(cast.senior, cast.biller1), vendor__name="alias")
    held = make_pair({"vendor.name": LONG}, vendor__name="alias")
    claim_task(user=cast.admin, task_id=held.task.pk)
    pk = hand.difference("vendor.name").pk
    assert preview(user=cast.senior, difference_id=pk, decision=Decision(Choice.B)).proposals == ()
    others = [(p.difference("vendor.name").pk, LONG) for p in (own, held)]
    ruled = rule_together(user=cast.senior, difference_id=pk, decision=Decision(Choice.B), others=others)
    assert ruled.settled == (pk,)
    own_ruling = Ruling.objects.create(field="vendor.name", cause="alias", choice="b", author=cast.admin)
    own.adjudication.differences.update(choice="b", value=LONG, ruling=own_ruling, settled_by=cast.admin)
    with pytest.raises(OwnLabel):
        undo_ruling(user=cast.senior, ruling_id=own_ruling.pk)


def test_a_group_has_a_limit_and_a_holder(cast: Any, make_pair: Any, hand: Any) -> None:
    pk = hand.difference("vendor.name").pk
    with pytest.raises(RequestInvalid) as caught:
        rule_together(user=cast.senior, difference_id=pk, decision=Decision(Choice.B), others=[(n, "") for n in range(1, MOST_AT_ONCE + 1)])
    assert caught.value.code == "group_too_large"
    with pytest.raises(LeaseLost):
        preview(user=cast.admin, difference_id=pk, decision=Decision(Choice.B))
