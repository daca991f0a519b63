"""A reader that keeps what it has read in a file at once, so that an evaluation that was interrupted goes on where it was."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlcore.documents import DocumentText
from mlcore.evaluation.kept_readings import cut_torn_end, kept_line, kept_readings, reading_key
from mlcore.inference.reading import DocumentReading
from mlcore.prompts import Example, examples_id
from mlcore.serving import Reader


@dataclass(slots=True)
class KeptReader:
    """Reads what ``file`` does not have and adds it there. ``name`` is that of the model (``ServingExtractor.reads_as``).

    ``seconds`` has for each document that was read by this process how long it took, its share of the batch.
    """

    reader: Reader
    name: str
    file: Path
    seconds: list[float] = field(default_factory=list)
    _known: dict[str, DocumentReading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cut_torn_end(self.file)
        if self.file.exists():
            self._known = kept_readings(self.file, self.name)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """See ``Reader``. What was read is on the disk when this returns."""
        beside = shown or [()] * len(documents)
        keys = [reading_key(document.content_id, examples_id(own)) for document, own in zip(documents, beside, strict=True)]
        new = {key: (document, own) for key, document, own in zip(keys, documents, beside, strict=True) if key not in self._known}
        if new:
            begun = time.monotonic()
            found = self.reader.read([document for document, _ in new.values()], [own for _, own in new.values()])
            self.seconds += [(time.monotonic() - begun) / len(new)] * len(new)
            self._keep(new, found)
        return [self._known[key] for key in keys]

    def _keep(self, new: dict[str, tuple[DocumentText, Sequence[Example]]], found: Sequence[DocumentReading]) -> None:
        with self.file.open("a", encoding="utf-8") as target:
            for (key, (document, own)), reading in zip(new.items(), found, strict=True):
                line = kept_line(document.content_id, document.content_id, self.name, reading, examples_id(own))
                target.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                self._known[key] = reading
            target.flush()
            os.fsync(target.fileno())
