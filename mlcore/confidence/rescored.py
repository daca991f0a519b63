"""Documents as the template reader has them once the model has weighed their open fields, by weights that are learned here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mlcore.answers.form import is_labeled
from mlcore.compare import same
from mlcore.confidence.parts import folds_by_vendor
from mlcore.confidence.sample import ConfidenceSample
from mlcore.errors import ConfidenceError
from mlcore.rescoring.fit import fit_rescorer
from mlcore.rescoring.rescorer import Rescorer, covers
from mlcore.schema import HEADER_FIELDS, value_at

MOST_UNWEIGHED = 0.1
"""Share of documents with open fields that may not have been weighed beside a rescorer, such as some that are too long for it."""


def check_weighed(samples: Sequence[ConfidenceSample]) -> None:
    """That the model was asked about what is open here. Raises ``ConfidenceError``: else other readers would be judged than serve."""
    opened = [one for one in samples if one.opened.fields]
    missing = sum(not covers(one.weighed, one.opened) for one in opened)
    if missing > MOST_UNWEIGHED * len(opened):
        raise ConfidenceError(
            f"Of {len(opened)} documents with fields that the template reader is not sure of {missing} were read without weighing its "
            "candidates, or by readers with other weights. Run python -m mlcore read again, with the --header-weights that are given here; "
            "nothing is read twice."
        )


def cross_fitted_rescorers(samples: Sequence[ConfidenceSample]) -> list[Rescorer]:
    """For each sample the rescorer that was learned from the others, without the documents of its vendor."""
    cases = [(one.opened, one.weighed, one.gold) for one in samples]
    folds = folds_by_vendor([one.vendor_key for one in samples]).tolist()
    fitted = {own: fit_rescorer(case for case, fold in zip(cases, folds, strict=True) if fold != own) for own in sorted(set(folds))}
    return [fitted[fold] for fold in folds]


def changed_by(sample: ConfidenceSample, rescorer: Rescorer) -> Counter[tuple[str, bool]]:
    """``(field, True)`` -> labeled values of the header that rescoring makes right; ``(field, False)``: that it makes wrong."""
    counts: Counter[tuple[str, bool]] = Counter()
    record = sample.rescored(rescorer).template.record
    for spec in HEADER_FIELDS:
        if is_labeled(spec.name, sample.gold.label_fields):
            right = value_at(sample.gold.record, spec.name)
            before, after = (same(spec.kind, value_at(one, spec.name), right) for one in (sample.template.record, record))
            if before != after:
                counts[spec.name, after] += 1
    return counts


def worth_rescoring(outcomes: Mapping[tuple[str, bool], int], names: Iterable[str]) -> set[str]:
    """The fields of which no more values were lost than won; ``outcomes`` as ``changed_by`` counts."""
    return {name for name in names if outcomes.get((name, True), 0) >= outcomes.get((name, False), 0)}


def rescored_parts(
    learned: Sequence[ConfidenceSample], tested: Sequence[ConfidenceSample]
) -> tuple[Rescorer | None, list[ConfidenceSample], list[ConfidenceSample]]:
    """How the open fields are rescored, learned from the first part alone, and both parts as they are read so.

    The first part is rescored by weights that no document of the vendor had a part in. A field of which these lose more values than they
    win is not rescored. ``None`` where none is left. Raises ``ConfidenceError`` where too many were not weighed.
    """
    every = (*learned, *tested)
    if any(one.weighed for one in every):
        check_weighed(every)
    by_others = cross_fitted_rescorers(learned)
    outcomes = sum((changed_by(one, own) for one, own in zip(learned, by_others, strict=True)), Counter[tuple[str, bool]]())
    fitted = fit_rescorer((one.opened, one.weighed, one.gold) for one in learned)
    worth = worth_rescoring(outcomes, fitted.weights)
    rescorer = fitted.only(worth)
    if not rescorer.weights:
        return None, list(learned), list(tested)
    first = [one.rescored(own.only(worth)) for one, own in zip(learned, by_others, strict=True)]
    return rescorer, first, [one.rescored(rescorer) for one in tested]
