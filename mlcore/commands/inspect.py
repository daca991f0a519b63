"""``python -m mlcore inspect``: verify an artifact and say what it is."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from mlcore.artifacts import Artifact, check_base, load_artifact
from mlcore.base_model import find_base
from mlcore.confidence.confidence import UNREAD


def main(arguments: Sequence[str]) -> int:
    """Exit status 1 with the reason when the artifact is refused."""
    about = "Verifies every file of an artifact and prints what it says of itself."
    parser = argparse.ArgumentParser(prog="python -m mlcore inspect", description=about)
    parser.add_argument("artifact", type=Path, help="artifact directory")
    parser.add_argument("--base", help="check that this model directory is the base it was trained on ('' for the usual one)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    artifact = load_artifact(options.artifact)
    if options.base is not None:
        check_base(artifact, find_base(options.models, options.base or None))
    print(json.dumps(facts(artifact), indent=2) if options.json else "\n".join(_lines(artifact)))
    return 0


def facts(artifact: Artifact) -> dict[str, object]:
    """What an artifact is, as plain JSON."""
    return {
        "model_id": artifact.model_id,
        "bytes": artifact.bytes,
        **artifact.description.to_json(),
        "layers": len(artifact.layers),
        "reads": _reads(artifact),
        "has": [name for name in ("confidence", "thresholds", "metrics") if getattr(artifact, name) is not None],
    }


def _reads(artifact: Artifact) -> bool:
    return artifact.confidence is None or artifact.confidence.get("format") != UNREAD


def _lines(artifact: Artifact) -> list[str]:
    said = artifact.description
    lora = said.recipe.lora
    rank = f"rank {lora.rank}, alpha {lora.alpha:g}, " if lora else ""
    has = [name for name in ("confidence", "thresholds", "metrics") if getattr(artifact, name) is not None]
    return [
        f"{artifact.model_id}  {artifact.bytes / 1e6:.1f} MB, every file as its manifest says",
        f"base    {said.base.name} {said.base.revision}, sha256 {said.base.sha256}",
        f"asks    {said.prompt_version}, answers {said.form}",
        f"recipe  {said.recipe.name}: {rank}{len(artifact.layers)} layers, {said.training.get('steps')} steps",
        f"data    {said.data.get('source', 'not said')}, {said.training.get('documents')} documents, hash {said.data_hash}",
        *(f"from    {one.model_id}, which was trained on {one.source or 'documents of an untold source'}" for one in said.lineage),
        *([] if _reads(artifact) else ["reads   nothing: it is asked about the template reader's candidates"]),
        f"has     {', '.join(has) or 'neither scorer nor thresholds nor metrics'}",
    ]
