"""The fourth stage: the artifact, whole and verified, and its place in the registry."""

from __future__ import annotations

import shutil

from mlcore.artifacts import load_artifact, write_artifact
from mlcore.errors import ArtifactError
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.registering import register
from modelops.runs.readiness import refuse_unusable
from modelops.runs.starts import refuse_marked_start
from modelops.runs.work import Work


def pack(work: Work) -> None:
    """Pack and register. Done again it is the same artifact, the same name and the same row; a damaged one is written anew.

    Raises ``Refused`` where a document had to go while it, or what it started from, was learned from: nothing is made of it any more.
    """
    refuse_unusable(DatasetVersion.objects.get(pk=work.run.dataset_id))
    refuse_marked_start(ModelVersion.objects.filter(further_runs=work.run).first())
    try:
        artifact = load_artifact(work.artifact)
    except ArtifactError:
        shutil.rmtree(work.artifact, ignore_errors=True)
        work.artifact.parent.mkdir(parents=True, exist_ok=True)
        confidence = work.confidence if work.confidence.exists() else None
        artifact = write_artifact(work.artifact, work.folder, confidence=confidence)
    work.hold.write()  # before the registry changes: whoever was overtaken registers nothing
    model = register(work.artifact, origin=ModelVersion.Origin.TRAINED, by=work.run.asked_by, run=work.run, dataset=work.run.dataset)
    work.hold.write(f"Packed as {artifact.model_id} ({artifact.bytes / 1e6:.1f} MB), model {model.number}.")
    work.hold.got_on()
