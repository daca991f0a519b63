"""Header fields of which the template reader is not sure, and what it holds possible. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.documents import Extraction, FieldPrediction
from mlcore.inference.windows import whole_characters
from mlcore.normalize import collapse_spaces, comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.schema import HEADER_FIELDS, FieldSpec, item_path, value_at
from mlcore.templates.decide import distinct
from mlcore.templates.reading import TemplateReading

FLOOR = 0.03
"""What is less likely than this is no option."""
MOST = 6
"""Options of one field, absence not counted."""
LONGEST = 400
"""Characters of a text that a model is asked about; no value of an invoice is longer."""
_FIRST_LINE = item_path(0, "description")


@dataclass(frozen=True, slots=True)
class Option:
    """``text`` as printed, ``share`` the probability that the readers give it (0..1), ``chosen`` whether the template would say it.

    Without a ``candidate`` and with an empty text it is "not on the document".
    """

    text: str
    share: float
    chosen: bool
    candidate: Candidate | None


@dataclass(frozen=True, slots=True)
class OpenField:
    """Two options or more, the likeliest first, absence last."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class OpenFields:
    """``printed`` is the answer of which options are parts: what the template would say of the header and the first line, field -> text."""

    printed: Mapping[str, str]
    fields: tuple[OpenField, ...]


def open_fields(reading: TemplateReading) -> OpenFields:
    """The open fields of a document of a new vendor; none where the vendor has confirmed documents, which say more than a model.

    An amount that the sums confirm is sure, whatever other amounts look like it.
    """
    if reading.known:
        return OpenFields({}, ())
    extraction = reading.extraction()
    predictions = {field.path: field for field in extraction.fields}
    printed = {path: text for path in (*(spec.name for spec in HEADER_FIELDS), _FIRST_LINE) if (text := _text_of(predictions.get(path)))}
    sure = {path for path, field in predictions.items() if field.confidence >= 1 - FLOOR}
    doubtful = (spec for spec in HEADER_FIELDS if spec.name not in sure)
    found = (_open_field(spec, reading.candidates.get(spec.name, ()), extraction) for spec in doubtful)
    return OpenFields(printed, tuple(field for field in found if field is not None))


def _text_of(prediction: FieldPrediction | None) -> str:
    text = _sayable(prediction.raw or str(prediction.value)) if prediction is not None else ""
    return text if len(text) <= LONGEST else ""


def _sayable(text: str) -> str:
    return whole_characters(collapse_spaces(text))


def _open_field(spec: FieldSpec, candidates: Sequence[Candidate], extraction: Extraction) -> OpenField | None:
    value = value_at(extraction.record, spec.name)
    chosen = comparison_key(spec.kind, value) if value is not None else None
    keyed = {comparison_key(spec.kind, one.value): one for one in distinct(spec.kind, candidates)}
    if chosen is not None and chosen not in keyed:
        return None  # the arithmetic has mended it: it stands nowhere as it is
    options = [Option(_sayable(one.raw), one.score, key == chosen, one) for key, one in keyed.items()]
    likely = [one for one in options[:MOST] if one.share >= FLOOR or one.chosen]
    likely += [one for one in options[MOST:] if one.chosen]
    if any(len(one.text) > LONGEST for one in likely):
        return None
    absent = 1 - sum(one.share for one in options)
    if absent >= FLOOR or chosen is None:
        likely.append(Option("", max(absent, 0.0), chosen is None, None))
    return OpenField(spec.name, tuple(likely)) if len(likely) > 1 else None
