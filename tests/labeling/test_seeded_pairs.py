"""Values made wrong on purpose: pairs that they led to, or that have one, say nothing of agreement; typed again they were let through."""

from __future__ import annotations

from typing import Any

import pytest

from labeling.agreement.counting import countable
from labeling.concluding import let_through
from labeling.models import Agreement, LabelingTask
from labeling.provenance import origins
from labeling.sampling import open_task
from labeling.seeding import seeded_record
from labeling.task_view import is_for
from mlcore.record_json import record_from_json
from tests.conftest import Cast
from tests.labeling.settled_pairs import label, pair_policy

pytestmark = pytest.mark.django_db


def both_labeled(cast: Cast, document: Any, record: dict[str, Any]) -> Agreement:
    """Each biller labels the task of their side rightly."""
    open_task(document.pk)
    for task in LabelingTask.objects.filter(document=document):
        label(task, next(user for user in (cast.biller1, cast.biller2) if is_for(task, user)), record)
    return Agreement.objects.get(document=document)


def test_a_pair_that_a_missed_seed_led_to_is_not_by_chance(cast: Cast, make_document: Any, record: dict[str, Any]) -> None:
    pair_policy(double_share=0, seeded_share=1)
    task = LabelingTask.objects.get(pk=open_task(make_document().pk))
    label(task, cast.biller1, seeded_record(record, task.seeded))
    label(LabelingTask.objects.get(kind="second_label"), cast.biller2, record)
    agreement = Agreement.objects.get()
    assert (agreement.chance, agreement.seeded, agreement.counted_in) == (False, True, Agreement.LEFT_OUT)
    assert not countable().exists()


def test_a_pair_with_a_seed_in_it_is_kept_apart_and_any_other_waits_to_be_counted(
    cast: Cast, make_document: Any, record: dict[str, Any]
) -> None:
    pair_policy(seeded_share=1)
    seeded = both_labeled(cast, make_document(), record)
    assert (seeded.chance, seeded.seeded, seeded.counted_in) == (True, True, Agreement.LEFT_OUT)
    pair_policy(seeded_share=0)
    plain = both_labeled(cast, make_document(), record)
    assert (plain.chance, plain.seeded, plain.counted_in) == (True, False, None)
    assert list(countable()) == [plain]


def test_a_seed_that_is_typed_again_in_a_new_row_was_let_through(record: dict[str, Any]) -> None:
    seeds = {"line_items[0].total": {"right": "45.00", "wrong": "54.00"}}
    shown = record_from_json(seeded_record(record, seeds))
    anew = ["new", *(f"p{row}" for row in range(1, len(record["line_items"])))]
    again, right = seeded_record(record, seeds), record
    assert let_through(origins(record_from_json(again), shown, anew), seeds, again) == set(seeds)
    assert let_through(origins(record_from_json(right), shown, anew), seeds, right) == set()
