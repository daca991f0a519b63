"""Which proposal each field of a document gets, and the record that comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.checks import check_document, check_record, contradicts
from mlcore.confidence.document_signs import DocumentSigns, document_signs
from mlcore.confidence.features import FEATURES, describe, entries
from mlcore.confidence.proposals import ROW, Proposal, Proposals, Slot
from mlcore.confidence.scorer import Scorer
from mlcore.documents import Check, FieldPrediction
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, Value, ValueKind, item_path, record_with, spec_for
from mlcore.templates.extractor import template_id_of

Floats = NDArray[np.float64]

LEAD = 2.0
KNOWN_LEAD = 4.0
"""What the template says, a value or that there is none, gives way only to a proposal whose log-odds are higher by this; by ``KNOWN_LEAD``
where the vendor has confirmed documents. A scorer is surer than it should be on a kind of document that it has not learned from
(docs/confidence.md has the measurement)."""

KEPT = 0.5
"""A line stands in the record when it is likelier than not that the document has it."""

TEMPLATE_SURE = 0.97
"""A value of which the template is so sure gives way to another value, never to nothing, and neither does its line."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The proposal that a slot gets; ``entry`` is its place among the ``entries`` of the document."""

    slot: Slot
    proposal: Proposal
    probability: float
    entry: int


@dataclass(frozen=True, slots=True)
class Line:
    """An aligned line with its cells; ``choice.probability`` is that of its being a line of the document."""

    choice: Choice
    cells: tuple[Choice, ...]


@dataclass(frozen=True)
class Decision:
    """``lines`` are those of the record, in order; ``left_out`` the others. ``checks`` are of the record and the document."""

    header: tuple[Choice, ...]
    lines: tuple[Line, ...]
    left_out: tuple[Line, ...]
    record: InvoiceRecord
    checks: tuple[Check, ...]
    contradicting: bool
    signs: DocumentSigns

    def choices(self) -> Iterator[Choice]:
        """All choices, those of lines that were left out only as lines."""
        yield from self.header
        for line in self.lines:
            yield line.choice
            yield from line.cells
        yield from (line.choice for line in self.left_out)


def decide(proposals: Proposals, scorer: Scorer) -> Decision:
    """The likeliest proposal of each slot, the template ahead by a lead. Pure; ties go to the template, then the model, then absence."""
    rows = describe(proposals)
    odds = scorer.weigh(rows)
    return decide_by(proposals, rows, odds, scorer.probabilities(odds, [slot.name for slot, _ in entries(proposals)]))


def decide_by(
    proposals: Proposals, rows: Floats, log_odds: Floats, probabilities: Floats, leads: tuple[float, float] = (LEAD, KNOWN_LEAD)
) -> Decision:
    """As ``decide``, with features, log-odds and probabilities of every entry at hand; ``leads`` of the template for a new vendor and for

    one with confirmed documents.
    """
    header: list[Choice] = []
    lines: list[tuple[Choice, list[Choice]]] = []
    lead = leads[bool(template_id_of(proposals.template.model_id))]
    start = 0
    for slot in proposals.slots:
        end = start + len(slot.proposals)
        entry = start + _best(slot, log_odds[start:end], lead)
        choice = Choice(slot, slot.proposals[entry - start], float(probabilities[entry]), entry)
        start = end
        if slot.row is None:
            header.append(choice)
        elif slot.name == ROW:
            lines.append((choice, []))
        else:
            lines[-1][1].append(choice)
    every = [Line(choice, tuple(cells)) for choice, cells in lines]
    kept = tuple(line for line in every if line.choice.probability >= KEPT or _template_sure(line))
    left_out = tuple(line for line in every if line not in kept)
    record = _record(header, kept)
    checks = (*check_record(record), *check_document(proposals.document))
    contradicting = contradicts(record, checks)
    numbers = [choice.probability for choice in header] + [c.probability for line in kept for c in (line.choice, *line.cells)]
    shared = dict(zip(FEATURES, rows[0].tolist(), strict=True))
    signs = document_signs(numbers, [line.choice.probability for line in left_out], checks, shared, contradicting=contradicting)
    return Decision(tuple(header), kept, left_out, record, checks, contradicting, signs)


def document_score(decision: Decision, scorer: Scorer) -> float:
    """The probability that everything is right; 0 for a record that contradicts itself, so that it is never accepted."""
    return 0.0 if decision.contradicting else scorer.document(decision.signs)


def _best(slot: Slot, log_odds: Floats, lead: float) -> int:
    sure = any(one.template and one.value is not None and _is_sure(one.prediction) for one in slot.proposals)
    open_to = [n for n, one in enumerate(slot.proposals) if not (sure and one.value is None)]
    return max(open_to, key=lambda n: (log_odds[n] + lead * slot.proposals[n].template, -n))


def _template_sure(line: Line) -> bool:
    return any(
        cell.proposal.template and _is_sure(cell.proposal.prediction)
        for cell in line.cells
        if spec_for(cell.slot.name).kind is not ValueKind.ITEM_TYPE
    )


def _is_sure(prediction: FieldPrediction | None) -> bool:
    return prediction is not None and prediction.confidence >= TEMPLATE_SURE


def _record(header: Sequence[Choice], lines: Sequence[Line]) -> InvoiceRecord:
    return record_with({path: choice.proposal.value for path, choice in _at_paths(header, lines)}, len(lines))


def _at_paths(header: Sequence[Choice], lines: Sequence[Line]) -> Iterator[tuple[str, Choice]]:
    for choice in header:
        yield choice.slot.name, choice
    for row, line in enumerate(lines):
        for spec, cell in zip(LINE_ITEM_FIELDS, line.cells, strict=True):
            yield item_path(row, spec.name), cell


def placed(decision: Decision) -> Iterator[tuple[str, Choice, Value]]:
    """``(path in the record, choice, value)`` of every field of the record, absent ones included."""
    for path, choice in _at_paths(decision.header, decision.lines):
        yield path, choice, choice.proposal.value
