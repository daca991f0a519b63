"""The specification's retraining, five commands one after the other: gold becomes a data set, a model, a verdict, and the gate decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from invoices.serving import serving_model
from labeling.models import GoldRecord
from modelops.folders import artifacts_folder
from modelops.models import DatasetVersion, Deployment, GatePolicyVersion, ModelVersion, RunState, Side, TrainingRun, VendorSide
from tests.conftest import Cast
from tests.modelops.datasets.gold_makers import companies
from tests.modelops.runs.conftest import station, tiny_base
from tests.modelops.runs.small import RECIPE

__all__ = ["station", "tiny_base"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SIDES = [*[Side.TRAIN] * 2, *[Side.VALIDATION] * 5, *[Side.TEST] * 2]
SIZES = [3, 2, 4, 4, 4, 4, 4, 1, 2]
"""Of nine companies; 20 documents of five are the least that confidence is learned from."""

NOT_ON_THE_PAGE = {"invoice_number": "NOWHERE-1", "date": "1999-01-01"}
"""What is held out has two values that nobody can read, so that no model is right 98 times of 100."""

LOW = {"accuracy": 0.0, "documents": 1, "vendors": 1, "field_margin": 1.0, "vendor_margin": 1.0, "calibration": 1.0, "valid": 0.0}
"""What any model passes that is no worse than the templates alone."""


@pytest.fixture
def folder(station: Path, cast: Cast, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the chain, with the recipe in it; the station has gold of nine vendors."""
    for (vendor, records), side in zip(companies(cast.biller1, SIZES), SIDES, strict=True):
        VendorSide.objects.create(vendor=vendor, side=side)
        for gold in records if side == Side.TEST else []:
            GoldRecord.objects.filter(pk=gold.pk).update(record={**gold.record, **NOT_ON_THE_PAGE})
    settings.MODEL = ""  # no setting says what serves
    monkeypatch.chdir(tmp_path)
    recipe = replace(RECIPE, epochs=1, max_tokens=1500)
    (tmp_path / "invoice_config.yaml").write_text(json.dumps(recipe.to_json()))
    return tmp_path


def manage(command: str, *arguments: str) -> tuple[int, str]:
    """Exit status and what was printed."""
    out = StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def done(command: str, *arguments: str) -> str:
    status, printed = manage(command, *arguments)
    assert status == 0, printed
    return printed


def validated() -> tuple[int, str]:
    return manage("evaluate", "--test-set", "held_out_vendors.json")


def verdict(printed: str) -> Sequence[str]:
    return [line for line in printed.splitlines() if line.startswith("NO  ")]


def test_the_five_commands_one_after_the_other(folder: Path) -> None:
    done("collect_corrections", "--last-90-days")
    done("merge_datasets", "--held-out", "held_out_vendors.json")
    version = DatasetVersion.objects.get()
    assert json.loads((folder / "held_out_vendors.json").read_text())["version"] == version.number
    done("train_qlora", "--config", "invoice_config.yaml", "--dataset", "held_out_vendors.json", "--out", "./new-adapters")
    run = TrainingRun.objects.get()
    assert (run.state, run.dataset, run.error_message) == (RunState.FINISHED, version, "")
    assert (folder / "new-adapters").resolve() == artifacts_folder().resolve() / f"run-{run.pk}"
    model = ModelVersion.objects.get(run=run)

    before = serving_model()
    status, printed = validated()
    assert status == 1, "not above .98, of too few documents"
    assert f"Model {model.number} ({model.model_id})" in printed
    assert "NO  Accuracy on held-out vendors" in [line.split(":")[0] for line in verdict(printed)], printed
    assert printed.rstrip().endswith("NOT PASSED")
    status, printed = manage("deploy", "--model", "./new-adapters")
    assert (status, "may not serve" in printed) == (1, True)
    assert not Deployment.objects.filter(model=model).exists()
    assert serving_model() == before, "what served goes on"

    GatePolicyVersion(policy=LOW).save()
    status, printed = validated()
    assert status == 0, printed
    done("deploy", "--model", "./new-adapters")
    champion = Deployment.objects.get(ended_at=None)
    assert (champion.model, champion.slot, champion.share) == (model, "champion", 100)
    serves = serving_model()
    assert serves is not None
    assert serves.resolve() == (folder / "new-adapters").resolve()
