"""Fits the weights of the header readers on the development sets, and says what cross-validation gives.

    python -m benchmarks.fit_header_weights DATA [--write] [--folds 5]
    python -m benchmarks.fit_header_weights DATA --folds 0 --only a --out FILE

A conditional logit over the candidates of each document, L2-regularised, every vendor weighted by the square
root of its documents. Folds are by vendor: no vendor is in training and test together. ``--write`` stores the
weights fitted on everything in ``mlcore/readers/header_weights.json``. ``--only`` fits on the vendors of one half alone
(``benchmarks.dev_gold --halves``): with ``--header-weights FILE`` ``python -m mlcore evaluate`` and ``calibrate`` read the other half
with weights that have not seen its vendors.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.dev_data import DevDocument, load
from benchmarks.dev_gold import HALVES, dealt_vendors
from mlcore.compare import same
from mlcore.readers.header import ChoiceSet, choice_sets
from mlcore.readers.scoring import ABSENT, Features
from mlcore.schema import header_value, spec_for

SETS = ("sroie", "odoo", "zugferd", "fcc", "small", "synthetic", "composed")
OFTEN_UNPRINTED = frozenset({"subtotal", "tax"})
"""Fields that labels name even where the paper does not print them."""

WEIGHTS = Path(__file__).parent.parent / "mlcore" / "readers" / "header_weights.json"


@dataclass(frozen=True)
class Case:
    """One document and one field: the choices (the last one is "absent") and which of them are right."""

    field: str
    set: str
    document: str
    vendor: str
    choices: tuple[Features, ...]
    right: tuple[bool, ...]
    printed: bool


def cases_of(documents: Sequence[DevDocument]) -> dict[str, list[Case]]:
    """Cases by field name, labeled fields only."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for document in documents:
        example = document.example
        for choice_set in choice_sets(example.document, gold=example.record):
            if example.label_fields is None or choice_set.name in example.label_fields:
                cases[choice_set.name].append(_case(document, choice_set))
    return cases


def _case(document: DevDocument, choice_set: ChoiceSet) -> Case:
    expected = header_value(document.example.record, choice_set.name)
    kind = spec_for(choice_set.name).kind
    right = [expected is not None and same(kind, expected, candidate.value) for candidate in choice_set.candidates]
    printed = any(right)
    choices = (*choice_set.features, ABSENT)
    vendor = f"{document.set}:{document.example.vendor_key}:{document.layout}"
    return Case(choice_set.name, document.set, document.id, vendor, choices, (*right, not printed), printed or expected is None)


def fit(cases: Sequence[Case], penalty: float = 0.5) -> dict[str, float]:
    """Weights by feature name. A value that stands somewhere but was not among the choices teaches nothing."""
    cases = [case for case in cases if case.printed or case.field in OFTEN_UNPRINTED]
    names = sorted({name for case in cases for choice in case.choices for name in choice})
    index = {name: i for i, name in enumerate(names)}
    sizes = Counter(case.vendor for case in cases)
    matrix, right = _matrix(cases, index), np.concatenate([case.right for case in cases])
    starts = np.cumsum([0, *(len(case.choices) for case in cases[:-1])])
    lengths = [len(case.choices) for case in cases]
    importance = np.array([1.0 / np.sqrt(sizes[case.vendor]) for case in cases])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ w
        exps = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        p = exps / np.repeat(np.add.reduceat(exps, starts), lengths)
        mass = np.maximum(np.add.reduceat(np.where(right, p, 0.0), starts), 1e-12)
        target = np.where(right, p / np.repeat(mass, lengths), 0.0)
        value = penalty * float(w @ w) - float(importance @ np.log(mass))
        gradient = 2 * penalty * w - matrix.T @ (np.repeat(importance, lengths) * (target - p))
        return value, gradient

    result = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return {name: round(float(result.x[i]), 3) for name, i in index.items() if abs(result.x[i]) >= 0.02}


def _matrix(cases: Sequence[Case], index: dict[str, int]) -> csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    row = 0
    for case in cases:
        for choice in case.choices:
            rows.extend([row] * len(choice))
            columns.extend(index[name] for name in choice)
            values.extend(choice.values())
            row += 1
    return csr_matrix((values, (rows, columns)), shape=(row, len(index)))


def chosen(case: Case, weights: dict[str, float]) -> int:
    """The choice with the highest score."""
    scores = [sum(weights.get(name, 0.0) * value for name, value in choice.items()) for choice in case.choices]
    return int(np.argmax(scores))


def cross_validate(cases: Sequence[Case], folds: int) -> dict[str, tuple[int, int, list[str]]]:
    """``{set: (right, documents, wrong ids)}`` with every document scored by weights that never saw its vendor."""
    outcome: dict[str, tuple[int, int, list[str]]] = {}
    for fold in range(folds):
        test = [case for case in cases if zlib.crc32(case.vendor.encode()) % folds == fold]
        weights = fit([case for case in cases if zlib.crc32(case.vendor.encode()) % folds != fold])
        for case in test:
            right, total, wrong = outcome.get(case.set, (0, 0, []))
            good = case.right[chosen(case, weights)] and case.printed
            outcome[case.set] = (right + good, total + 1, wrong if good else [*wrong, case.document])
    return outcome


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="store the weights fitted on everything")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--fields", default="")
    parser.add_argument("--wrong", action="store_true", help="print the ids that are wrong")
    parser.add_argument("--only", choices=HALVES, help="fit on the vendors of this half alone")
    parser.add_argument("--out", type=Path, help="store the weights there instead")
    options = parser.parse_args()
    documents = [document for name in options.sets.split(",") for document in _part(load(options.data, name), options.only)]
    cases = cases_of(documents)
    wanted = options.fields.split(",") if options.fields else sorted(cases)
    weights = json.loads(WEIGHTS.read_text()) if WEIGHTS.is_file() else {}
    for name in wanted:
        outcome = cross_validate(cases[name], options.folds) if options.folds else {}
        for set_name, (right, total, wrong) in outcome.items():
            print(f"{name:16} {set_name:8} {right:4d}/{total:<4d} {right / total:.3f}", " ".join(wrong) if options.wrong else "")
        if options.write or options.out:
            weights[name] = fit(cases[name])
    if options.write or options.out:
        (options.out or WEIGHTS).write_text(json.dumps(weights, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _part(documents: Sequence[DevDocument], half: str | None) -> list[DevDocument]:
    if half is None:
        return list(documents)
    vendors = dealt_vendors(documents, len(HALVES))[HALVES.index(half)]
    return [document for document in documents if document.example.vendor_key in vendors]


if __name__ == "__main__":
    main()
