"""Documents as the template reader has them once the model has weighed their open fields, by weights that are learned here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.answers.form import is_labeled
from mlcore.compare import same
from mlcore.confidence.parts import folds_by_vendor
from mlcore.confidence.sample import ConfidenceSample
from mlcore.errors import ConfidenceError
from mlcore.rescoring.fit import LEAST, cases_of, fit_rescorer
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
            f"Of {len(opened)} documents with fields that the template reader is not sure of {missing} come without the model weighing its "
            "candidates, or had those of readers with other weights weighed. Run python -m mlcore read again (weigh, for those that are "
            "only asked about), with the --header-weights that are given here; nothing is read twice."
        )


def cross_fitted_rescorers(samples: Sequence[ConfidenceSample]) -> list[Rescorer]:
    """For each sample the rescorer that was learned from the others, without the documents of its vendor."""
    documents = [one.as_weighed for one in samples]
    folds = folds_by_vendor([one.vendor_key for one in samples]).tolist()
    fitted = {own: fit_rescorer(one for one, fold in zip(documents, folds, strict=True) if fold != own) for own in sorted(set(folds))}
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


@dataclass(frozen=True, slots=True)
class Trial:
    """What rescoring did to one field of documents by weights that no document of the vendor had a part in.

    ``judged`` documents had it open, one of its options right, and weights to be tried; ``by_set`` has for each set of documents how many
    values became right and how many wrong.
    """

    judged: int
    by_set: Mapping[str, tuple[int, int]]

    @property
    def won(self) -> int:
        """Values that became right."""
        return sum(won for won, _ in self.by_set.values())

    @property
    def lost(self) -> int:
        """Values that became wrong."""
        return sum(lost for _, lost in self.by_set.values())

    @property
    def passed(self) -> bool:
        """Whether the field may be rescored: it was tried, and no set of documents lost more values than it won.

        Documents of one kind do not vouch for another: a model is believed too readily about those that are like what it was trained on.
        """
        return self.judged >= LEAST and all(won >= lost for won, lost in self.by_set.values())


def trials(samples: Sequence[ConfidenceSample], by_others: Sequence[Rescorer]) -> dict[str, Trial]:
    """By field; ``by_others`` has for each sample the weights to try."""
    cases = [cases_of(one.as_weighed) for one in samples]
    outcomes: dict[str, Counter[tuple[str, bool]]] = {}
    for one, own in zip(samples, by_others, strict=True):
        outcomes.setdefault(one.set_name, Counter()).update(changed_by(one, own))
    found = {}
    for name in sorted({name for own in by_others for name in own.weights}):
        judged = sum(name in case and name in own.weights for case, own in zip(cases, by_others, strict=True))
        found[name] = Trial(judged, {own: (counts[name, True], counts[name, False]) for own, counts in outcomes.items()})
    return found


def rescored_parts(
    learned: Sequence[ConfidenceSample], tested: Sequence[ConfidenceSample], asked: Sequence[ConfidenceSample] = ()
) -> tuple[Rescorer | None, list[ConfidenceSample], list[ConfidenceSample]]:
    """How the open fields are rescored, and both parts as they are read so. It is learned from the first and what was only ``asked`` about.

    The first part is rescored by weights that no document of the vendor had a part in. A field that these read worse in any set, or not
    often enough to tell, is not rescored (``Trial.passed``). ``None`` where none is left. Raises ``ConfidenceError`` where too many were
    not weighed.
    """
    if any(one.weighed for one in (*learned, *tested, *asked)):
        check_weighed((*learned, *tested))
        check_weighed(asked)
    every = (*learned, *asked)
    by_others = cross_fitted_rescorers(every)
    passed = {name for name, trial in trials(every, by_others).items() if trial.passed}
    rescorer = fit_rescorer(one.as_weighed for one in every).only(passed)
    if not rescorer.weights:
        return None, list(learned), list(tested)
    first = [one.rescored(own.only(passed)) for one, own in zip(learned, by_others[: len(learned)], strict=True)]
    return rescorer, first, [one.rescored(rescorer) for one in tested]
