"""Taking a model in: an artifact that was verified, file by file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.artifacts import Artifact, load_artifact
from mlcore.artifacts.layout import CARD
from mlcore.errors import ArtifactError
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.folders import artifacts_folder
from modelops.models import DatasetVersion, ModelVersion, TrainingRun
from modelops.registry.learned_from import TRAINED_ON, TrainedOn, learned_from
from modelops.registry.lineage import lineage_of, removed_behind
from modelops.registry.plain import bounded, plain, text

_TRIES: Final = 5
"""Two that take the same number at the same moment: the one who comes second counts again."""

_MOST_CARD: Final = 100_000
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}")


def register(
    folder: Path,
    *,
    origin: str,
    by: User | None = None,
    run: TrainingRun | None = None,
    dataset: DatasetVersion | None = None,
) -> ModelVersion:
    """The model of a verified artifact. An artifact that is known already, by its content, is the same row, whatever its folder.

    Where the folder of a known one does not verify any more, it is replaced by this sound copy. A model that is trained here, ``run``,
    has that run's data set; one from elsewhere has the version with the artifact's data hash, if there is one. It counts as trained on
    all that the models it started from were trained on, and is marked for their documents that had to go. Idempotent. Raises
    ``Refused`` (``artifact_refused``) with what is wrong with the artifact.
    """
    artifact = _verified(folder)
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                known = ModelVersion.objects.select_for_update().filter(model_id=artifact.model_id).first()
                if known is not None:
                    return _still_sound(known, folder, run)
                return _stored(artifact, folder, origin=origin, by=by, run=run, dataset=dataset or (run.dataset if run else None))
        except IntegrityError:
            continue
    raise Refused("registry_busy", "Others register models at this moment, and no number could be had. Do it again.")


def register_named(name: str, *, by: User) -> ModelVersion:
    """Bring in the artifact in the folder of that name among the station's artifacts; nothing outside of it is ever opened.

    Raises ``RequestInvalid`` for anything but the name of a folder there, ``NotFound``, ``Refused``.
    """
    if not _PLAIN_NAME.fullmatch(name):
        raise RequestInvalid(
            "folder_invalid",
            f"{name[:80]!r} is not the name of a folder. Put the artifact into {artifacts_folder()} and send its name alone: letters, "
            "digits, dots, - and _, at most 120.",
        )
    folder = artifacts_folder() / name
    if folder.is_symlink() or not folder.is_dir():
        raise NotFound("artifact_not_found", f"There is no folder {name} in {artifacts_folder()}. Copy the artifact there first.")
    return register(folder, origin=ModelVersion.Origin.IMPORTED, by=by)


def _verified(folder: Path) -> Artifact:
    try:
        return load_artifact(folder)
    except ArtifactError as error:
        raise Refused("artifact_refused", str(error)) from error


def _still_sound(known: ModelVersion, folder: Path, run: TrainingRun | None) -> ModelVersion:
    """The row; with this folder instead of one that is damaged or gone, and with its run where it had none."""
    changed = []
    named = stored_name(folder)
    if known.folder != named:
        try:
            load_artifact(artifacts_folder() / known.folder)
        except ArtifactError:
            known.folder = named
            changed.append("folder")
    if run is not None and known.run_id is None and not ModelVersion.objects.filter(run=run).exists():
        known.run = run
        changed.append("run")
    if changed:
        known.save(update_fields=changed)
    return known


def stored_name(folder: Path) -> str:
    """Relative to the station's artifacts where it lies there, absolute elsewhere."""
    whole, station = folder.resolve(), artifacts_folder().resolve()
    return str(whole.relative_to(station)) if whole.is_relative_to(station) else str(whole)


def _stored(
    artifact: Artifact, folder: Path, *, origin: str, by: User | None, run: TrainingRun | None, dataset: DatasetVersion | None
) -> ModelVersion:
    told, source, lineage = artifact.description, learned_from(artifact, dataset), lineage_of(artifact)
    versions = [one.dataset for one in lineage.ancestors if one.dataset is not None] + ([source.dataset.number] if source.dataset else [])
    unknown = any(one.trained_on == TrainedOn.UNKNOWN for one in lineage.ancestors)
    model = ModelVersion.objects.create(
        number=(ModelVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        model_id=artifact.model_id,
        origin=origin,
        folder=stored_name(folder),
        run=run,
        dataset=source.dataset,
        base=plain(told.base.to_json()),
        recipe=plain(told.recipe.to_json()),
        facts={
            **bounded({"data": told.data, "training": told.training}),
            "form": told.form,
            "prompt_version": told.prompt_version,
            "data_hash": text(told.data_hash)[:64],
            "layers": len(artifact.layers),
            TRAINED_ON: TrainedOn.UNKNOWN.value if unknown else source.kind.value,
        },
        card=text((folder / CARD).read_text(encoding="utf-8", errors="replace"))[:_MOST_CARD],
        metrics=_metrics(artifact.metrics or {}),
        calibration=_calibration(artifact),
        trained_vendors=sorted({*source.vendors, *lineage.vendors}),
        lineage=lineage.to_json(),
        removed_documents=removed_behind(versions),
        bytes=artifact.bytes,
        registered_by=by,
    )
    after = {"model_id": model.model_id, "origin": model.origin, "number": model.number}
    record(Action.MODEL_REGISTERED, actor=by, object=Target("model", model.pk), after=after)
    return model


def _metrics(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of an evaluation the measures of its systems; anything else as it is, within its bound."""
    systems = data.get("systems")
    if not isinstance(systems, list):
        return bounded(data)
    try:
        shown = [{"name": one["name"], "documents": one["evaluation"]["count"], "overall": one["evaluation"]["overall"]} for one in systems]
    except (KeyError, TypeError):
        return {}
    return bounded({"command": str(data.get("command", "")), "systems": shown})


def _calibration(artifact: Artifact) -> dict[str, Any]:
    """What the artifact's confidence was learned from and tested on, and what is certified; nothing where it has none."""
    known = artifact.confidence
    if known is None:
        return {}
    report = known.get("report")
    report = report if isinstance(report, Mapping) else {}
    counts = {
        name: {count: part.get(count) for count in ("documents", "readings", "vendors")}
        for name in ("learned", "tested")
        if isinstance(part := report.get(name), Mapping)
    }
    certified = report.get("certified")
    shown = {name: report.get(name) for name in ("values", "documents", "sources") if report.get(name) is not None}
    thresholds = artifact.thresholds if artifact.thresholds is not None else known.get("thresholds")
    certificates = certified.get("documents") if isinstance(certified, Mapping) else None
    return bounded({**counts, **shown, "certified": certificates or [], "thresholds": thresholds or {}})
