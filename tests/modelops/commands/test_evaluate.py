"""The exit status of ``evaluate`` is the gate's verdict, as the specification's script wants it."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mlcore.dataset.directory import read_manifest
from modelops.folders import artifact_folder, dataset_folder
from modelops.models import GatePolicyVersion, GateResult, ModelVersion
from tests.modelops.gate.conftest import Contest, base_folder, calibrated, contest, packed, run_folder, station

__all__ = ["base_folder", "calibrated", "contest", "packed", "run_folder", "station"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def held_out_file(contest: Contest, tmp_path: Path) -> Path:
    return written(contest, tmp_path / "held_out_vendors.json")


def written(contest: Contest, path: Path, **changed: Any) -> Path:
    held_out = read_manifest(dataset_folder(contest.dataset))["splits"]["test"]["vendors"]
    vendors = [{"id": int(key), "name": f"Vendor {key}"} for key in (*held_out, "999")]
    told = {"version": contest.dataset.number, "data_hash": contest.dataset.data_hash, "vendors": vendors}
    path.write_text(json.dumps({**told, **changed}))
    return path


def evaluate(*arguments: str) -> tuple[int, str]:
    """Exit status and what was printed."""
    out = io.StringIO()
    try:
        call_command("evaluate", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_pass_exits_0_with_every_number(contest: Contest, held_out_file: Path) -> None:
    status, printed = evaluate("--test-set", str(held_out_file))
    assert status == 0
    assert "Model 2 (adapter-" in printed, "the newest candidate"
    assert "validation_accuracy 0.99" in printed
    assert printed.rstrip().endswith("\nPASSED")
    assert printed.count("ok  ") == sum(check["state"] == "passed" for check in GateResult.objects.get().verdict["checks"])


def test_no_pass_exits_1(contest: Contest, held_out_file: Path) -> None:
    GatePolicyVersion(policy={"accuracy": 0.9999}).save()
    status, printed = evaluate("--test-set", str(held_out_file), "--model", "2")
    assert status == 1
    assert "NO  Accuracy on held-out vendors" in printed
    assert printed.rstrip().endswith("NOT PASSED")


def test_a_directory_is_a_model_too(contest: Contest, held_out_file: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(artifact_folder(contest.candidate), tmp_path / "copy")
    assert evaluate("--test-set", str(held_out_file), "--model", str(copy))[0] == 0
    assert evaluate("--test-set", str(held_out_file), "--model", contest.candidate.model_id)[0] == 0
    assert ModelVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": 99}, "does not have"),
        ({"version": "1"}, "no test set"),
        ({"version": True}, "no test set"),
        ({"data_hash": "0" * 64}, "another data set"),
        ({"vendors": [{"id": 903, "name": "Apex"}]}, "leaves out"),
        ({"vendors": "903"}, "no test set"),
    ],
)
def test_another_test_set_is_refused(contest: Contest, tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = written(contest, tmp_path / "other.json", **changed)
    with pytest.raises(CommandError, match=said) as refused:
        evaluate("--test-set", str(path))
    assert refused.value.returncode == 2
    assert not GateResult.objects.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", "[" * 100_000])
def test_what_is_no_test_set_is_refused(contest: Contest, tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(CommandError, match="no test set"):
        evaluate("--test-set", str(path))
    with pytest.raises(CommandError, match="no test set"):
        evaluate("--test-set", str(tmp_path / "not there.json"))


def test_no_such_model(contest: Contest, held_out_file: Path, tmp_path: Path) -> None:
    for wanted, said in (("77", "no model 77"), (str(tmp_path / "nothing"), "no such directory")):
        with pytest.raises(CommandError, match=said):
            evaluate("--test-set", str(held_out_file), "--model", wanted)
    ModelVersion.objects.update(state="retired")
    with pytest.raises(CommandError, match="no candidate"):
        evaluate("--test-set", str(held_out_file))
