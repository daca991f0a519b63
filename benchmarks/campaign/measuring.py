"""What the template, the model and both together said about the documents of a round, held against the truth. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.team.filling import Shown, fill_in
from benchmarks.team.habits import Habits
from benchmarks.team.sending import requests_of
from mlcore.confidence.simulate import share_interval
from mlcore.evaluation.case import Case
from mlcore.evaluation.counting import at
from mlcore.evaluation.metrics import evaluate
from mlcore.evaluation.scores import Estimate
from mlcore.inference.model_names import authors_of
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

ACCEPTED = "accepted"
TEMPLATE, MODEL, BOTH = "template only", "model only", "both"


@dataclass(frozen=True, slots=True)
class Said:
    """What one system said about one document before anybody had labeled it. ``route`` is empty where the system has none."""

    document: int
    record: InvoiceRecord | None
    route: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """One system in one round. ``through`` documents would have gone through without a person, ``through_wrong`` of them with an error;
    ``minutes`` are a careful biller's for 1,000 such documents, from her habits."""

    documents: int
    fields: Estimate
    exact: Estimate
    through: int
    through_wrong: int
    minutes: float


def first_and_last(readings: Iterable[Mapping[str, Any]], settled: Mapping[int, float]) -> tuple[list[Said], list[Said]]:
    """What templates alone said first, and what stood in the form when the document was settled: by whom it may be."""
    first: dict[int, Said] = {}
    last: dict[int, Said] = {}
    for row in readings:
        document = int(row["document_id"])
        if row["created_at"] > settled.get(document, float("inf")):
            continue
        said = Said(document, record_from_json(row["record"], ignore_unknown=True), str(row["route"]))
        if not authors_of(str(row["model_id"])).model:
            first.setdefault(document, said)
        last[document] = said
    return list(first.values()), list(last.values())


def figures(said: Sequence[Said], truths: Mapping[int, InvoiceRecord], vendors: Mapping[int, str], who: Habits, seed: int) -> Figures:
    """Held against the truth; intervals are bootstraps by vendor. ``said`` has one entry a document, ``truths`` may have more."""
    cases = [Case(str(one.document), vendors[one.document], truths[one.document], one.record, failure="not read") for one in said]
    found = evaluate(cases)
    exact = {score.id for score in found.documents if score.counts[at("exact")]}
    through = [one for one in said if one.route == ACCEPTED]
    seconds = [_seconds(one, truths[one.document], who, seed) for one in said]
    return Figures(
        len(said),
        found.overall["field_accuracy"],
        found.overall["end_to_end"],
        len(through),
        sum(str(one.document) not in exact for one in through),
        sum(seconds) / len(seconds) / 60 * 1000,
    )


def part_of(part: int, whole: int) -> Estimate:
    """A share of documents with its exact 95 % interval; of none it has no value."""
    if not whole:
        return Estimate(None)
    found = share_interval(part, whole)
    return Estimate(part / whole, found.low, found.high)


def _seconds(said: Said, truth: InvoiceRecord, who: Habits, seed: int) -> float:
    """What the document would take this person with this pre-fill; one that goes through takes nobody anything."""
    if said.route == ACCEPTED:
        return 0.0
    shown = Shown.of(truth, said.record) if said.record is not None else None
    rng = random.Random(f"{seed}:{said.document}")
    label = fill_in(truth, shown, who, rng)
    return requests_of(label, len(shown.record.line_items) if shown else 0, who, rng).seconds
