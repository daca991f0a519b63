"""``python -m mlcore evaluate`` end to end: a data set folder, systems in the order given, files written, faults told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.dataset.directory import Entry, Split, write_manifest, write_split
from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.documents import gold_to_json
from mlcore.evaluation.against import CRITICAL_FIELDS
from mlcore.evaluation.metrics import evaluation_from_json
from mlcore.record_json import record_to_json

DOCUMENTS = list(generate(7, 5, vendor_catalogue()[:2]))


@pytest.fixture(params=[False, True], ids=["plain", "compressed"])
def data(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    seen = [document for document in DOCUMENTS if document.vendor.key == DOCUMENTS[0].vendor.key][:1]
    wanted = {Split.TRAIN: seen, Split.VALIDATION: seen, Split.TEST: DOCUMENTS}
    files = {
        split: write_split(folder, split, [Entry(d.id, d.vendor.key, d.gold, "synthetic") for d in documents], compress=request.param)
        for split, documents in wanted.items()
    }
    write_manifest(folder, {}, files)
    return folder


def test_systems_are_scored_in_the_order_given(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.jsonl"
    right = [{"id": d.id, "record": record_to_json(d.record)} for d in DOCUMENTS]
    right[0]["record"] = record_to_json(replace(DOCUMENTS[0].record, total=None))
    kept.write_text("".join(json.dumps(line) + "\n" for line in right[:-1]))
    out = tmp_path / "out"
    words = ["evaluate", str(data), "--out", str(out), "--template-after", "1", "--predictions", f"truth={kept}", "--template"]
    assert main([*words, "--resamples", "50"]) == 0
    report = json.loads((out / "evaluation.json").read_text())
    assert [system["name"] for system in report["systems"]] == ["template after 1", "truth", "template zero-shot"]
    truth = evaluation_from_json(report["systems"][1]["evaluation"])
    assert truth.overall["end_to_end"].value == pytest.approx(5 / 7)
    assert [document.failure for document in truth.documents if document.failure] == ["no prediction"]
    assert {document.seen for document in truth.documents} == {True, False}
    assert truth.gap
    assert [chart["title"] for chart in report["curves"]] == ["Template reader: fields", "Template reader: end to end"]
    assert [point["documents"] for point in report["curves"][0]["curves"][0]["points"]] == [5, 5]
    assert report["common"]["documents"] == 5
    assert len(report["pairs"]) == 3
    assert (out / "report.html").read_text().startswith("<!doctype html>")
    told = capsys.readouterr()
    assert "on the 5 documents that all systems read" in told.out
    assert "truth: 7 of 7" in told.err


@pytest.mark.thorough
def test_a_challenger_is_held_against_a_kept_champion(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def predictions(name: str, documents: list[SyntheticDocument], **wrong: object) -> str:
        path = tmp_path / f"{name}.jsonl"
        records = [replace(d.record, **wrong) if n < 3 else d.record for n, d in enumerate(documents)]  # type: ignore[arg-type]
        lines = [{"id": d.id, "record": record_to_json(record)} for d, record in zip(documents, records, strict=True)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return f"{name}={path}"

    old, new = tmp_path / "old", tmp_path / "new"
    words = ["evaluate", str(data), "--resamples", "200"]
    assert main([*words, "--out", str(old), "--template", "--predictions", predictions("champion", DOCUMENTS, total=None)]) == 0
    kept = str(old / "evaluation.json")
    capsys.readouterr()
    challenge = [*words, "--out", str(new), "--predictions", predictions("challenger", DOCUMENTS)]
    assert main([*challenge, "--against", f"{kept}@champion"]) == 0
    told = capsys.readouterr().out
    assert "challenger against champion (kept): 7 documents of" in told
    assert "both right 4, champion (kept) alone 0, challenger alone 3, neither 0; McNemar p = 0.2500" in told
    (pair,) = json.loads((new / "evaluation.json").read_text())["against"]
    assert (pair["both"], pair["first_only"], pair["second_only"], pair["neither"]) == (4, 0, 3, 0)
    assert pair["differences"]["field:total"]["value"] == pytest.approx(3 / 7, abs=1e-6)
    assert pair["differences"]["field:date"]["value"] == 0
    assert {f"field:{name}" for name in CRITICAL_FIELDS} <= pair["differences"].keys()
    assert "Against a kept evaluation" in (new / "report.html").read_text()
    assert main([*challenge, "--against", kept]) == 1
    assert "no system 'challenger'; it has 'template zero-shot', 'champion'" in capsys.readouterr().err


@pytest.mark.thorough
def test_a_kept_evaluation_is_compared_on_the_documents_that_both_have(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", str(data), "--resamples", "20", "--template"]
    assert main([*words, "--out", str(tmp_path / "old"), "--limit", "4"]) == 0
    kept = tmp_path / "old" / "evaluation.json"
    assert main([*words, "--out", str(tmp_path / "new"), "--against", str(kept)]) == 0
    assert "against template zero-shot (kept): 4 documents of" in capsys.readouterr().out
    report = json.loads(kept.read_text())
    for document in report["systems"][0]["evaluation"]["documents"]:
        document["id"] += "-of another set"
    kept.write_text(json.dumps(report))
    assert main([*words, "--out", str(tmp_path / "new"), "--against", str(kept)]) == 1
    assert "No document was read by both" in capsys.readouterr().err


def test_a_line_ends_where_json_lines_end(tmp_path: Path) -> None:
    named = replace(DOCUMENTS[0].record, vendor=replace(DOCUMENTS[0].record.vendor, name="Northgate\u2028Wholesale\x85"))
    line = {"id": "d", **gold_to_json(replace(DOCUMENTS[0].gold, record=named))}
    data = tmp_path / "gold.jsonl"
    data.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["evaluate", str(data), "--out", str(tmp_path / "out"), "--template", "--resamples", "20"]) == 0


def test_charts_of_an_experiment_are_shown(data: Path, tmp_path: Path) -> None:
    charts = tmp_path / "charts.json"
    charts.write_text(json.dumps({"risk_coverage": [{"name": "learned score", "points": [[0.5, 0.01], [1, 0.1]]}]}))
    out = tmp_path / "out"
    assert main(["evaluate", str(data), "--out", str(out), "--template", "--charts", str(charts), "--resamples", "20"]) == 0
    assert "learned score" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["{}/data"],
            "No system to evaluate; give one or more of --template, --template-after, --template-labeled, --artifact, "
            "--bare, --predictions",
        ),
        (["{}/none.jsonl", "--template"], "none.jsonl cannot be read"),
        (["{}/empty.jsonl", "--template"], "has no documents"),
        (["{}/data", "--template-after", "0"], "whole numbers of confirmed documents from 1"),
        (["{}/data", "--template", "--template"], "Two systems are called 'template zero-shot'"),
        (["{}/data", "--predictions", "{}/none.jsonl"], "give predictions as one JSON object a line"),
        (["{}/data", "--template", "--charts", "{}/empty.jsonl"], "cannot be read as charts"),
        (["{}/data", "--template", "--against", "{}/none.json"], "cannot be read as a kept evaluation"),
        (["{}/data", "--template", "--against", "{}/list.json"], "This is no kept evaluation"),
        (["{}/data", "--template", "--resamples", "0"], "0 resamples at level 0.95; take at least 1"),
    ],
)
def test_faults_are_told_in_a_sentence(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "list.json").write_text("[]")
    assert main(["evaluate", *(word.format(tmp_path) for word in words), "--out", str(tmp_path / "out")]) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
