"""An artifact serves: its model and the vendors' templates together, the same every time; what does not fit is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.artifacts import load_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.confidence.scorer import RuleScorer
from mlcore.documents import DocumentText, Route, document_to_json, gold_to_json
from mlcore.errors import ArtifactError
from mlcore.record_json import record_to_json
from mlcore.serving import base_of, load_extractor, scoring_of
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.learn import learn_template
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.conftest import typewritten
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder", "packed", "run_folder"]


def _models(base: Path) -> Path:
    return base.parent


def test_model_and_template_are_combined_and_named(packed: Path, base_folder: Path) -> None:
    extractor = load_extractor(packed, _models(base_folder))
    assert extractor.model_id == load_artifact(packed).model_id
    template = learn_template("apex", [receipt(1), receipt(4)])
    documents = [receipt(2).document, receipt(7).document, DocumentText(())]
    templates = [template, None, None]
    found = extractor.extract(documents, templates)
    readers = [TemplateExtractor(one).model_id for one in templates]
    assert [one.model_id for one in found] == [f"{extractor.model_id}+{reader}" for reader in readers]
    assert all(one.route is not Route.ACCEPTED for one in found)
    assert found[0].record.vendor.name == "Apex 2"
    assert all(0 <= field.confidence <= 1 for one in found for field in one.fields)
    assert found[2].record.total is None
    backwards = extractor.extract(documents[::-1], templates[::-1])
    assert backwards[::-1] == found
    assert load_extractor(packed, _models(base_folder)).extract(documents, templates) == found


def test_as_many_templates_as_documents(packed: Path, base_folder: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        load_extractor(packed, _models(base_folder)).extract([receipt(1).document], [])


def test_another_base_is_refused_before_it_is_loaded(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = write_tiny_base(tmp_path / "other", seed=8)
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(other))
    with pytest.raises(ArtifactError, match="nonsense on another base"):
        load_extractor(packed, tmp_path)


def test_a_base_is_found_by_its_name_or_by_the_setting(
    packed: Path, base_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = load_artifact(packed)
    assert base_of(artifact, _models(base_folder)) == base_folder
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    assert base_of(artifact, tmp_path) == base_folder


def test_without_a_scorer_nothing_is_certified(packed: Path) -> None:
    scoring = scoring_of(load_artifact(packed))
    assert isinstance(scoring.scorer, RuleScorer)
    assert (scoring.thresholds.accepted, scoring.thresholds.review, scoring.rescorer) == (None, None, None)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"confidence": {"format": 999}}, "cannot be used"),
        ({"thresholds": {"accepted": 5, "review": None}}, "cannot be used"),
        ({"thresholds": {"accepted": None, "review": None}}, "thresholds without a scorer"),
    ],
)
def test_a_scorer_of_another_kind_is_refused(packed: Path, files: dict[str, object], told: str) -> None:
    (packed / "MANIFEST.json").unlink()
    for name, data in files.items():
        (packed / f"{name}.json").write_text(json.dumps(data))
    write_manifest(packed)
    with pytest.raises(ArtifactError, match=told):
        scoring_of(load_artifact(packed))


def test_predict_reads_documents_and_gold_as_the_extractor_does(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, texts, out = tmp_path / "gold.jsonl", tmp_path / "texts.jsonl", tmp_path / "out.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(2)))
    texts.write_text(json.dumps(document_to_json(typewritten("Total  9.00"))))
    words = ["predict", "--artifact", str(packed), "--models", str(_models(base_folder)), "--batch", "2", "--out", str(out)]
    assert main([*words, str(gold), str(texts)]) == 0
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["id"] for one in told] == ["r0", "r1", "texts.jsonl:1"]
    documents = [receipt(0).document, receipt(1).document, typewritten("Total  9.00")]
    expected = load_extractor(packed, _models(base_folder)).extract(documents, [None] * 3)
    assert [one["record"] for one in told] == [record_to_json(one.record) for one in expected]
    assert {one["route"] for one in told} <= {"review", "flagged"}
    assert main(["predict", "--artifact", str(packed), str(packed / "README.md")]) == 1
    assert "cannot be read as documents" in capsys.readouterr().err


def test_importing_it_imports_no_torch() -> None:
    modules = "mlcore.serving, mlcore.artifacts, mlcore.__main__, mlcore.inference.remote.engine, mlcore.inference.remote.client"
    told = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
