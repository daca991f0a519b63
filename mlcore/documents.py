"""What is read off a document, and what an extractor answers: frozen values that cross every seam.

Boxes are fractions of the upright page (after rotation and deskewing), origin at the top left. Pages are
numbered from 1. A word belongs to a line of its page; lines are in reading order and words are in order
within their line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from mlcore.errors import DocumentError
from mlcore.record_json import record_from_json, record_to_json, value_to_json
from mlcore.schema import InvoiceRecord, Value

TOKENISER_VERSION = "words-1"
"""Version of the word splitting that every reader of pages follows; part of stored documents."""


class TextSource(StrEnum):
    """Where the words of a page come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"


class Route(StrEnum):
    """What the confidence decides for a document."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the page: ``0 <= x0 <= x1 <= 1``, ``y`` grows downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    @property
    def center(self) -> tuple[float, float]:
        """``(x, y)`` of the middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def to_json(self) -> list[float]:
        """``[x0, y0, x1, y1]`` rounded to 1/100,000 of the page."""
        return [round(self.x0, 5), round(self.y0, 5), round(self.x1, 5), round(self.y1, 5)]


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``confidence`` is 0..1 as the OCR engine says, 1.0 for a text layer.

    ``line`` is the index of the line on the page, from 0.
    """

    text: str
    box: Box
    line: int
    confidence: float = 1.0


@dataclass(frozen=True)
class Page:
    """One page. ``width`` and ``height`` are in points (1/72 inch) of the upright page.

    ``rotation`` is the clockwise turn in degrees that made the page upright; ``skew`` the small angle in
    degrees that was taken out before reading.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: TextSource = TextSource.TEXT_LAYER
    rotation: int = 0
    skew: float = 0.0

    @cached_property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """Words grouped by line, in reading order."""
        grouped: dict[int, list[Word]] = {}
        for word in self.words:
            grouped.setdefault(word.line, []).append(word)
        return tuple(tuple(grouped[index]) for index in sorted(grouped))


@dataclass(frozen=True)
class DocumentText:
    """Everything that was read off one document, and all that an extractor may look at."""

    pages: tuple[Page, ...]
    tokeniser: str = TOKENISER_VERSION

    @cached_property
    def text(self) -> str:
        """Lines joined by newlines, pages by form feeds."""
        return "\f".join("\n".join(" ".join(w.text for w in line) for line in page.lines) for page in self.pages)

    @cached_property
    def content_id(self) -> str:
        """SHA-256 (hex) of the serialised document."""
        return hashlib.sha256(json.dumps(document_to_json(self), separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place on a page."""

    page: int
    box: Box

    def to_json(self) -> dict[str, Any]:
        """``{"page": 1, "box": [x0, y0, x1, y1]}``."""
        return {"page": self.page, "box": self.box.to_json()}


@dataclass(frozen=True, slots=True)
class FieldPrediction:
    """One predicted value with its confidence (0..1) and its places on the page.

    ``raw`` is the text as printed. ``note`` says in a sentence what a person should know, for example
    that the arithmetic repaired a digit; empty when there is nothing to say.
    """

    path: str
    value: Value
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    raw: str = ""
    note: str = ""


class Severity(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a record, for example ``lines_sum_to_subtotal``; ``paths`` are the fields concerned.

    ``places`` is where it shows on the pages when no field of the record holds it.
    """

    code: str
    severity: Severity
    message: str
    paths: tuple[str, ...] = ()
    places: tuple[Evidence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "paths": list(self.paths),
            "places": [place.to_json() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor says about one document.

    ``fields`` has one entry for every value of ``record`` that is not ``None`` and may have entries for
    absent values (a confidence that the field is not on the document).
    """

    model_id: str
    record: InvoiceRecord
    fields: tuple[FieldPrediction, ...]
    checks: tuple[Check, ...] = ()
    route: Route = Route.REVIEW


@dataclass(frozen=True)
class GoldExample:
    """A confirmed record together with its document: what is learned from and scored against.

    ``label_fields`` names the fields that were labeled (names as in ``schema``, ``line_items.total`` for a
    column); ``None`` means all of them. ``evidence`` maps field paths to the places a person confirmed.
    """

    document: DocumentText
    record: InvoiceRecord
    vendor_key: str
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    label_fields: frozenset[str] | None = None


def document_to_json(document: DocumentText) -> dict[str, Any]:
    """Compact JSON: a word is ``[text, x0, y0, x1, y1, line, confidence]``."""
    return {
        "tokeniser": document.tokeniser,
        "pages": [page_to_json(page) for page in document.pages],
    }


def page_to_json(page: Page) -> dict[str, Any]:
    """One page as compact JSON."""
    return {
        "number": page.number,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "source": page.source.value,
        "rotation": page.rotation,
        "skew": round(page.skew, 3),
        "words": [[w.text, *w.box.to_json(), w.line, round(w.confidence, 3)] for w in page.words],
    }


def page_from_json(data: Mapping[str, Any]) -> Page:
    """Inverse of ``page_to_json``. Raises ``DocumentError``."""
    try:
        words = tuple(Word(str(t), Box(x0, y0, x1, y1), int(line), float(c)) for t, x0, y0, x1, y1, line, c in data["words"])
        return Page(
            number=int(data["number"]),
            width=float(data["width"]),
            height=float(data["height"]),
            words=words,
            source=TextSource(data["source"]),
            rotation=int(data["rotation"]),
            skew=float(data["skew"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError(f"A stored page cannot be read ({error}); parse the document again.") from error


def document_from_json(data: Mapping[str, Any]) -> DocumentText:
    """Inverse of ``document_to_json``. Raises ``DocumentError``."""
    try:
        pages: Sequence[Mapping[str, Any]] = data["pages"]
        return DocumentText(tuple(page_from_json(page) for page in pages), str(data["tokeniser"]))
    except (KeyError, TypeError) as error:
        raise DocumentError(f"A stored document text cannot be read ({error}); parse the document again.") from error


def evidence_from_json(data: Mapping[str, Any]) -> Evidence:
    """Inverse of ``Evidence.to_json``. Raises ``DocumentError`` when page or box are out of range."""
    try:
        x0, y0, x1, y1 = (float(side) for side in data["box"])
        page = int(data["page"])
    except (KeyError, TypeError, ValueError) as error:
        raise DocumentError("A place needs a page and a box [x0, y0, x1, y1].") from error
    if page < 1 or not (0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1):
        raise DocumentError(f"Page {page}, box {[x0, y0, x1, y1]}: pages count from 1, boxes are fractions 0..1.")
    return Evidence(page, Box(x0, y0, x1, y1))


def field_to_json(prediction: FieldPrediction) -> dict[str, Any]:
    """One predicted field as in the HTTP contract, with ``raw`` and ``note``."""
    return {
        "path": prediction.path,
        "value": value_to_json(prediction.value),
        "confidence": round(prediction.confidence, 4),
        "evidence": [place.to_json() for place in prediction.evidence],
        "raw": prediction.raw,
        "note": prediction.note,
    }


def gold_to_json(example: GoldExample) -> dict[str, Any]:
    """A gold example as plain JSON types."""
    return {
        "document": document_to_json(example.document),
        "record": record_to_json(example.record),
        "vendor_key": example.vendor_key,
        "evidence": {path: [e.to_json() for e in places] for path, places in example.evidence.items()},
        "label_fields": sorted(example.label_fields) if example.label_fields is not None else None,
    }


def gold_from_json(data: Mapping[str, Any]) -> GoldExample:
    """Inverse of ``gold_to_json``. Raises ``DocumentError`` or ``RecordError``."""
    fields = data.get("label_fields")
    return GoldExample(
        document=document_from_json(data["document"]),
        record=record_from_json(data["record"]),
        vendor_key=str(data["vendor_key"]),
        evidence={path: tuple(evidence_from_json(e) for e in places) for path, places in data["evidence"].items()},
        label_fields=frozenset(fields) if fields is not None else None,
    )
