"""Readings of a model that does not exist: the truth with seeded errors, and log-probabilities that half give them away.

Errors are those that a small language model makes: a misspelt copy that stands nowhere on the page, another value of the page,
a value left out or put where there is none, a line lost or read twice. Wrong values are less sure on average, not always.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from mlcore.confidence.boosting import Boosting
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import HELD_OUT, Prepared, fit_confidence, prepare
from mlcore.confidence.parts import part_by_vendor
from mlcore.confidence.sample import ConfidenceSample
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText, Evidence, GoldExample
from mlcore.inference.reading import DocumentReading, ValueReading
from mlcore.record_json import value_to_json
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    FieldSpec,
    InvoiceRecord,
    ItemType,
    LineItem,
    Value,
    ValueKind,
    VendorParty,
    header_value,
    item_path,
    item_value,
    iter_values,
    spec_for,
)
from mlcore.templates.extractor import TemplateExtractor

FADED = 0.02
"""Share of the words that the general reader does not get to see."""


@dataclass(frozen=True)
class Faults:
    """Probabilities of each error of a value, and of each error of a line."""

    misspelt: float = 0.03
    misplaced: float = 0.03
    left_out: float = 0.02
    invented: float = 0.02
    line_lost: float = 0.02
    line_twice: float = 0.01


@cache
def learned() -> tuple[list[ConfidenceSample], Confidence]:
    """Documents of a dozen vendors and the confidence learned from them: made once for all tests."""
    samples = simulated_samples(60, 9, vendors=12)
    return samples, fit_confidence(samples, how=Boosting(trees=20, depth=3))


@cache
def held_out() -> list[Prepared]:
    """Those of them whose vendors were not learned from."""
    return [prepare(sample) for sample in part_by_vendor(learned()[0], HELD_OUT, 0)[1]]


def simulated_samples(count: int, seed: int, *, vendors: int = 40, faults: Faults | None = None) -> list[ConfidenceSample]:
    """Documents of composed vendors, each read by the real general reader, which misses a word here and there, and by a simulated model."""
    makers = [maker for maker in vendor_catalogue(composed=vendors, seed=seed) if maker.key.startswith("composed")]
    documents = list(generate(count, seed, makers))
    templates = TemplateExtractor(None).extract([_faded(document.text, random.Random(document.id)) for document in documents])
    samples = []
    for document, template in zip(documents, templates, strict=True):
        rng = random.Random(f"{seed}:{document.id}")
        reading = simulated_reading(document.gold, rng, faults or Faults())
        samples.append(ConfidenceSample(document.id, document.vendor.key, document.text, template, reading, document.gold))
    return samples


def _faded(document: DocumentText, rng: random.Random) -> DocumentText:
    """The document without ``FADED`` of its words."""
    pages = (replace(page, words=tuple(word for word in page.words if rng.random() >= FADED)) for page in document.pages)
    return replace(document, pages=tuple(pages))


def simulated_reading(gold: GoldExample, rng: random.Random, faults: Faults) -> DocumentReading:
    """One reading; documents differ in how hard they are."""
    hardness = rng.choice((0.2, 0.5, 1.0, 1.0, 2.0, 4.0))
    rows: list[int] = []
    for row in range(len(gold.record.line_items)):
        if rng.random() < faults.line_lost * hardness:
            continue
        rows.extend([row] * (2 if rng.random() < faults.line_twice * hardness else 1))
    teller = _Teller(gold, rng, faults, hardness)
    values: list[ValueReading] = []
    header: dict[str, Any] = {}
    for spec in HEADER_FIELDS:
        header[spec.name] = teller.tell(spec, spec.name, spec.name, header_value(gold.record, spec.name), values)
    items = []
    for number, row in enumerate(rows):
        item = gold.record.line_items[row]
        cells: dict[str, Any] = {
            s.name: teller.tell(s, item_path(row, s.name), item_path(number, s.name), item_value(item, s.name), values)
            for s in LINE_ITEM_FIELDS
        }
        items.append(LineItem(**cells))
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))
    return DocumentReading(InvoiceRecord(vendor=party, line_items=tuple(items), **header), tuple(values), 1, 100, 60)


class _Teller:
    def __init__(self, gold: GoldExample, rng: random.Random, faults: Faults, hardness: float) -> None:
        self.gold, self.rng, self.faults, self.hardness = gold, rng, faults, hardness
        self.printed = [(path, value) for path, value in iter_values(gold.record) if value is not None]

    def tell(self, spec: FieldSpec, source: str, path: str, truth: Value, values: list[ValueReading]) -> Value:
        value, evidence, right = self._choose(spec, source, truth)
        surprise = self.rng.expovariate(1 / (0.08 if right else 0.7)) * (0.5 + self.hardness / 2)
        text = value_to_json(value) or ""
        tokens = max(1, len(text) // 2)
        spread = [-surprise * share for share in self._shares(tokens)]
        margins = tuple(4.0 + 3 * number for number in spread)
        found = bool(evidence)
        places = self.rng.choice((1, 1, 1, 2)) if found else 0
        values.append(ValueReading(path, text, value, tuple(spread), margins, evidence, places, found and self.rng.random() < 0.95))
        return value

    def _choose(self, spec: FieldSpec, source: str, truth: Value) -> tuple[Value, tuple[Evidence, ...], bool]:
        draw, faults, hard = self.rng.random(), self.faults, self.hardness
        others = [(path, value) for path, value in self.printed if spec_for(path).kind is spec.kind and value != truth]
        if truth is None:
            if draw < faults.invented * hard and others:
                path, value = self.rng.choice(others)
                return value, self.gold.evidence.get(path, ()), False
            return None, (), True
        edges = [faults.misspelt * hard, faults.misplaced * hard, faults.left_out * hard]
        if draw < edges[0]:
            return self._misspelt(spec, truth), (), False
        if draw < edges[0] + edges[1] and others:
            path, value = self.rng.choice(others)
            return value, self.gold.evidence.get(path, ()), False
        if draw < sum(edges):
            return None, (), False
        return truth, self.gold.evidence.get(source, ()), True

    def _misspelt(self, spec: FieldSpec, truth: Value) -> Value:
        if isinstance(truth, Decimal):
            return truth + Decimal(self.rng.choice((1, 10, 100)))
        if isinstance(truth, dt.date):
            return truth + dt.timedelta(days=self.rng.choice((1, 30, 365)))
        if isinstance(truth, ItemType) or spec.kind is ValueKind.ITEM_TYPE:
            return self.rng.choice([kind for kind in ItemType if kind is not truth])
        text = str(truth)
        at = self.rng.randrange(len(text))
        return text[:at] + self.rng.choice("0123456789XQ") + text[at + 1 :] + self.rng.choice("12")

    def _shares(self, tokens: int) -> Sequence[float]:
        raw = [self.rng.random() ** 3 + 0.01 for _ in range(tokens)]
        return [share / max(raw) for share in raw]
