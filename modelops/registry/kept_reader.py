"""A reader that keeps what it has read in a file at once, so that an evaluation that was interrupted goes on where it was."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlcore.documents import DocumentText
from mlcore.evaluation.kept_readings import Kept, cut_torn_end, kept_line, kept_weighed_line, reading_key
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.prompts import Example, examples_id
from mlcore.rescoring.open_fields import OpenFields
from mlcore.rescoring.rescorer import covers
from mlcore.serving import Reader, Weigher


@dataclass(slots=True)
class KeptReader:
    """Reads what ``file`` does not have and adds it there. ``name`` is that of the model (``ServingExtractor.reads_as``).

    ``spent`` has for each document that this process read, or only asked about, the seconds that it took, its share of the batch.
    """

    reader: Reader
    name: str
    file: Path
    weigher: Weigher | None = None
    spent: dict[str, float] = field(default_factory=dict)
    _known: dict[str, DocumentReading] = field(default_factory=dict)
    _asked: dict[str, tuple[WeighedField, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cut_torn_end(self.file)
        if self.file.exists():
            kept = Kept.of([self.file], self.name)
            self._known, self._asked = kept.read, kept.held

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """See ``Reader``. What was read is on the disk when this returns."""
        beside = shown or [()] * len(documents)
        keys = [reading_key(document.content_id, examples_id(own)) for document, own in zip(documents, beside, strict=True)]
        new = {key: (document, own) for key, document, own in zip(keys, documents, beside, strict=True) if key not in self._known}
        if new:
            begun = time.monotonic()
            found = self.reader.read([document for document, _ in new.values()], [own for _, own in new.values()])
            self.spent |= dict.fromkeys((document.content_id for document, _ in new.values()), (time.monotonic() - begun) / len(new))
            self._keep(new, found)
        return [self._known[key] for key in keys]

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """See ``Weigher``. What was weighed is kept, with the reading where there is one, so that it is asked for once."""
        if self.weigher is None:
            return [()] * len(documents)
        pairs = zip(documents, opened, strict=True)
        new = [(document, own) for document, own in pairs if not covers(self._asked.get(document.content_id, ()), own)]
        if new:
            begun = time.monotonic()
            found = self.weigher.weigh([document for document, _ in new], [own for _, own in new])
            share = (time.monotonic() - begun) / len(new)
            for (document, _), weighed in zip(new, found, strict=True):
                self._keep_weighed(document, weighed, share)
        return [self._asked.get(document.content_id, ()) for document in documents]

    def _keep_weighed(self, document: DocumentText, weighed: tuple[WeighedField, ...], share: float) -> None:
        name = document.content_id
        if name in self.spent or name not in self._known:
            self.spent[name] = self.spent.get(name, 0.0) + share
        if not weighed:
            return
        if name in self._known:
            self._keep({reading_key(name): (document, ())}, [replace(self._known[name], weighed=weighed)])
        else:
            self._write([kept_weighed_line(name, name, self.name, weighed)])
        self._asked[name] = weighed

    def _keep(self, new: dict[str, tuple[DocumentText, Sequence[Example]]], found: Sequence[DocumentReading]) -> None:
        pairs = list(zip(new.items(), found, strict=True))
        self._write(
            [
                kept_line(document.content_id, document.content_id, self.name, reading, examples_id(own))
                for (_, (document, own)), reading in pairs
            ]
        )
        self._known.update((key, reading) for (key, _), reading in pairs)

    def _write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """What is in ``lines`` is on the disk when this returns."""
        with self.file.open("a", encoding="utf-8") as target:
            target.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
            target.flush()
            os.fsync(target.fileno())
