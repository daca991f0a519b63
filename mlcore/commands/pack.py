"""``python -m mlcore pack``: from the folder of a training run to an artifact."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mlcore.artifacts import write_artifact
from mlcore.artifacts.full_base import write_full_base
from mlcore.base_model import find_base


def main(arguments: Sequence[str]) -> int:
    """Write the artifact and say its name."""
    options = _parser().parse_args(arguments)
    if options.as_base:
        identity = write_full_base(options.out, options.run, find_base(options.models, options.base))
        print(f"{options.out}: a base model of its own, sha256 {identity.sha256}")
        return 0
    artifact = write_artifact(
        options.out, options.run, confidence=options.confidence, thresholds=options.thresholds, metrics=options.metrics
    )
    print(f"{artifact.model_id}\n{artifact.folder}: {artifact.bytes / 1e6:.1f} MB")
    return 0


def _parser() -> argparse.ArgumentParser:
    about = "Packs the best weights of a training run, with all that decides an answer, into a directory that is verified when loaded."
    parser = argparse.ArgumentParser(prog="python -m mlcore pack", description=about)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--out", type=Path, required=True, help="artifact directory; must not be there yet")
    parser.add_argument("--confidence", type=Path, help="scorer as JSON (python -m mlcore calibrate)")
    parser.add_argument("--thresholds", type=Path, help="certified thresholds as JSON (python -m mlcore calibrate)")
    parser.add_argument("--metrics", type=Path, help="evaluation as JSON (python -m mlcore evaluate)")
    parser.add_argument("--as-base", action="store_true", help="of a full fine-tuning: write a base model directory instead of an artifact")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="with --as-base: folder of models (default %(default)s)")
    parser.add_argument("--base", default=None, help="with --as-base: directory of the base that the run began with")
    return parser
