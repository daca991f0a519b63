"""Whether a base model is the one that an adapter was trained on. Reads only the headers of the base's weights."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError, safe_open

from mlcore.artifacts.load import Artifact
from mlcore.base_model.identity import identity_of
from mlcore.errors import ArtifactError


def check_base(artifact: Artifact, folder: Path) -> None:
    """Raises ``ArtifactError`` when ``folder`` holds another base, or one without the layers; ``BaseModelError`` when it holds none."""
    found, wanted = identity_of(folder), artifact.description.base
    if found.sha256 != wanted.sha256:
        raise ArtifactError(
            f"{artifact.model_id} was trained on {wanted.name} {wanted.revision} (sha256 {wanted.sha256[:12]}), "
            f"{folder} holds {found.name} {found.revision} (sha256 {found.sha256[:12]}): an adapter answers nonsense on another base. "
            "Set the base model that it was trained on, or train again on this one."
        )
    shapes = _shapes(folder)
    for layer, shape in artifact.layers.items():
        there = shapes.get(f"{layer}.weight")
        if there != shape:
            said = "has no such layer" if there is None else f"has {there[0]} x {there[1]}"
            raise ArtifactError(f"The adapter's layer {layer} is {shape[0]} x {shape[1]}; the base {said}.")


def _shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for path in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(path, framework="numpy") as file:
                shapes.update({name: tuple(file.get_slice(name).get_shape()) for name in file.keys()})  # noqa: SIM118 - no mapping
        except (OSError, SafetensorError) as error:
            raise ArtifactError(f"The base's weights {path} cannot be read: {error}") from error
    return shapes
