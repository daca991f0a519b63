"""``manage.py deploy``: the gate decides at the command line too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from invoices.serving import serving_model
from modelops.models import Deployment, GateOverride, ModelVersion
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, judge, make_model, run_folder, station
from tests.modelops.deployment.test_promoting import flip

__all__ = ["base_folder", "calibrated", "make_model", "run_folder", "station"]

pytestmark = pytest.mark.django_db
REASON = "The old one misreads the totals of two vendors every day"


def refused(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        call_command("deploy", *arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_a_new_directory_is_registered_and_refused_without_a_verdict(
    cast: Cast, calibrated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused("--model", str(calibrated)) == 1
    model = ModelVersion.objects.get()
    assert f"Model {model.number} may not serve" in capsys.readouterr().err
    assert not Deployment.objects.exists()
    judge(model, passed=True)
    call_command("deploy", "--model", str(calibrated), "--reason", "by the chain")
    assert "reads all documents" in capsys.readouterr().out
    assert Deployment.objects.get(ended_at=None).model == model
    assert ModelVersion.objects.count() == 1


def test_a_model_is_named_by_number_or_name(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    call_command("deploy", "--model", str(first.number))
    judge(second, passed=True)
    call_command("deploy", "--model", second.model_id, "--share", "20", "--by", "admin")
    canary = Deployment.objects.get(slot="canary")
    assert (canary.model, canary.share, canary.by) == (second, 20, cast.admin)


def test_an_override_is_an_admins_word(cast: Cast, make_model: Make) -> None:
    model = make_model(passed=False)
    number = str(model.number)
    assert refused("--model", number) == 1
    for person in ("", "biller1", "nobody", "outsider"):
        with pytest.raises(CommandError, match=r"--by"):
            call_command("deploy", "--model", number, "--override", REASON, "--by", person)
    assert not GateOverride.objects.exists()
    call_command("deploy", "--model", number, "--override", REASON, "--by", "admin")
    assert Deployment.objects.get().override == GateOverride.objects.get()


def test_a_damaged_one_and_one_that_is_not_there_are_refused(cast: Cast, make_model: Make, capsys: pytest.CaptureFixture[str]) -> None:
    model = make_model()
    flip(Path(model.folder))
    assert refused("--model", str(model.number)) == 1
    assert "SHA-256" in capsys.readouterr().err
    assert refused("--model", "/nowhere/at/all") == 1
    assert "no directory" in capsys.readouterr().err
    assert serving_model() is None


def test_templates_alone(cast: Cast, make_model: Make) -> None:
    call_command("deploy", "--model", str(make_model().number))
    assert refused("--model", "none") == 1
    call_command("deploy", "--model", "none", "--reason", "It misreads")
    assert serving_model() is None
