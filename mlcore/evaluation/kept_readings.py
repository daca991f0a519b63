"""Readings of a model in a file, so that no document is read twice: one JSON object a line, ``{"id", "document", "reader", "reading"}``.

``document`` is the content id of the text that was read, ``reader`` the name of the model that read it (``ServingExtractor.reads_as``),
``shown`` the name of the examples that it was shown before it (``prompts.examples_id``), absent where it was shown none. A document that
the model was only asked about has ``weighed`` (field -> ``[[text, log-probability], ...]``) in place of ``reading``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlcore.errors import EvaluationError, ReadingError, RecordError
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.inference.reading_json import reading_from_json, reading_to_json, weighed_from_json, weighed_to_json
from mlcore.rescoring.open_fields import OpenFields
from mlcore.rescoring.rescorer import covers


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


@dataclass(frozen=True)
class Kept:
    """What files of readings have of one model: by ``reading_key`` what it ``read``, by content id what it was only ``asked`` about, and by
    ``reading_key`` what it ``held`` of the candidates, with a reading or without. What stands later in the files counts."""

    read: dict[str, DocumentReading] = field(default_factory=dict)
    asked: dict[str, tuple[WeighedField, ...]] = field(default_factory=dict)
    held: dict[str, tuple[WeighedField, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[Path], reader: str) -> Kept:
        """Of all files together. Lines of other readers are passed over, and so is a torn last line. Raises ``EvaluationError``."""
        kept = cls()
        for path in files:
            for key, said in _kept(path, reader):
                weighed = said.weighed if isinstance(said, DocumentReading) else said
                if isinstance(said, DocumentReading):
                    kept.read[key] = said
                else:
                    kept.asked[key] = said
                if weighed:
                    kept.held[key] = weighed
        return kept

    def told(self, document: str, opened: OpenFields) -> tuple[WeighedField, ...]:
        """What the model held of all that is open in a document (content id), with its reading or without; nothing where it was not asked
        about that."""
        read = self.read.get(document)
        known = (self.asked.get(document, ()), read.weighed if read is not None else ())
        return next((one for one in known if covers(one, opened)), ())


def _said(line: Mapping[str, Any]) -> DocumentReading | tuple[WeighedField, ...]:
    return weighed_from_json(line["weighed"]) if "weighed" in line else reading_from_json(line["reading"])


def _kept(path: Path, reader: str) -> Iterator[tuple[str, DocumentReading | tuple[WeighedField, ...]]]:
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
            found = reading_key(str(data["document"]), str(data.get("shown", ""))), _said(data)
        except (ValueError, KeyError, TypeError, AttributeError, ReadingError, RecordError) as error:
            if number == len(lines):
                break
            raise EvaluationError(f"{path}, line {number}, is no kept reading ({error}); read the documents again.") from error
        yield found
