"""How often the intervals have the truth, by many simulated samples on the pure core alone: no station, other documents each time.

    python -m benchmarks.team.many_days FILE [--samples 200] [--documents 60]     writes what ``benchmarks.team --often FILE`` reports

Each sample is of new synthetic documents with a pre-fill that is wrong at random, two billers and, for half of the second labels, an
empty form. The truth is what plain counting finds in all samples together.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.team.filling import ROWS, Label, Shown, fill_in
from benchmarks.team.habits import BILLERS
from benchmarks.team.plain_counts import Counts, coefficient, of_label, of_pair, of_suggestions, share
from benchmarks.team.writing import slip
from mlcore.agreement.anchoring import Suggested, anchoring_of, anchoring_sums
from mlcore.agreement.figures import Measured
from mlcore.agreement.pair import PairOutcome, compare_pair
from mlcore.agreement.people import accuracy_of, accuracy_sums
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally
from mlcore.dataset.synthetic import generate
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    FieldSpec,
    InvoiceRecord,
    LineItem,
    Value,
    VendorParty,
    header_value,
    item_value,
)

Key = tuple[str, str]
_WRONG, _ABSENT, _ROW_LOST = 0.08, 0.04, 0.04
_FIELDS = ("exact", "critical", "values")


@dataclass(frozen=True, slots=True)
class Often:
    """One figure over all samples: its truth, in how many samples it had an interval, how many of those had the truth, and how wide they
    were on average."""

    figure: Key
    truth: float
    intervals: int
    covered: int
    width: float


def often(samples: int, documents: int, seed: int) -> list[Often]:
    """Coverage of every figure over ``samples`` samples of ``documents`` documents."""
    counts: Counts = Counter()
    said: list[dict[Key, object]] = []
    for number in range(samples):
        said.append(_sample(documents, f"{seed}:{number}", counts))
    truths = _truths(counts)
    found = []
    for key, truth in truths.items():
        measured = [figure for figures in said if isinstance(figure := figures.get(key), Measured)]
        bounds = [(one.low, one.high) for one in measured if one.low is not None and one.high is not None]
        covered = sum(low <= truth <= high for low, high in bounds)
        width = sum(high - low for low, high in bounds) / max(1, len(bounds))
        found.append(Often(key, truth, len(bounds), covered, width))
    return found


def load(path: Path) -> list[Often]:
    """What was written to a file. Raises ``SystemExit`` when there is none."""
    if not path.is_file():
        raise SystemExit(f"{path} is not there. Make it: python -m benchmarks.team.many_days {path}")
    return [Often((row[0], row[1]), *row[2:]) for row in json.loads(path.read_text())]


def main() -> None:
    """Write the coverage of every figure as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.team.many_days", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--documents", type=int, default=60, help="documents in a sample")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    found = often(options.samples, options.documents, options.seed)
    options.file.write_text(json.dumps([[*one.figure, one.truth, one.intervals, one.covered, one.width] for one in found]))


def machine(truth: InvoiceRecord, dice: random.Random) -> InvoiceRecord:
    """A pre-fill that is wrong at random."""
    header = {spec.name: _read(spec, header_value(truth, spec.name), dice) for spec in HEADER_FIELDS}
    rows = tuple(
        LineItem(**{spec.name: _read(spec, item_value(item, spec.name), dice) for spec in LINE_ITEM_FIELDS})  # type: ignore[arg-type]  # cells have their column's type
        for item in truth.line_items
        if dice.random() >= _ROW_LOST
    )
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))  # type: ignore[arg-type]  # texts
    return replace(InvoiceRecord(vendor=party, **header), line_items=rows)  # type: ignore[arg-type]  # header values have their field's type


def _read(spec: FieldSpec, true: Value, dice: random.Random) -> Value:
    chance = dice.random()
    if true is None or chance < _ABSENT:
        return None
    return slip(spec, true, dice) if chance < _ABSENT + _WRONG else true


def _sample(documents: int, seed: str, counts: Counts) -> dict[Key, object]:
    """The figures of one sample; what plain counting finds is added to ``counts``."""
    pairs: list[tuple[str, PairOutcome]] = []
    judged: list[tuple[str, InvoiceRecord, InvoiceRecord]] = []
    suggested: list[Suggested] = []
    for truth, shown, hugo, other in _labels(documents, seed):
        name = str(len(pairs))
        pairs.append((name, compare_pair(hugo.record, other.record)))
        judged.append((name, hugo.record, truth))
        suggested.append(Suggested(name, shown.record, hugo.record, truth))
        for found in (of_pair(hugo, other), of_label(hugo, truth), of_suggestions(hugo, truth, shown, ())):
            counts.update(found)
    agreement, accuracy = agreement_of(Tally.of(pairs)), accuracy_of(accuracy_sums(judged))
    figures: dict[Key, object] = {("agreement", name): getattr(agreement, name) for name in (*_FIELDS, "row_f1", "cells", "row_count")}
    figures |= {("agreement", field.name): field.agreement for field in agreement.fields}
    figures |= {("accuracy", name): getattr(accuracy, name) for name in _FIELDS}
    figures |= {("accuracy", name): figure for name, figure in accuracy.fields.items()}
    figures["anchoring", "natural"] = anchoring_of(anchoring_sums(suggested))[""].natural
    for kind in ("kappa", "alpha"):
        figures[kind, "type"] = getattr(agreement.item_type, kind)
        figures[kind, "subtotal present"] = getattr(agreement.field("subtotal").presence, kind)
    return figures


def _labels(documents: int, seed: str) -> Iterator[tuple[InvoiceRecord, Shown, Label, Label]]:
    """Truth, pre-fill, the label of the hasty one, who sees it, and that of another one, who sees it every second time."""
    for document in generate(documents, int.from_bytes(seed.encode()) % 2**31):
        dice = random.Random(f"{seed}:{document.id}")
        truth = document.record
        shown = Shown.of(truth, machine(truth, dice))
        hasty, others = BILLERS[1], (BILLERS[0], *BILLERS[2:])
        hugo = fill_in(truth, shown, hasty, dice)
        yield truth, shown, hugo, fill_in(truth, shown if dice.random() < 0.5 else None, dice.choice(others), dice)


def _truths(counts: Counts) -> dict[Key, float]:
    names = {key[:2] for key in counts if key[0] in ("agreement", "accuracy")}
    found: dict[Key, float | None] = {(kind, name): share(counts, kind, name) for kind, name in sorted(names)}
    found["anchoring", "natural"] = share(counts, "anchoring", "natural")
    for kind in ("kappa", "alpha"):
        for name in ("type", "subtotal present"):
            found[kind, name] = coefficient(counts, name, kind)
    return {key: value for key, value in found.items() if value is not None and key[1] != ROWS}


if __name__ == "__main__":
    main()
