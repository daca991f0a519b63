"""Adapters change what a base answers, and leave no trace when they are taken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.errors import ArtifactError
from mlcore.inference.adapters import Adapters, read_adapter
from mlcore.training.adapter import attach_adapter, read_weights
from mlcore.training.config import LoraConfig
from tests.mlcore.tiny import write_adapter, write_tiny_base

_TOKENS = torch.arange(1, 40)[None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(params=["fp32", "mixed", "bf16"])
def base(request: pytest.FixtureRequest, folder: Path) -> LoadedBase:
    return load_base(folder, request.param, "cpu")


def _logits(base: LoadedBase) -> torch.Tensor:
    with torch.inference_mode():
        logits: torch.Tensor = base.model(_TOKENS).logits
    return logits


def test_swapping_and_unloading_leave_no_trace(base: LoadedBase, folder: Path, tmp_path: Path) -> None:
    bare = _logits(base)
    adapters = Adapters(base)
    for seed, name in enumerate("ab"):
        adapters.load(name, write_adapter(load_base(folder, "fp32", "cpu"), tmp_path / name, seed=seed))
    assert torch.equal(_logits(base), bare)
    adapters.use("a")
    first = _logits(base)
    adapters.use("b")
    other = _logits(base)
    adapters.use("a")
    assert torch.equal(_logits(base), first)
    assert not torch.equal(first, bare)
    assert not torch.equal(other, first)
    adapters.unload("a")
    assert (adapters.active, adapters.names) == (None, ("b",))
    assert torch.equal(_logits(base), bare)


def test_an_adapter_answers_as_it_did_in_training(folder: Path, tmp_path: Path) -> None:
    path = write_adapter(load_base(folder, "fp32", "cpu"), tmp_path / "run", seed=3)
    trained = load_base(folder, "fp32", "cpu")
    model = attach_adapter(trained, LoraConfig(rank=4, alpha=8.0))
    read_weights(model, path)
    served = load_base(folder, "fp32", "cpu")
    adapters = Adapters(served)
    adapters.load("one", path)
    adapters.use("one")
    model.eval()
    with torch.inference_mode():
        wanted = model(_TOKENS).logits
    assert torch.allclose(_logits(served), wanted, atol=1e-4)


def test_an_adapter_that_does_not_fit_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    base = load_base(folder, "fp32", "cpu")
    path = write_adapter(load_base(folder, "fp32", "cpu"), tmp_path / "run", seed=3)
    other = load_base(write_tiny_base(tmp_path / "other", layers=1), "fp32", "cpu")
    with pytest.raises(ArtifactError, match="another base"):
        Adapters(other).load("one", path)
    config = path.parent / "adapter_config.json"
    told = config.read_text()
    for without, reason in (('"r": 4', "rank None"), ('"use_rslora": false', "use_rslora")):
        config.write_text(told.replace(without, without.replace("4", "null").replace("false", "true")))
        with pytest.raises(ArtifactError, match=reason):
            read_adapter(path)
    config.unlink()
    with pytest.raises(ArtifactError, match="rank and alpha"):
        read_adapter(path)
    config.write_text(told)
    assert read_adapter(path).scale == 2.0
    path.write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    with pytest.raises(ArtifactError, match="lora_A and lora_B"):
        read_adapter(path)
    path.write_bytes(b"pickled")
    with pytest.raises(ArtifactError, match="cannot be read"):
        Adapters(replace(base)).load("one", path)
