"""Readings of a model in a file, so that no document is read twice: one JSON object a line, ``{"id", "document", "reader", "reading"}``.

``document`` is the content id of the text that was read, ``reader`` the name of the model that read it (``ServingExtractor.reads_as``),
``shown`` the name of the examples that it was shown before it (``prompts.examples_id``), absent where it was shown none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlcore.errors import EvaluationError, ReadingError
from mlcore.inference.reading import DocumentReading
from mlcore.inference.reading_json import reading_from_json, reading_to_json


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


def kept_readings(path: Path, reader: str) -> dict[str, DocumentReading]:
    """The readings of ``reader`` by their ``reading_key``; those of other readers are passed over, and so is a torn last line.

    Raises ``EvaluationError``.
    """
    found = {}
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}); keep readings with python -m mlcore read.") from error
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            data: Mapping[str, Any] = json.loads(line)
            if data["reader"] == reader:
                found[reading_key(str(data["document"]), str(data.get("shown", "")))] = reading_from_json(data["reading"])
        except (ValueError, KeyError, TypeError, ReadingError) as error:
            if number == len(lines):
                break
            raise EvaluationError(f"{path}, line {number}, is no kept reading ({error}); read the documents again.") from error
    return found
