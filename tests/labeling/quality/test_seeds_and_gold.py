"""A value that was made wrong on purpose does not become gold because one person let it stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document, User
from labeling.export import jsonl_lines
from labeling.models import GoldRecord, LabelingTask
from labeling.task_view import is_for
from tests.conftest import Cast
from tests.labeling.settled_pairs import Bench, changed, label, pair_policy, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(cast: Cast, make_document: Callable[..., Document], record: dict[str, Any]) -> tuple[Bench, LabelingTask, dict[str, Any]]:
    """A single label task with one wrong value in it, and the record that lets it stand."""
    pair_policy(double_share=0, seeded_share=1)
    bench = Bench(make_document, cast.senior, record)
    _, (task,) = bench.open()
    path, values = next(iter(task.seeded.items()))
    return bench, task, changed(record, {path: values["wrong"]})


def test_a_seed_that_one_person_lets_stand_goes_to_a_second_and_is_gold_only_when_it_was_caught(seeded: Any, cast: Cast) -> None:
    bench, task, wrong = seeded
    label(task, cast.biller1, wrong)
    assert not GoldRecord.objects.exists()
    assert "".join(jsonl_lines()) == ""
    second = LabelingTask.objects.get(document=task.document, kind="second_label")
    other = next(user for user in (cast.biller2, cast.senior) if is_for(second, user))
    label(second, other, bench.record)
    assert not GoldRecord.objects.exists(), "they differ: a senior decides"
    onlooker = User.objects.create_user("onlooker", role="senior")
    settle(task.document, onlooker, bench.record)
    gold = GoldRecord.objects.get()
    assert gold.record == bench.record


def test_a_seed_that_was_caught_is_gold_at_once(seeded: Any, cast: Cast) -> None:
    bench, task, _ = seeded
    label(task, cast.biller1, bench.record)
    assert GoldRecord.objects.get().record == bench.record
