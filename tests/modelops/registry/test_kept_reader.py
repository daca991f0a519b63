"""What an evaluation has read and weighed is on the disk at once, and neither is done twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlcore.documents import DocumentText
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.rescoring.open_fields import OpenField, OpenFields, Option
from mlcore.schema import InvoiceRecord
from modelops.registry.kept_reader import KeptReader
from tests.mlcore.conftest import typewritten

WEIGHED = (WeighedField("date", (("06/14/2026", -0.5), ("06/20/2026", -4.0))),)
OPENED = OpenFields({}, (OpenField("date", tuple(Option(text, 0.5, False, None) for text, _ in WEIGHED[0].options)),))


@dataclass
class _Model:
    """Reads and weighs, and counts the documents."""

    read_of: list[int] = field(default_factory=list)
    weighed_of: list[int] = field(default_factory=list)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[object] = ()) -> list[DocumentReading]:
        self.read_of.append(len(documents))
        return [DocumentReading(InvoiceRecord(invoice_number=document.content_id[:6]), (), tokens=3) for document in documents]

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        self.weighed_of.append(len(documents))
        return [WEIGHED for _ in documents]


def test_a_second_evaluation_finds_what_the_first_has_read_and_weighed(tmp_path: Path) -> None:
    model, documents = _Model(), [typewritten(f"Apex {number}") for number in range(3)]
    first = KeptReader(model, "reader", tmp_path / "kept.jsonl", model)
    readings = first.read(documents)
    assert [one.weighed for one in readings] == [()] * 3
    reading_alone = dict(first.spent)
    assert first.weigh(documents[:2], [OPENED] * 2) == [WEIGHED, WEIGHED]
    assert first.weigh(documents[:2], [OPENED] * 2) == [WEIGHED, WEIGHED]
    assert set(first.spent) == {document.content_id for document in documents}
    assert all(first.spent[document.content_id] > reading_alone[document.content_id] for document in documents[:2])
    assert first.spent[documents[2].content_id] == reading_alone[documents[2].content_id]
    again = KeptReader(model, "reader", tmp_path / "kept.jsonl", model)
    assert [one.weighed for one in again.read(documents)] == [WEIGHED, WEIGHED, ()]
    assert [one.record for one in again.read(documents)] == [one.record for one in readings]
    assert (model.read_of, model.weighed_of) == ([3], [2])
    assert again.spent == {}, "nothing was read here, so nothing was timed"


def test_what_was_only_asked_about_is_kept_and_timed_too(tmp_path: Path) -> None:
    model, documents = _Model(), [typewritten(f"Apex {number}") for number in range(2)]
    first = KeptReader(model, "reader", tmp_path / "kept.jsonl", model)
    assert first.weigh(documents[:1], [OPENED]) == [WEIGHED]
    assert set(first.spent) == {documents[0].content_id}
    again = KeptReader(model, "reader", tmp_path / "kept.jsonl", model)
    assert again.weigh(documents, [OPENED] * 2) == [WEIGHED, WEIGHED]
    assert model.weighed_of == [1, 1], "the first is asked about once"
    assert set(again.spent) == {documents[1].content_id}
    [reading] = again.read(documents[:1])
    assert reading.weighed == ()
    assert KeptReader(model, "reader", tmp_path / "kept.jsonl", model).weigh(documents[:1], [OPENED]) == [WEIGHED]
    assert model.read_of == [1]
    assert model.weighed_of == [1, 1]


def test_a_model_that_cannot_weigh_is_not_asked(tmp_path: Path) -> None:
    reader = KeptReader(_Model(), "reader", tmp_path / "kept.jsonl")
    assert reader.weigh([typewritten("Apex")], [OpenFields({}, ())]) == [()]
