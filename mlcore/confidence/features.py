"""Every proposal as a vector of the same named numbers, whichever reader made it.

Pure: the same proposals give the same numbers. Signs of a reader that did not say the value are 0; what it said instead
stands in the ``rival_`` numbers. A scorer keeps the names it was fitted with and is refused when they differ (``scorer``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.formats import form_of
from mlcore.confidence.page_words import PageWords
from mlcore.confidence.proposals import ROW, Proposal, Proposals, Said, Slot
from mlcore.confidence.signs import MODEL_SIGNS, TEMPLATE_SIGNS, Witnesses, model_signs, rival_of, template_signs
from mlcore.confidence.sums import Arithmetic, Fits, either
from mlcore.documents import Evidence
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, Value, spec_for
from mlcore.templates.extractor import template_id_of

SLOT_NAMES = (*(spec.name for spec in HEADER_FIELDS), ROW, *(f"line_items.{spec.name}" for spec in LINE_ITEM_FIELDS))
"""Every name a slot can have."""

FEATURES: tuple[str, ...] = (
    *("template", "model", "both", "absence"),
    *("template_other", "model_other", "template_absent", "model_absent", "template_silent", "model_silent"),
    *MODEL_SIGNS,
    *TEMPLATE_SIGNS,
    *("rival_lp_min", "rival_exact", "rival_nowhere", "rival_template_odds"),
    *("template_known", "placed", "same_place", "height", "ocr", "ocr_least", "ocr_mean"),
    *("form", "length", "product", "lines_sum", "total_sum", "lines_without"),
    *("line_both", "line_count", "line_counts_equal", "agreement", "column_agreement", "document_lp", "cut", "windowed"),
    *(f"is:{name}" for name in SLOT_NAMES),
)
"""Names of the columns of ``describe``, in order."""

_COLUMN = {name: place for place, name in enumerate(FEATURES)}


def entries(proposals: Proposals) -> Iterator[tuple[Slot, Proposal]]:
    """Every proposal with its slot, in the order of the rows of ``describe``."""
    for slot in proposals.slots:
        for proposal in slot.proposals:
            yield slot, proposal


def describe(proposals: Proposals) -> NDArray[np.float64]:
    """One row of ``FEATURES`` for every proposal: shape ``(proposals, len(FEATURES))``, all finite."""
    describer = _Describer(proposals)
    rows = [describer.row(slot, proposal) for slot, proposal in entries(proposals)]
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


class _Describer:
    """What is the same for all proposals of a document."""

    def __init__(self, proposals: Proposals) -> None:
        self.proposals = proposals
        self.words = PageWords(proposals.document)
        self.witnesses = Witnesses(proposals)
        self.template = Arithmetic(proposals.template.record)
        self.model = Arithmetic(proposals.model.record) if proposals.model is not None else None
        self.shares = _agreements(proposals)
        self.document = self._of_document()

    def row(self, slot: Slot, proposal: Proposal) -> list[float]:
        """The vector of one proposal."""
        found = {**self.document, **_said(slot, proposal), **self._signs(slot, proposal)}
        fits = self._fits(slot, proposal.value)
        found.update(product=fits.product, lines_sum=fits.lines, total_sum=fits.total, lines_without=self._without(slot))
        found["column_agreement"] = self.shares.get(slot.name, self.document["agreement"])
        found[f"is:{slot.name}"] = 1.0
        if slot.row is not None:
            line = self.proposals.rows[slot.row]
            found["line_both"] = float(line.template is not None and line.model is not None)
        vector = [0.0] * len(FEATURES)
        for name, number in found.items():
            vector[_COLUMN[name]] = number
        return vector

    def _of_document(self) -> dict[str, float]:
        template, model = self.proposals.template, self.proposals.model
        numbers = [number for reading in model.values for number in reading.log_probabilities] if model is not None else []
        lines = len(model.record.line_items) if model is not None else -1
        return {
            "template_known": float(bool(template_id_of(template.model_id))),
            "ocr": float(self.words.ocr),
            "line_count": math.log1p(len(self.proposals.rows)),
            "line_counts_equal": float(lines == len(template.record.line_items)),
            "agreement": self.shares[""],
            "document_lp": sum(numbers) / len(numbers) if numbers else 0.0,
            "cut": float(model is not None and model.cut),
            "windowed": float(model is not None and model.windows > 1),
        }

    def _signs(self, slot: Slot, proposal: Proposal) -> dict[str, float]:
        if slot.name == ROW and slot.row is not None:
            predictions, readings = self.witnesses.of_line(slot.row)
        else:
            predictions = [proposal.prediction] if proposal.prediction is not None else []
            readings = [proposal.reading] if proposal.reading is not None else []
        prediction, reading = rival_of(slot, proposal)
        rival = model_signs([reading] if reading is not None else [])
        found = {
            **model_signs(readings),
            **template_signs(predictions),
            "rival_lp_min": rival["lp_min"],
            "rival_exact": rival["exact"],
            "rival_nowhere": rival["nowhere"],
            "rival_template_odds": template_signs([prediction] if prediction is not None else [])["template_odds"],
        }
        left = [place for one in predictions for place in one.evidence]
        right = [place for one in readings for place in one.evidence]
        under = self.words.under(left or right)
        found.update(placed=float(bool(left or right)), same_place=float(_overlap(left, right)))
        if under is not None:
            found.update(ocr_least=under.least, ocr_mean=under.mean, height=under.height)
        if slot.name != ROW:
            found.update(form=form_of(spec_for(slot.name).kind, proposal.value), length=_length(proposal.value))
        return found

    def _fits(self, slot: Slot, value: Value) -> Fits:
        if slot.row is None:
            known = [one.with_header(slot.name, value) for one in (self.template, self.model) if one is not None]
            return either(known)
        line, name = self.proposals.rows[slot.row], slot.name.removeprefix("line_items.")
        found = []
        for arithmetic, row in ((self.template, line.template), (self.model, line.model)):
            if arithmetic is not None and row is not None:
                found.append(arithmetic.row(row) if slot.name == ROW else arithmetic.with_cell(row, name, value))
        return either(found)

    def _without(self, slot: Slot) -> float:
        """Whether the lines sum up for the reader that has not seen this line."""
        if slot.row is None:
            return 0.0
        line = self.proposals.rows[slot.row]
        blind = self.template if line.template is None else self.model if line.model is None else None
        return blind.sums().lines if blind is not None else 0.0


def _said(slot: Slot, proposal: Proposal) -> dict[str, float]:
    rivals = {
        name: said for name, said, own in (("template", slot.template, proposal.template), ("model", slot.model, proposal.model)) if not own
    }
    found = {
        "template": float(proposal.template),
        "model": float(proposal.model),
        "both": float(proposal.template and proposal.model),
        "absence": float(proposal.value is None and slot.name != ROW),
    }
    for name, said in rivals.items():
        found[f"{name}_other"] = float(said is Said.VALUE)
        found[f"{name}_absent"] = float(said is Said.ABSENT)
        found[f"{name}_silent"] = float(said is Said.SILENT)
    return found


def _agreements(proposals: Proposals) -> dict[str, float]:
    """Share of the values that both readers hold among those that both have, of each field and (``""``) of all; 0.5 without any."""
    counts: dict[str, list[int]] = {}
    for slot in proposals.slots:
        if slot.name != ROW and slot.template is Said.VALUE and slot.model is Said.VALUE:
            agreed = int(any(one.template and one.model for one in slot.proposals))
            for name in ("", slot.name):
                count = counts.setdefault(name, [0, 0])
                count[0] += agreed
                count[1] += 1
    return {"": 0.5, **{name: right / all_ for name, (right, all_) in counts.items()}}


def _overlap(left: list[Evidence], right: list[Evidence]) -> bool:
    return any(
        a.page == b.page and a.box.x0 < b.box.x1 and b.box.x0 < a.box.x1 and a.box.y0 < b.box.y1 and b.box.y0 < a.box.y1
        for a in left
        for b in right
    )


def _length(value: Value) -> float:
    return math.log1p(len(str(value))) if value is not None else 0.0
