"""What keeps documents from being wholly right, from readings that were kept.

    python -m benchmarks.end_to_end DATA... --artifact DIR --readings FILE... [--header-weights FILE] [--confirmed 0]

DATA are as for ``python -m mlcore calibrate``; the artifact has a confidence. For each, of both readers together, by field: documents in
which it is wrong, documents that would be right were it right, wrong values where a reader holds the right one (an error of choice) and
where none does (of reading), and how many errors of choice the sums of the record or the form of the value alone would have decided.
Fields of lines that nobody read count as documents only. Nothing is written.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.two_readers import slots
from mlcore.artifacts import load_artifact
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.commands.sources import add_header_weights
from mlcore.compare import Outcome, compare_records
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.decisions import Decision, decide_by
from mlcore.confidence.features import FEATURES
from mlcore.confidence.fit import Prepared, prepare
from mlcore.confidence.scorer import Scorer
from mlcore.errors import ConfidenceError
from mlcore.evaluation.kept_readings import Kept
from mlcore.serving import reading_name

_SUMS = [FEATURES.index(name) for name in ("product", "lines_sum", "total_sum")]
_FORM = FEATURES.index("form")


@dataclass
class Tally:
    """``documents`` and ``alone`` by field; ``choice``, ``reading``, ``sums`` and ``form`` count wrong values by field."""

    count: int = 0
    right: int = 0
    documents: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    choice: Counter[str] = field(default_factory=Counter)
    reading: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    form: Counter[str] = field(default_factory=Counter)


def decided(one: Prepared, scorer: Scorer) -> Decision:
    """As in service."""
    odds = scorer.weigh(one.rows)
    return decide_by(one.proposals, one.rows, odds, scorer.probabilities(odds, one.names))


def tally(samples: Sequence[Prepared], decisions: Sequence[Decision]) -> Tally:
    """Everything that is wrong, counted."""
    found = Tally()
    for one, decision in zip(samples, decisions, strict=True):
        wrong = wrong_fields(one, decision)
        found.count += 1
        found.right += not wrong
        found.documents.update(wrong)
        found.alone.update(wrong if len(wrong) == 1 else ())
        for name, chosen, right in wrong_choices(one, decision):
            if right is None:
                found.reading[name] += 1
                continue
            found.choice[name] += 1
            found.sums[name] += _decide(one.rows[right][_SUMS], one.rows[chosen][_SUMS])
            found.form[name] += bool(one.rows[right][_FORM] > one.rows[chosen][_FORM])
    return found


def wrong_fields(one: Prepared, decision: Decision) -> set[str]:
    """The labeled fields of which a value of the record is wrong, missing or too much."""
    gold = one.sample.gold
    fine = (Outcome.CORRECT, Outcome.BOTH_ABSENT)
    return {found.name for found in compare_records(gold.record, decision.record, gold.label_fields).fields if found.outcome not in fine}


def wrong_choices(one: Prepared, decision: Decision) -> Iterator[tuple[str, int, int | None]]:
    """``(field, entry chosen, entry that is right or None)`` of every wrong value of the record that stands in some reader's place."""
    chosen = {id(choice.slot): choice.entry for choice in decision.choices()}
    for slot, start, labels in slots(one):
        if id(slot) in chosen and labels[chosen[id(slot)] - start] == 0:
            right = np.flatnonzero(labels == 1)
            yield slot.name, chosen[id(slot)], start + int(right[0]) if len(right) else None


def _decide(right: NDArray[np.float64], chosen: NDArray[np.float64]) -> bool:
    """Whether an equation holds with the right value and not with the chosen one, and none the other way round."""
    return bool((right > chosen).any() and not (right < chosen).any())


def main() -> None:
    """Entry point."""
    options = _parser().parse_args()
    artifact = load_artifact(options.artifact)
    if artifact.confidence is None:
        raise ConfidenceError(f"{options.artifact} has no confidence to choose by; give one that python -m mlcore calibrate was run for.")
    confidence = Confidence.from_json(artifact.confidence)
    kept = Kept.of(options.readings, reading_name(artifact))
    for data in options.data:
        found = confidence_samples(data, kept, options.confirmed, artifact.description.recipe.examples)
        read = (one for one in found if not one.only_weighed)
        samples = [prepare(one.rescored(confidence.rescorer) if confidence.rescorer is not None else one) for one in read]
        _print(Path(data).name, tally(samples, [decided(one, confidence.scorer) for one in samples]))


def _print(title: str, found: Tally) -> None:
    print(f"{title}: {found.right} of {found.count} documents are wholly right")
    print(f"  {'field':24} {'documents':>9} {'alone':>6} {'choice':>7} {'by sums':>8} {'by form':>8} {'reading':>8}")
    for name, documents in found.documents.most_common():
        numbers = found.choice[name], found.sums[name], found.form[name], found.reading[name]
        print(f"  {name:24} {documents:9} {found.alone[name]:6} {numbers[0]:7} {numbers[1]:8} {numbers[2]:8} {numbers[3]:8}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", metavar="DATA[@SPLIT]")
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--readings", type=Path, action="append", required=True, help="may be repeated")
    parser.add_argument("--confirmed", type=lambda text: [int(part) for part in text.split(",")], default=[0], metavar="N[,N...]")
    add_header_weights(parser)
    return parser


if __name__ == "__main__":
    main()
