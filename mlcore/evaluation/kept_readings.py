"""Readings of a model in a file, so that no document is read twice: one JSON object a line, ``{"id", "document", "reader", "reading"}``.

``document`` is the content id of the text that was read, ``reader`` the name of the model that read it (``ServingExtractor.reads_as``),
``shown`` the name of the examples that it was shown before it (``prompts.examples_id``), absent where it was shown none. A document that
the model was only asked about has ``weighed`` (field -> ``[[text, log-probability], ...]``) in place of ``reading``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mlcore.errors import EvaluationError, ReadingError, RecordError
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.inference.reading_json import reading_from_json, reading_to_json, weighed_from_json, weighed_to_json

T = TypeVar("T")


def reading_key(document: str, shown: str = "") -> str:
    """What tells readings of one reader apart: the content id of the document, and what was shown before it."""
    return f"{document}+{shown}" if shown else document


def kept_line(name: str, document: str, reader: str, reading: DocumentReading, shown: str = "") -> dict[str, Any]:
    """The object of one line."""
    beside = {"shown": shown} if shown else {}
    return {"id": name, "document": document, "reader": reader, **beside, "reading": reading_to_json(reading)}


def cut_torn_end(path: Path) -> None:
    """Take off a last line that was not written whole, so that lines can be added behind the others. No file is no fault."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)


def kept_weighed_line(name: str, document: str, reader: str, weighed: Sequence[WeighedField]) -> dict[str, Any]:
    """The object of one line about a document that the model was asked about and did not read."""
    return {"id": name, "document": document, "reader": reader, "weighed": weighed_to_json(weighed)}


def kept_readings(path: Path, reader: str) -> dict[str, DocumentReading]:
    """The readings of ``reader`` by their ``reading_key``; those of other readers are passed over, and so is a torn last line.

    Raises ``EvaluationError``.
    """
    return {key: one for key, one in _kept(path, reader, _reading) if one is not None}


def kept_weighed(path: Path, reader: str) -> dict[str, tuple[WeighedField, ...]]:
    """What ``reader`` held of documents that it was asked about without reading them, by content id. As ``kept_readings``."""
    return {key: one for key, one in _kept(path, reader, _weighed) if one is not None}


def kept_told(path: Path, reader: str) -> dict[str, tuple[WeighedField, ...]]:
    """What ``reader`` held of the candidates of each document, with a reading or without, by ``reading_key``. As ``kept_readings``."""
    return {key: one for key, one in _kept(path, reader, _told) if one}


def _told(line: Mapping[str, Any]) -> tuple[WeighedField, ...]:
    reading = _reading(line)
    return reading.weighed if reading is not None else weighed_from_json(line["weighed"])


def _reading(line: Mapping[str, Any]) -> DocumentReading | None:
    return reading_from_json(line["reading"]) if "weighed" not in line else None


def _weighed(line: Mapping[str, Any]) -> tuple[WeighedField, ...] | None:
    return weighed_from_json(line["weighed"]) if "weighed" in line else None


def _kept(path: Path, reader: str, parse: Callable[[Mapping[str, Any]], T]) -> Iterator[tuple[str, T]]:
    """What the lines of ``reader`` say, with their ``reading_key``."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}); keep readings with python -m mlcore read.") from error
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            data: Mapping[str, Any] = json.loads(line)
            if data["reader"] != reader:
                continue
            found = reading_key(str(data["document"]), str(data.get("shown", ""))), parse(data)
        except (ValueError, KeyError, TypeError, AttributeError, ReadingError, RecordError) as error:
            if number == len(lines):
                break
            raise EvaluationError(f"{path}, line {number}, is no kept reading ({error}); read the documents again.") from error
        yield found
