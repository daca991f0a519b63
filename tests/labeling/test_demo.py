"""The demo set through the real intake, sandbox, pre-fill and submit."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from invoices.models import Document, Vendor
from labeling import demo
from labeling.models import GoldRecord, LabelingTask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def load_demo(**options: Any) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_the_demo_set_reaches_gold_and_a_second_loading_changes_nothing(cast: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    load_demo(inline=True, limit=2)
    assert Document.objects.filter(source="demo").count() == 4
    golds = GoldRecord.objects.select_related("annotation__author", "vendor")
    assert {gold.annotation.author.username for gold in golds if gold.annotation} <= {"biller1", "biller2"}
    assert golds.count() == 2
    assert all(gold.vendor is not None and gold.vendor.status == "confirmed" for gold in golds)
    assert all(gold.vendor is not None and gold.vendor.name == gold.record["vendor"]["name"] for gold in golds)
    assert LabelingTask.objects.filter(state="open").count() == 2
    counts = [model.objects.count() for model in (Document, GoldRecord, LabelingTask, Vendor)]
    answer = load_demo(inline=True, limit=2)
    assert "loaded already" in answer
    assert demo.waiting(tmp_path) == []
    assert [model.objects.count() for model in (Document, GoldRecord, LabelingTask, Vendor)] == counts


def test_without_the_demo_billers_it_says_what_to_do(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match="create_demo_users"):
        load_demo(limit=1)
