"""Every artifact that is not whole, safe and ours is refused with its reason."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mlcore.artifacts import check_base, load_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.errors import ArtifactError, BaseModelError
from tests.mlcore.artifacts.conftest import Forge
from tests.mlcore.tiny import write_tiny_base

WEIGHTS = "adapter/adapter_model.safetensors"


def _flip(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def _manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    data = json.loads((folder / "MANIFEST.json").read_text())
    change(data)
    (folder / "MANIFEST.json").write_text(json.dumps(data))


def _link(folder: Path) -> None:
    (folder / "README.md").rename(folder.parent / "elsewhere.md")
    (folder / "README.md").symlink_to(folder.parent / "elsewhere.md")


def _linked_folder(folder: Path) -> None:
    (folder / "adapter").rename(folder.parent / "elsewhere")
    (folder / "adapter").symlink_to(folder.parent / "elsewhere")


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "one bit": (_flip, "SHA-256 is not the manifest's"),
    "cut": (lambda f: (f / WEIGHTS).write_bytes((f / WEIGHTS).read_bytes()[:-9]), "is damaged: .* bytes, the manifest says"),
    "missing": (lambda f: (f / "README.md").unlink(), "README.md .*is missing"),
    "no manifest": (lambda f: (f / "MANIFEST.json").unlink(), "MANIFEST.json, which is written last, is missing"),
    "added": (lambda f: (f / "notes.txt").write_text("x"), "notes.txt .*is not in the manifest"),
    "added below": (lambda f: (f / "adapter" / "more.json").write_text("{}"), "adapter/more.json .*is not in the manifest"),
    "pickle": (lambda f: (f / "adapter/adapter_model.bin").write_bytes(pickle.dumps({})), "never loaded"),
    "pickle in capitals": (lambda f: (f / "scorer.PKL").write_bytes(pickle.dumps({})), "never loaded"),
    "link": (_link, "README.md .*is a link"),
    "linked folder": (_linked_folder, "adapter .*is a link"),
    "manifest no json": (lambda f: (f / "MANIFEST.json").write_text("{"), "cannot be read as JSON"),
    "manifest a list": (lambda f: (f / "MANIFEST.json").write_text("[]"), "is no JSON object"),
    "other format": (lambda f: _manifest(f, lambda d: d.update(format="other-9")), "'other-9'; this program reads"),
    "no files": (lambda f: _manifest(f, lambda d: d.pop("files")), "lists no files"),
    "leads out": (lambda f: _manifest(f, lambda d: d["files"].update({"../run/x": {}})), "'../run/x', which is no file of an artifact"),
    "absolute": (lambda f: _manifest(f, lambda d: d["files"].update({"/etc/passwd": {}})), "'/etc/passwd', which is no file"),
    "no hash": (lambda f: _manifest(f, lambda d: d["files"]["README.md"].pop("sha256")), "neither bytes nor sha256"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_not_as_it_was_written_is_refused(packed: Path, how: str) -> None:
    spoil, told = SPOILED[how]
    load_artifact(packed)
    spoil(packed)
    with pytest.raises(ArtifactError, match=told):
        load_artifact(packed)


def test_what_is_no_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no such directory"):
        load_artifact(tmp_path / "none")


FOREIGN: dict[str, tuple[str, Callable[[dict[str, Any]], object], str]] = {
    "form": ("artifact.json", lambda d: d.update(form="xml-7"), "'xml-7'; this program reads rows-1"),
    "other form": ("artifact.json", lambda d: d.update(form="json-1"), "its recipe trained 'rows-1'"),
    "prompt": ("artifact.json", lambda d: d.update(prompt_version="prompt-0"), "'prompt-0', this program writes"),
    "recipe": ("artifact.json", lambda d: d["recipe"].update(epochs=0), "epochs is 0"),
    "rank of the recipe": ("artifact.json", lambda d: d["recipe"]["lora"].update(rank=5), "has rank 4 .*rank=5"),
    "no base": ("artifact.json", lambda d: d.pop("base"), "cannot be read"),
    "base without hash": ("artifact.json", lambda d: d["base"].pop("sha256"), "cannot be read"),
    "rank": ("adapter/adapter_config.json", lambda d: d.update(r=8), "says rank 8"),
    "no rank": ("adapter/adapter_config.json", lambda d: d.pop("r"), "rank None"),
    "alpha": ("adapter/adapter_config.json", lambda d: d.update(lora_alpha="big"), "alpha 'big'"),
    "kind": ("adapter/adapter_config.json", lambda d: d.update(peft_type="IA3"), "'IA3'"),
    "bias": ("adapter/adapter_config.json", lambda d: d.update(bias="all"), "bias 'all'"),
    "dora": ("adapter/adapter_config.json", lambda d: d.update(use_dora=True), "use_dora"),
    "alphas": ("adapter/adapter_config.json", lambda d: d.update(alpha_pattern={"q_proj": 3}), "alpha_pattern"),
}


@pytest.mark.parametrize("how", FOREIGN)
def test_what_another_program_means_is_refused(packed: Path, forge: Forge, how: str) -> None:
    name, change, told = FOREIGN[how]
    data = json.loads((packed / name).read_text())
    change(data)
    forge(packed, name, json.dumps(data).encode())
    with pytest.raises(ArtifactError, match=told):
        load_artifact(packed)


def _weights(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    weights = load_file(folder / WEIGHTS)
    change(weights)
    save_file(weights, folder / WEIGHTS)
    (folder / "MANIFEST.json").unlink()
    write_manifest(folder)


LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
UNFIT: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "half a layer": (lambda w: w.pop(f"{LAYER}.lora_B.weight"), "not those of a low-rank adapter"),
    "another weight": (lambda w: w.update({"model.embed_tokens.weight": np.zeros((2, 2), np.float16)}), "embed_tokens"),
    "no weight": (lambda w: w.clear(), "not those of a low-rank adapter"),
    "another rank": (lambda w: w.update({f"{LAYER}.lora_A.weight": np.zeros((3, 32), np.float16)}), "says rank 4"),
    "one dimension": (lambda w: w.update({f"{LAYER}.lora_A.weight": np.zeros(4, np.float16)}), "says rank 4"),
    "not a number": (lambda w: w.update({f"{LAYER}.lora_A.weight": np.full((4, 32), np.nan, np.float16)}), "are no numbers"),
}


@pytest.mark.parametrize("how", UNFIT)
def test_weights_that_are_no_adapter_are_refused(packed: Path, how: str) -> None:
    change, told = UNFIT[how]
    _weights(packed, change)
    with pytest.raises(ArtifactError, match=told):
        load_artifact(packed)


def test_torn_weights_with_a_manifest_are_refused(packed: Path, forge: Forge) -> None:
    forge(packed, WEIGHTS, b"\xff" * 64)
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_artifact(packed)


def test_another_base_is_refused(packed: Path, tmp_path: Path) -> None:
    artifact = load_artifact(packed)
    with pytest.raises(ArtifactError, match=r"was trained on tiny-base .*nonsense on another base"):
        check_base(artifact, write_tiny_base(tmp_path / "other", seed=9))
    with pytest.raises(BaseModelError, match="no model directory"):
        check_base(artifact, tmp_path)


def test_layers_that_the_base_lacks_are_refused(packed: Path, base_folder: Path) -> None:
    wide = np.zeros((4, 64), np.float16)
    _weights(packed, lambda w: w.update({f"{LAYER}.lora_A.weight": wide}))
    with pytest.raises(ArtifactError, match="q_proj is 32 x 64; the base has 32 x 32"):
        check_base(load_artifact(packed), base_folder)

    def rename(weights: dict[str, Any]) -> None:
        for end in (".lora_A.weight", ".lora_B.weight"):
            weights[LAYER.replace("layers.0", "layers.7") + end] = weights.pop(LAYER + end)

    _weights(packed, rename)
    with pytest.raises(ArtifactError, match=r"layers.7.*has no such layer"):
        check_base(load_artifact(packed), base_folder)
