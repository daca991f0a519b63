"""``python -m mlcore build-dataset``: a dataset directory of synthetic or of labeled documents."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mlcore.dataset.augment import AUGMENTATIONS
from mlcore.dataset.build import GUIDE_DOCUMENTS, Plan, build, build_from_files
from mlcore.dataset.directory import Split

_DEFAULT = Plan()


def main(arguments: Sequence[str]) -> int:
    """Write the directory, with progress, and print what it holds."""
    options = _parser().parse_args(arguments)
    documents = options.documents
    if documents is None:
        documents = GUIDE_DOCUMENTS if options.split == "guide" else _DEFAULT.documents
    plan = Plan(
        split=options.split,
        documents=documents,
        layouts=options.layouts,
        seed=options.seed,
        validation=options.validation,
        held_layouts=options.held_layouts,
        test=options.test,
        augment=tuple(name for name in options.augment.split(",") if name),
        noise=options.noise,
        noise_level=options.noise_level,
        share=options.share,
    )
    begun = time.process_time()

    def watch(split: Split, done: int, wanted: int) -> None:
        if done % 500 == 0 or done == wanted:
            print(f"{split} {done}/{wanted}", file=sys.stderr, flush=True)

    manifest = build_from_files(options.out, options.gold, plan, watch) if options.gold else build(options.out, plan, watch)
    written = sum(found["documents"] for found in manifest["splits"].values())
    seconds = time.process_time() - begun
    for name, found in manifest["splits"].items():
        print(f"{name:10} {found['documents']} documents of {len(found['vendors'])} vendors in {found['file']}")
    print(f"removed as duplicates: {manifest['removed'] or 'none'}; no leaks")
    print(f"data hash {manifest['data_hash']}\n{written / max(seconds, 1e-9):.0f} documents a CPU second, check included\n{options.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlcore build-dataset", description="Writes a dataset directory of synthetic or of labeled documents."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; files of an earlier dataset there are replaced")
    parser.add_argument(
        "--gold",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="labeled documents instead of synthetic ones, one JSON object a line: gold that the app exports (format=examples) or "
        "documents of other projects; whole vendors are held out",
    )
    parser.add_argument(
        "--split",
        choices=("composed", "guide"),
        default=_DEFAULT.split,
        help="composed: many composed vendors, tested on the hand-made ones; guide: 40 vendors, A-L trained on, M-O validate too, P-Z "
        "tested, layouts and the other counts follow from --documents (default %(default)s)",
    )
    parser.add_argument(
        "--documents",
        type=int,
        help=f"training documents (default {_DEFAULT.documents}); with --split guide all documents (default {GUIDE_DOCUMENTS})",
    )
    parser.add_argument("--layouts", type=int, default=_DEFAULT.layouts, help="composed vendors to train on (default %(default)s)")
    parser.add_argument("--seed", type=int, default=_DEFAULT.seed, help="the same arguments give the same files (default %(default)s)")
    parser.add_argument(
        "--noise", type=float, default=_DEFAULT.noise, help="share of training documents with OCR noise, 0 to 1 (default %(default)s)"
    )
    parser.add_argument(
        "--augment",
        default=",".join(_DEFAULT.augment),
        help=f"what is done to training documents, of {','.join(AUGMENTATIONS)}; '' for nothing (default %(default)s)",
    )
    parser.add_argument(
        "--share", type=float, default=_DEFAULT.share, help="share of each augmentation but noise, 0 to 1 (default %(default)s)"
    )
    parser.add_argument("--noise-level", type=float, default=_DEFAULT.noise_level, help="times the measured noise (default %(default)s)")
    parser.add_argument(
        "--validation", type=int, default=_DEFAULT.validation, help="validation documents, half of unseen vendors (default %(default)s)"
    )
    parser.add_argument("--held-layouts", type=int, default=_DEFAULT.held_layouts, help="vendors that only validate (default %(default)s)")
    parser.add_argument("--test", type=int, default=_DEFAULT.test, help="test documents of the hand-made vendors (default %(default)s)")
    return parser
