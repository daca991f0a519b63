"""What the model adds to the template reader, and what the template's lead costs and saves, from readings that were kept.

    python -m benchmarks.two_readers DATA... --artifact DIR --readings FILE... [--header-weights FILE] [--confirmed 0,1] [--leads 0,1,2,4]

DATA are as for ``python -m mlcore calibrate``. For each, values right by both readers, by one alone, by none. With ``--leads`` values that
the choice between them won and lost against the template alone: of each DATA by trees that learned from the others alone, then of all of
them by trees that saw no document of the vendor. Lines that the template has not seen are left out; nothing is written.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlcore.artifacts import load_artifact
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.commands.sources import add_header_weights
from mlcore.confidence.boosting import BoostedTrees, fit_trees
from mlcore.confidence.decisions import decide_by
from mlcore.confidence.fit import Prepared, prepare
from mlcore.confidence.labels import UNKNOWN
from mlcore.confidence.parts import folds_by_vendor
from mlcore.confidence.proposals import ROW, Said, Slot
from mlcore.evaluation.kept_readings import Kept
from mlcore.serving import reading_name, scoring_of
from mlcore.templates.extractor import template_id_of

_WHO = ("both", "template only", "model only", "neither")


def slots(one: Prepared) -> Iterator[tuple[Slot, int, NDArray[np.int8]]]:
    """Every field or cell that is labeled, where its entries begin, and their labels."""
    start = 0
    for slot in one.proposals.slots:
        labels = one.labels[start : start + len(slot.proposals)]
        if slot.name != ROW and not (labels == UNKNOWN).all():
            yield slot, start, labels
        start += len(slot.proposals)


def rights(slot: Slot, labels: NDArray[np.int8]) -> tuple[bool, bool]:
    """Whether the template holds a right value, and whether the model does."""
    held = [proposal for proposal, label in zip(slot.proposals, labels, strict=True) if label == 1]
    return any(proposal.template for proposal in held), any(proposal.model for proposal in held)


def shares(samples: Sequence[Prepared]) -> dict[str, Counter[str]]:
    """By field, and for all of them under ``""``: how many values are right by whom."""
    found: dict[str, Counter[str]] = {"": Counter()}
    for one in samples:
        for slot, _, labels in slots(one):
            template, model = rights(slot, labels)
            who = _WHO[2 * (not template) + (not model)]
            for name in ("", slot.name):
                found.setdefault(name, Counter())[who] += 1
    return found


def outcome(samples: Sequence[Prepared], odds: Sequence[NDArray[np.float64]], lead: float) -> Counter[str]:
    """``won`` and ``lost`` values against the template alone, of new vendors and (``known``) of those with confirmed documents."""
    counts: Counter[str] = Counter()
    for one, own in zip(samples, odds, strict=True):
        known = "known " if template_id_of(one.proposals.template.model_id) else ""
        decision = decide_by(one.proposals, one.rows, own, 1 / (1 + np.exp(-own)), (lead, lead))
        chosen = {id(choice.slot): choice.entry for choice in decision.choices()}
        for slot, start, labels in slots(one):
            if id(slot) in chosen and slot.template is not Said.SILENT:
                template, right = rights(slot, labels)[0], labels[chosen[id(slot)] - start] == 1
                if template != right:
                    counts[known + ("won" if right else "lost")] += 1
    return counts


def trees_of(samples: Sequence[Prepared]) -> BoostedTrees:
    """Trees learned from all labeled entries."""
    rows, labels = np.concatenate([one.rows for one in samples]), np.concatenate([one.labels for one in samples])
    return fit_trees(rows[labels != UNKNOWN], labels[labels != UNKNOWN] == 1)


def cross_fitted(samples: Sequence[Prepared]) -> list[NDArray[np.float64]]:
    """The log-odds of each sample's entries by trees that saw no document of its vendor."""
    folds = folds_by_vendor([one.sample.vendor_key for one in samples])
    trees = [trees_of([one for one, fold in zip(samples, folds, strict=True) if fold != number]) for number in range(int(folds.max()) + 1)]
    return [trees[fold].log_odds(one.rows) for one, fold in zip(samples, folds.tolist(), strict=True)]


def main() -> None:
    """Entry point."""
    options = _parser().parse_args()
    artifact = load_artifact(options.artifact)
    kept = Kept.of(options.readings, reading_name(artifact))
    most = artifact.description.recipe.examples
    rescorer = scoring_of(artifact).rescorer
    kinds = {
        data: [
            prepare(one.rescored(rescorer) if rescorer is not None else one)
            for one in confidence_samples(data, kept, options.confirmed, most)
            if not one.only_weighed
        ]
        for data in options.data
    }
    for data, samples in kinds.items():
        _print_shares(data, samples)
    if options.leads:
        for data, samples in kinds.items():
            trees = trees_of([one for other, part in kinds.items() if other != data for one in part])
            _print_leads(
                f"{Path(data).name}, learned from the others", samples, [trees.log_odds(one.rows) for one in samples], options.leads
            )
        every = [one for part in kinds.values() for one in part]
        _print_leads("all, learned from other vendors", every, cross_fitted(every), options.leads)


def _print_shares(data: str, samples: Sequence[Prepared]) -> None:
    print(f"{Path(data).name}: {len(samples)} readings")
    for name, counts in sorted(shares(samples).items()):
        numbers = "  ".join(f"{who} {counts[who]:5}" for who in _WHO)
        print(f"  {name or 'all':26} {numbers}  of {counts.total()}")


def _print_leads(title: str, samples: Sequence[Prepared], odds: Sequence[NDArray[np.float64]], leads: Sequence[float]) -> None:
    print(title)
    for lead in leads:
        counts = outcome(samples, odds, lead)
        print(f"  lead {lead:3}  " + "  ".join(f"{name} {counts[name]:4}" for name in ("won", "lost", "known won", "known lost")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", metavar="DATA[@SPLIT]")
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--readings", type=Path, action="append", required=True, help="may be repeated")
    parser.add_argument("--confirmed", type=lambda text: [int(part) for part in text.split(",")], default=[0], metavar="N[,N...]")
    parser.add_argument("--leads", type=lambda text: [float(part) for part in text.split(",")], default=[], metavar="X[,X...]")
    add_header_weights(parser)
    return parser


if __name__ == "__main__":
    main()
