"""A full fine-tuning as a base model of its own: it has no adapter, so it is read as another base without one."""

from __future__ import annotations

import shutil
from pathlib import Path

from mlcore.artifacts.write import describe, read_object
from mlcore.base_model.identity import MARKER, BaseIdentity, identity_of
from mlcore.errors import ArtifactError
from mlcore.new_folder import new_folder
from mlcore.training.outcome import BEST, OUTCOME

_BESIDE = ("*.json", "*.txt", "*.model")


def write_full_base(folder: Path, run: Path, base: Path) -> BaseIdentity:
    """Write configuration and tokenizer of ``base`` with the weights of ``run`` (float32) as a new model directory.

    Raises ``ArtifactError`` when the run trained an adapter, or another base.
    """
    if folder.exists():
        raise ArtifactError(f"{folder} is there already; choose another folder or remove it first.")
    description = describe(read_object(run / OUTCOME, "Run train again to the end; it goes on from its checkpoint."))
    if description.recipe.lora is not None:
        raise ArtifactError(f"{run} trained an adapter; pack it without --as-base.")
    found = identity_of(base)
    if found.sha256 != description.base.sha256:
        raise ArtifactError(f"{run} began with {description.base.name} {description.base.sha256[:12]}, {base} is {found.sha256[:12]}.")
    try:
        with new_folder(folder) as half:
            for pattern in _BESIDE:
                for path in base.glob(pattern):
                    if path.name != MARKER and not path.name.endswith(".index.json"):
                        shutil.copyfile(path, half / path.name)
            shutil.copyfile(run / BEST, half / "model.safetensors")
    except OSError as error:
        raise ArtifactError(f"The model cannot be written to {folder}: {error.strerror or error}.") from error
    return identity_of(folder)
