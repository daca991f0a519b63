"""``python -m mlcore pack``: an artifact of a training run, or of another artifact and a confidence or thresholds of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mlcore.artifacts import write_artifact, write_recalibrated, write_recertified
from mlcore.artifacts.full_base import write_full_base
from mlcore.base_model import find_base


def main(arguments: Sequence[str]) -> int:
    """Write the artifact and say its name."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.thresholds and not options.artifact:
        parser.error("--thresholds goes with --artifact: a run has its thresholds with --confidence")
    if options.artifact and (bool(options.thresholds) == bool(options.confidence) or options.as_base):
        parser.error("--artifact takes either --thresholds, or --confidence with or without --metrics; everything else stays as it is")
    if options.thresholds and options.metrics:
        parser.error("--thresholds goes without --metrics: what was measured stays as it is")
    if options.as_base:
        identity = write_full_base(options.out, options.run, find_base(options.models, options.base))
        print(f"{options.out}: a base model of its own, sha256 {identity.sha256}")
        return 0
    if options.artifact and options.thresholds:
        artifact = write_recertified(options.out, options.artifact, options.thresholds)
    elif options.artifact:
        artifact = write_recalibrated(options.out, options.artifact, options.confidence, options.metrics)
    else:
        artifact = write_artifact(options.out, options.run, confidence=options.confidence, metrics=options.metrics)
    print(f"{artifact.model_id}\n{artifact.folder}: {artifact.bytes / 1e6:.1f} MB")
    return 0


def _parser() -> argparse.ArgumentParser:
    about = (
        "Packs the best weights of a training run, with all that decides an answer, into a directory that is verified when loaded; "
        "or gives an artifact a confidence that was learned, or thresholds that were certified, on documents of one's own."
    )
    parser = argparse.ArgumentParser(prog="python -m mlcore pack", description=about)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--run", type=Path, help="folder of the training run")
    source.add_argument("--artifact", type=Path, help="artifact that gets another --confidence, or other --thresholds")
    parser.add_argument("--out", type=Path, required=True, help="artifact directory; must not be there yet")
    parser.add_argument("--confidence", type=Path, help="scorer and thresholds as JSON (python -m mlcore calibrate)")
    parser.add_argument("--thresholds", type=Path, help="thresholds certified again, as JSON (python -m mlcore calibrate --recertify)")
    parser.add_argument("--metrics", type=Path, help="evaluation as JSON (python -m mlcore evaluate)")
    parser.add_argument("--as-base", action="store_true", help="of a full fine-tuning: write a base model directory instead of an artifact")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="with --as-base: folder of models (default %(default)s)")
    parser.add_argument("--base", default=None, help="with --as-base: directory of the base that the run began with")
    return parser
