"""The labeled documents that a command works on: a split of a dataset directory, or a file of gold examples."""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlcore.dataset.build import MOST_NOISE, is_printed
from mlcore.dataset.directory import Split
from mlcore.dataset.relabel import noisy_example
from mlcore.errors import DatasetError
from mlcore.evaluation.samples import Sample, samples_from_lines, samples_of_dataset
from mlcore.readers.scoring import read_with


def add_source(parser: argparse.ArgumentParser) -> None:
    """The options ``data``, ``--split`` and ``--limit``."""
    splits = [split.value for split in Split]
    parser.add_argument("data", type=Path, help="dataset directory (vendors of its training split are seen), or gold as JSONL")
    parser.add_argument("--split", choices=splits, default=Split.TEST.value, help="of a dataset (default %(default)s)")
    parser.add_argument("--limit", type=int, help="the first so many documents; datasets are mixed, so this is a sample")


def add_noise(parser: argparse.ArgumentParser) -> None:
    """The option ``--noise-level``."""
    told = "what OCR would have read of the documents, with so many times the measured noise; labels say what the noisy page says"
    parser.add_argument("--noise-level", type=float, default=0.0, metavar="LEVEL", help=f"{told} (default %(default)s, none)")


def noisy_samples(samples: Sequence[Sample], level: float) -> list[Sample]:
    """The samples with OCR noise; an id and a level give the same noise.

    Raises ``DatasetError`` for a level that is no level, and where a document has been read by OCR already.
    """
    if not 0 <= level <= MOST_NOISE:
        raise DatasetError(f"--noise-level is {level:g}; 0 to {MOST_NOISE:g} times the measured noise is possible.")
    if not level:
        return list(samples)
    if scanned := [sample.id for sample in samples if not is_printed(sample.example.document)]:
        told = f"{len(scanned)} documents, the first is {scanned[0]!r}, were read by OCR and have its noise"
        raise DatasetError(f"--noise-level is {level:g}, but {told}; leave it out.")
    rngs = (random.Random(f"noise:{sample.id}") for sample in samples)  # noqa: S311 - reproducible, nothing secret
    return [replace(sample, example=noisy_example(sample.example, rng, level)) for sample, rng in zip(samples, rngs, strict=True)]


def add_asked(parser: argparse.ArgumentParser) -> None:
    """The options ``--artifact``, ``--out`` and ``--models`` of a command that keeps what a model says."""
    parser.add_argument("--artifact", type=Path, required=True, help="artifact directory")
    parser.add_argument("--out", type=Path, required=True, help="file of readings; added to")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")


def add_header_weights(parser: argparse.ArgumentParser) -> None:
    """The option ``--header-weights``, which takes effect where it is parsed."""
    told = "the general readers read with these weights, such as those that have not seen these vendors (benchmarks.fit_header_weights)"
    parser.add_argument("--header-weights", type=_taking_effect, metavar="FILE", help=told)


def _taking_effect(text: str) -> Path:
    read_with(Path(text))
    return Path(text)


def samples_of(path: Path, split: Split, limit: int | None) -> tuple[list[Sample], str]:
    """The samples and the SHA-256 of their file. Raises ``DatasetError``."""
    if path.is_dir():
        found, digest = samples_of_dataset(path, split, limit)
    else:
        try:
            data = path.read_bytes()
            found, digest = samples_from_lines(data.decode().split("\n"), str(path))[:limit], hashlib.sha256(data).hexdigest()
        except OSError as error:
            raise DatasetError(f"{path} cannot be read ({error.strerror}); give a dataset directory, or gold as JSONL.") from error
        except UnicodeDecodeError as error:
            raise DatasetError(f"{path} is not UTF-8 text ({error.reason}); give gold examples, one JSON object a line.") from error
    if not found:
        raise DatasetError(f"{path} has no documents; give a file with at least one gold example.")
    return found, digest
