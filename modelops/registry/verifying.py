"""Whether the files of a model are still what was registered."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.artifacts import Artifact, load_artifact
from mlcore.errors import ArtifactError
from modelops.errors import Refused
from modelops.folders import artifact_folder
from modelops.models import ModelVersion


@dataclass(frozen=True, slots=True)
class Verified:
    """``problem`` is empty when every file is sound."""

    problem: str = ""

    @property
    def sound(self) -> bool:
        """Whether the model could be loaded."""
        return not self.problem


def verify(model: ModelVersion) -> Verified:
    """Read and hash every file of the artifact now: milliseconds for every 10 MB."""
    try:
        sound_artifact(model)
    except Refused as error:
        return Verified(error.detail)
    return Verified()


def sound_artifact(model: ModelVersion) -> Artifact:
    """The artifact of the model. Raises ``Refused`` (``artifact_damaged``) when its files are not those that were registered."""
    folder = artifact_folder(model)
    try:
        artifact = load_artifact(folder)
    except ArtifactError as error:
        why = str(error).replace(str(folder), folder.name)  # where the station's files are is nothing for a screen
        raise Refused("artifact_damaged", f"The files of model {model.number} do not verify: {why}") from error
    if artifact.model_id != model.model_id:
        raise Refused(
            "artifact_damaged",
            f"The folder of model {model.number} holds another artifact now ({artifact.model_id} instead of {model.model_id}). Put the "
            "registered one back, or register what is there as a model of its own.",
        )
    return artifact
