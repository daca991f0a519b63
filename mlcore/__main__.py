"""``python -m mlcore COMMAND``: the model side of the product from the command line, without Django.

prepare-base    write the default base model as safetensors
build-dataset   write a dataset directory of synthetic or of labeled documents
train           fine-tune an adapter
read            keep what the model of an artifact reads
weigh           keep what it holds of candidates, without reading
calibrate       learn confidence from kept readings, certify thresholds
evaluate        score systems on the same documents, with a report
pack            make an artifact of a training run
inspect         verify an artifact and say what it is
predict         read documents with an artifact
benchmark       how fast an artifact reads here
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from mlcore.commands import benchmark, build_dataset, calibrate, evaluate, inspect, pack, predict, prepare_base, read, train, weigh
from mlcore.errors import MlcoreError

COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "prepare-base": prepare_base.main,
    "build-dataset": build_dataset.main,
    "train": train.main,
    "read": read.main,
    "weigh": weigh.main,
    "calibrate": calibrate.main,
    "evaluate": evaluate.main,
    "pack": pack.main,
    "inspect": inspect.main,
    "predict": predict.main,
    "benchmark": benchmark.main,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 2 for wrong arguments, 1 for what could not be done, with a sentence."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] not in COMMANDS:
        print((__doc__ or "").strip(), file=sys.stderr if given and given[0] not in ("-h", "--help") else sys.stdout)
        return 0 if given[:1] in (["-h"], ["--help"]) else 2
    try:
        return COMMANDS[given[0]](given[1:])
    except MlcoreError as error:
        print(f"{given[0]}: {error}", file=sys.stderr)
    except OSError as error:  # a place that cannot be written to, a full disk
        print(f"{given[0]}: {error.filename or 'a file'}: {error.strerror or error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
