"""Files of models that were never trained, for the pictures alone: those of the shipped model, which say that they came of another run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any


def pack(run: Any, dataset: Any, source: Path) -> Path:
    """A sound artifact in the station's folder whose description names this run's recipe and data; made once for a run."""
    from mlcore.artifacts import load_artifact
    from mlcore.artifacts.card import model_card
    from mlcore.artifacts.description import Description
    from mlcore.artifacts.layout import CARD, CONFIDENCE, DESCRIPTION, MANIFEST, METRICS, WEIGHTS
    from mlcore.artifacts.manifest import write_manifest
    from modelops.folders import artifacts_folder

    folder: Path = artifacts_folder() / run.folder
    if folder.exists():
        return folder
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(MANIFEST, METRICS))
    told = json.loads((source / DESCRIPTION).read_text(encoding="utf-8"))
    told |= {"recipe": run.recipe, "data_hash": dataset.data_hash}
    told["data"] = {**told["data"], "data_hash": dataset.data_hash, "documents": dataset.documents, "source": "dataset"}
    told["training"] |= {"steps": run.steps, "total_steps": run.steps, "wall_seconds": run.seconds, "device_seconds": run.seconds}
    (folder / DESCRIPTION).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    learned = json.loads((source / CONFIDENCE).read_text(encoding="utf-8"))
    card = model_card(
        Description.from_json(told), None, learned.get("thresholds"), (folder / WEIGHTS).stat().st_size, learned.get("report")
    )
    (folder / CARD).write_text(card, encoding="utf-8")
    write_manifest(folder)
    load_artifact(folder)
    return folder
