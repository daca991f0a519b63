"""``read``, ``calibrate`` and ``evaluate`` one after the other: what was read is kept, and nothing is read twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.artifacts import load_artifact
from mlcore.base_model.loading import load_base
from mlcore.confidence.confidence import Confidence
from mlcore.documents import gold_to_json
from mlcore.errors import EvaluationError
from mlcore.evaluation.kept_readings import Kept
from mlcore.serving import load_extractor, reading_name, scoring_of
from mlcore.training.examples import training_example
from mlcore.training.recipe import train
from tests.mlcore.artifacts.conftest import LEARNED, base_folder, packed
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder", "packed"]

DOCUMENTS = 20


@pytest.fixture(scope="module")
def run_folder(base_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose model reads a receipt in one window and may say little, so that reading is quick."""
    folder = tmp_path_factory.mktemp("short")
    base = load_base(base_folder, "fp32", "cpu")
    examples = [training_example(f"r{n}", receipt(n), FORMS[LEARNED.form], base.tokenizer) for n in range(4)]
    prompt = max(sum(weight == 0 for weight in one.weights) for one in examples)
    train(
        base, replace(LEARNED, max_tokens=int(prompt / 0.55)), examples[:3], examples[3:], folder, data={"source": "gold", "documents": 3}
    )
    return folder


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    receipts = [replace(receipt(n), vendor_key=f"v{n % 6}") for n in range(DOCUMENTS)]
    path.write_text("".join(json.dumps({"id": f"r{n}", **gold_to_json(one)}) + "\n" for n, one in enumerate(receipts)))
    return path


@pytest.mark.thorough
def test_what_was_read_is_calibrated_and_evaluated_without_reading_again(
    packed: Path, base_folder: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readings, models = tmp_path / "readings.jsonl", ["--models", str(base_folder.parent)]
    read = ["read", str(gold), "--artifact", str(packed), "--out", str(readings), *models]
    assert main([*read, "--limit", "5"]) == 0
    with readings.open("a") as file:
        file.write('{"id": "torn", "docum')
    assert main(read) == 0
    assert "15 read, 5 were there" in capsys.readouterr().err
    name = reading_name(load_artifact(packed))
    known = Kept.of([readings], name).read
    assert len(known) == DOCUMENTS
    out, charts = tmp_path / "confidence.json", tmp_path / "charts.json"
    calibrate = ["calibrate", str(gold), "--artifact", str(packed), "--readings", str(readings), "--out", str(out), "--charts", str(charts)]
    assert main(["calibrate", f"{gold}@all", *calibrate[2:]]) == 1
    assert "after @ stands a split, one of train, validation, test." in capsys.readouterr().err
    assert main(calibrate) == 0
    told = capsys.readouterr().out
    assert "values, calibrated" in told
    report = Confidence.from_json(json.loads(out.read_text())).report
    assert report["learned"]["documents"] + report["tested"]["documents"] == DOCUMENTS
    assert report["learned"]["readings"] + report["tested"]["readings"] > DOCUMENTS
    assert f"not certifiable with n = {report['tested']['documents']}" in told
    assert "line_items.total " in told
    drawn = json.loads(charts.read_text())
    assert [one["name"] for one in drawn["reliability"]] == ["values, scorer as it is", "values, calibrated", "documents"]
    assert drawn["certified"][0] == {
        "name": "documents", "precision": 0.99, "count": report["tested"]["documents"], "threshold": None, "coverage": 0.0,
    }  # fmt: skip
    ends = [one["points"][-1] for one in drawn["risk_coverage"]]
    measures = (*report["values"].values(), report["documents"])
    assert ends == [[1.0, pytest.approx(1 - one["accuracy"], abs=1e-5)] for one in measures]
    seen = tmp_path / "seen.jsonl"
    seen.write_text("".join(json.dumps({**json.loads(line), "seen": True}) + "\n" for line in gold.read_text().splitlines()))
    assert main([calibrate[0], str(seen), *calibrate[2:]]) == 1
    assert "None of these documents, of vendors that were not trained on, was read" in capsys.readouterr().err
    evaluate = ["evaluate", str(gold), "--out", str(tmp_path / "report"), "--resamples", "20", "--readings", str(readings), *models]
    assert main([*evaluate, "--artifact", f"m={packed}@model,0", "--charts", str(charts)]) == 0
    found = {one["name"] for one in json.loads((tmp_path / "report" / "evaluation.json").read_text())["systems"]}
    assert found == {"m alone", "m + template"}
    assert f"not certifiable with n = {report['tested']['documents']}" in (tmp_path / "report" / "report.html").read_text()


@pytest.mark.thorough
def test_thresholds_are_certified_again_for_the_scorer_of_an_artifact(
    packed: Path, run_folder: Path, base_folder: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readings, confidence, scored, own = (tmp_path / name for name in ("readings.jsonl", "confidence.json", "scored", "own.json"))
    assert main(["read", str(gold), "--artifact", str(packed), "--out", str(readings), "--models", str(base_folder.parent)]) == 0
    calibrate = ["calibrate", str(gold), "--readings", str(readings), "--artifact"]
    assert main([*calibrate, str(packed), "--recertify", "--out", str(own)]) == 1
    assert "has no scorer to certify thresholds for" in capsys.readouterr().err
    assert main([*calibrate, str(packed), "--out", str(confidence)]) == 0
    assert main(["pack", "--run", str(run_folder), "--confidence", str(confidence), "--out", str(scored)]) == 0
    capsys.readouterr()
    assert main([*calibrate, str(scored), "--recertify", "--out", str(own), "--accept", "0.8"]) == 1
    assert "accepted from 0.8 on and reviewed from 0.9 on" in capsys.readouterr().err
    assert main([*calibrate, str(scored), "--recertify", "--out", str(own), "--accept", "0.97"]) == 0
    assert f"not certifiable with n = {DOCUMENTS}" in capsys.readouterr().out
    assert main(["pack", "--artifact", str(scored), "--thresholds", str(own), "--out", str(tmp_path / "own")]) == 0
    accepted = scoring_of(load_artifact(tmp_path / "own")).thresholds.accepted
    assert accepted is not None
    assert (accepted.count, accepted.precision) == (DOCUMENTS, 0.97)


def test_readings_of_another_model_are_not_taken_for_this_ones(packed: Path, base_folder: Path, gold: Path, tmp_path: Path) -> None:
    readings = tmp_path / "readings.jsonl"
    assert (
        main(["read", str(gold), "--artifact", str(packed), "--out", str(readings), "--models", str(base_folder.parent), "--limit", "2"])
        == 0
    )
    extractor = load_extractor(packed, base_folder.parent)
    assert len(Kept.of([readings], extractor.reads_as).read) == 2
    assert Kept.of([readings], "reader-0").read == {}


def test_a_damaged_file_of_readings_is_told_and_a_torn_end_is_not(tmp_path: Path) -> None:
    path = tmp_path / "readings.jsonl"
    path.write_text('{"reader": "r"\n{}\n')
    with pytest.raises(EvaluationError, match="line 1, is no kept reading"):
        Kept.of([path], "r")
    path.write_text('{"reader": "other"}\n{"reader": ')
    assert Kept.of([path], "r").read == {}
    path.write_bytes('{"reader": "é'.encode()[:-1])
    assert Kept.of([path], "r").read == {}
    with pytest.raises(EvaluationError, match="keep readings with python -m mlcore read"):
        Kept.of([tmp_path / "none"], "r")
