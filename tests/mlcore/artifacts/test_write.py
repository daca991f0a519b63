"""A run becomes an artifact that peft reads too and that answers as the run did."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.numpy import load_file as load_arrays
from safetensors.torch import save_file

from mlcore.answers import FORMS
from mlcore.artifacts import check_base, load_artifact, write_artifact
from mlcore.artifacts.full_base import write_full_base
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.errors import ArtifactError
from mlcore.training.adapter import attach_adapter, read_weights
from mlcore.training.config import LoraConfig, Schedule
from mlcore.training.examples import training_example
from mlcore.training.recipe import train
from tests.mlcore.artifacts.conftest import LEARNED
from tests.mlcore.training.conftest import receipt


def _logits(model: torch.nn.Module, base: LoadedBase) -> torch.Tensor:
    model.eval()
    tokens = torch.tensor([base.tokenizer("Apex 3\nGauze\t3.50\nTotal\t3.00", add_special_tokens=False)["input_ids"]])
    with torch.inference_mode():
        logits: torch.Tensor = model(input_ids=tokens).logits
    return logits


def test_an_artifact_says_what_it_is(packed: Path, base_folder: Path) -> None:
    artifact = load_artifact(packed)
    assert artifact.model_id.startswith("adapter-")
    assert len(artifact.model_id) == len("adapter-") + 16
    assert artifact.description.base.sha256 == load_base(base_folder, "fp32", "cpu").identity.sha256
    assert (artifact.form.name, artifact.description.recipe) == ("rows-1", LEARNED)
    assert len(artifact.description.data_hash) == 64
    assert artifact.layers["model.layers.0.self_attn.q_proj"] == (32, 32)
    assert artifact.layers["model.layers.1.mlp.down_proj"] == (32, 64)
    assert (artifact.confidence, artifact.thresholds, artifact.metrics) == (None, None, None)
    check_base(artifact, base_folder)


def test_peft_reads_it_and_float16_keeps_the_answers(packed: Path, run_folder: Path, base_folder: Path) -> None:
    trained = load_base(base_folder, "fp32", "cpu")
    bare = _logits(trained.model, trained)
    model = attach_adapter(trained, LoraConfig(rank=4, alpha=8.0))
    read_weights(model, run_folder / "best.safetensors")
    before = _logits(model, trained)
    other = load_base(base_folder, "fp32", "cpu")
    after = _logits(PeftModel.from_pretrained(other.model, str(load_artifact(packed).adapter)), other)
    learned = float((before - bare).abs().max())
    assert learned > 0.5
    assert float((before - after).abs().max()) < learned / 200
    assert {str(tensor.dtype) for tensor in load_arrays(packed / "adapter/adapter_model.safetensors").values()} == {"float16"}


def test_the_name_is_of_what_decides(run_folder: Path, tmp_path: Path) -> None:
    scorer, metrics = tmp_path / "scorer.json", tmp_path / "metrics.json"
    scorer.write_text(json.dumps({"bias": 1}))
    metrics.write_text(json.dumps({"fields": 0.97}))
    plain = write_artifact(tmp_path / "a", run_folder)
    again = write_artifact(tmp_path / "b", run_folder)
    measured = write_artifact(tmp_path / "c", run_folder, metrics=metrics)
    scored = write_artifact(tmp_path / "d", run_folder, confidence=scorer, metrics=metrics)
    assert plain.model_id == again.model_id == measured.model_id != scored.model_id
    assert (measured.metrics, scored.confidence, scored.thresholds) == ({"fields": 0.97}, {"bias": 1}, None)


def test_the_card_tells_the_facts(packed: Path) -> None:
    card = (packed / "README.md").read_text()
    outcome = load_artifact(packed).description
    for fact in (
        outcome.base.sha256,
        outcome.data_hash,
        "| 4 and 2 documents |",
        "a file of confirmed records",
        '"rank": 4',
        "No threshold",
    ):
        assert fact in card
    assert card.count("| yes |") == 1
    assert "Limits" in card


def test_the_card_tells_what_was_measured_and_what_confidence_was_learned_from(run_folder: Path, tmp_path: Path) -> None:
    overall = {"field_accuracy": {"value": 0.9871}, "end_to_end": {"value": 0.575}}
    systems = [{"name": "model + template", "evaluation": {"count": 40, "overall": overall}}]
    metrics, confidence = tmp_path / "metrics.json", tmp_path / "confidence.json"
    metrics.write_text(json.dumps({"command": "python -m mlcore evaluate data", "systems": systems}))
    counts = {"learned": {"documents": 201, "vendors": 114}, "tested": {"documents": 48, "vendors": 24}, "sources": ["train.jsonl"]}
    confidence.write_text(json.dumps({"report": counts}))
    write_artifact(tmp_path / "artifact", run_folder, metrics=metrics, confidence=confidence)
    card = (tmp_path / "artifact" / "README.md").read_text()
    assert "| model + template | 40 | 98.7% | 57.5% |" in card
    assert "201 documents of 114 vendors and 48 documents of 24 vendors (train.jsonl)" in card


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            {"source": "synthetic", "data_hash": "a" * 64, "documents": 300, "vendors": 25, "layouts": 200},
            "no real document and no patient is in them: 300 documents, 25 vendors, 200 layouts |",
        ),
        ({"source": "dataset", "documents": 9, "vendors": 2}, "made of files of labeled documents: 9 documents, 2 vendors |"),
        ({}, "| documents | not said |"),
    ],
)
def test_the_card_tells_what_documents_they_were(run_folder: Path, tmp_path: Path, data: dict[str, object], told: str) -> None:
    run = Path(shutil.copytree(run_folder, tmp_path / "run"))
    outcome = json.loads((run / "outcome.json").read_text())
    (run / "outcome.json").write_text(json.dumps({**outcome, "data": data}))
    assert told in (write_artifact(tmp_path / "artifact", run).folder / "README.md").read_text()


def test_what_cannot_be_packed_is_told(run_folder: Path, packed: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="is there already"):
        write_artifact(packed, run_folder)
    with pytest.raises(ArtifactError, match="Run train again"):
        write_artifact(tmp_path / "x", tmp_path)
    broken = tmp_path / "broken.json"
    broken.write_text("[1]")
    with pytest.raises(ArtifactError, match="holds no JSON object"):
        write_artifact(tmp_path / "x", run_folder, metrics=broken)
    assert not list(tmp_path.glob("x*"))


@pytest.mark.parametrize("value", [1e6, float("nan")])
def test_weights_beyond_float16_are_refused(run_folder: Path, tmp_path: Path, value: float) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for name in ("outcome.json", "adapter_config.json"):
        (run / name).write_bytes((run_folder / name).read_bytes())
    weights = {name: torch.from_numpy(tensor) for name, tensor in load_arrays(run_folder / "best.safetensors").items()}
    next(iter(weights.values()))[0, 0] = value
    save_file(weights, run / "best.safetensors")
    with pytest.raises(ArtifactError, match="beyond float16"):
        write_artifact(tmp_path / "artifact", run)
    assert not list(tmp_path.glob("artifact*"))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [("prompt_version", "prompt-0", "prompts of 'prompt-0'"), ("base", {"name": "x"}, "not that of a training run")],
)
def test_an_artifact_says_what_the_run_was_trained_on(run_folder: Path, tmp_path: Path, key: str, value: object, reason: str) -> None:
    run = Path(shutil.copytree(run_folder, tmp_path / "run"))
    outcome = json.loads((run / "outcome.json").read_text())
    outcome["run"][key] = value
    (run / "outcome.json").write_text(json.dumps(outcome))
    with pytest.raises(ArtifactError, match=reason):
        write_artifact(tmp_path / "artifact", run)
    assert not (tmp_path / "artifact").exists()


def test_a_full_fine_tuning_becomes_a_base_of_its_own(base_folder: Path, tmp_path: Path) -> None:
    recipe = replace(LEARNED, lora=None, schedule=Schedule(learning_rate=1e-3))
    base = load_base(base_folder, "fp32", "cpu")
    examples = [training_example(f"r{n}", receipt(n), FORMS[recipe.form], base.tokenizer) for n in range(4)]
    train(base, recipe, examples, [], tmp_path / "run")
    with pytest.raises(ArtifactError, match="--as-base"):
        write_artifact(tmp_path / "artifact", tmp_path / "run")
    identity = write_full_base(tmp_path / "model", tmp_path / "run", base_folder)
    tuned = load_base(tmp_path / "model", "fp32", "cpu")
    assert identity == tuned.identity
    assert identity.sha256 != base.identity.sha256
    torch.testing.assert_close(_logits(tuned.model, tuned), _logits(base.model, base))


def test_a_full_base_needs_the_base_it_began_with(run_folder: Path, base_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="trained an adapter"):
        write_full_base(tmp_path / "model", run_folder, base_folder)
