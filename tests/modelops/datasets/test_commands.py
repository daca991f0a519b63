"""``collect_corrections`` and ``merge_datasets``, as the specification calls them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from labeling.models import GoldRecord
from mlcore.dataset.directory import read_manifest
from modelops.models import DatasetVersion
from tests.conftest import Cast
from tests.modelops.datasets.conftest import Station
from tests.modelops.datasets.gold_makers import company, confirm

pytestmark = pytest.mark.django_db


def test_the_commands_of_the_specification(gold: Station, cast: Cast, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("collect_corrections", "--last-90-days", "--out", str(tmp_path / "out"), stdout=out)
    assert "Data set 1:" in out.getvalue()
    told = json.loads((tmp_path / "out" / "held_out_vendors.json").read_text())
    version = DatasetVersion.objects.get()
    assert (told["version"], told["data_hash"], told["test_source"]) == (1, version.data_hash, "gold")
    assert {one["id"] for one in told["vendors"]} == set(version.items.filter(side="test").values_list("vendor", flat=True))
    assert read_manifest(tmp_path / "out")["data_hash"] == version.data_hash
    call_command("collect_corrections", "--last-days", "90", stdout=out)
    assert "Nothing has changed: data set 1" in out.getvalue()


@pytest.mark.thorough
def test_corrections_are_merged_with_the_set_before(gold: Station, cast: Cast) -> None:
    call_command("collect_corrections", stdout=io.StringIO())
    GoldRecord.objects.update(created_at=timezone.now() - timedelta(days=120))
    for number, (vendor, _) in enumerate(gold):
        confirm(company(number, 1, first=30)[0], vendor, cast.biller1)
    call_command("collect_corrections", "--last-90-days", stdout=io.StringIO())
    out = io.StringIO()
    call_command("merge_datasets", stdout=out)
    first, recent, merged = DatasetVersion.objects.order_by("number")
    assert (recent.items.count(), merged.items.count()) == (10, first.items.count() + 10)
    assert (merged.parent, merged.since, merged.plan["sources"]) == (first, recent.since, [1, 2])
    call_command("merge_datasets", stdout=out)
    assert "stands for itself" in out.getvalue(), "a whole set is merged with nothing"


def test_what_the_commands_refuse(cast: Cast, data_dir: Path, tmp_path: Path) -> None:
    for name, arguments, told in (
        ("merge_datasets", [], "no frozen data set"),
        ("merge_datasets", ["1"], "1 numbers were given"),
        ("merge_datasets", ["1", "2"], "no data set 1"),
        ("collect_corrections", ["--last-days", "0"], "not from 1 to"),
        ("collect_corrections", [], "no document to learn from"),
    ):
        with pytest.raises(CommandError, match=told):
            call_command(name, *arguments, stdout=io.StringIO())


@pytest.mark.thorough
def test_a_folder_with_other_things_is_not_written_to(gold: Station, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "train.jsonl").write_text("mine")
    with pytest.raises(CommandError, match="holds something else"):
        call_command("collect_corrections", "--out", str(tmp_path / "papers"), stdout=io.StringIO())
    assert (tmp_path / "papers" / "train.jsonl").read_text() == "mine"
