"""The seam to what the product says: every figure by name, each as the JSON of ``mlcore.agreement.figures``.

Names are tuples of kind, whose, what: ``("agreement", "fair", "exact")``, ``("accuracy", "hugo", "total")``, ``("anchoring", "hugo",
"seeded")``. What counts is what the product counts (docs/agreement.md), found here from the labels, without its own marks: agreement is of
*fair* pairs, which chance drew and in which nothing was made wrong on purpose; accuracy of labels of pairs that chance drew, whose author
was not shown such a value; seeds are counted from every label that was shown one. Kinds that end in ``of all pairs``, and the group of
that name, count every pair, as was done before: to show what that does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.agreement.anchoring import Suggested, anchoring_of, anchoring_sums
from mlcore.agreement.figures import FLOOR, Measured
from mlcore.agreement.gold_errors import GoldCounts, GoldPart, gold_errors
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.people import LabelerAccuracy, accuracy_of, accuracy_sums
from mlcore.agreement.statistics import AgreementStatistics, agreement_of
from mlcore.agreement.sums import Sums
from mlcore.agreement.tally import Tally
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, iter_values

Name = tuple[str, ...]
Stored = Mapping[str, Any]
Figures = dict[Name, dict[str, Any]]

FAIR, ALL = "fair", "all pairs"
GROUPS = {"both let it stand": 2, "one let it stand": 1, "neither let it stand": 0}
"""Fair pairs by how many of the two let the pre-fill stand as it was."""
WHOLE = ("exact", "critical", "values")
METER = ("seeded", "natural", "accepted", "hidden", "effect")
"""What the anchoring meter says of all fields together: the first two are the parts of the third."""
COUNTED = ("agreement", "kappa", "alpha", "accuracy", "anchoring", "gold")
"""The kinds of figures whose intervals have to have the truth."""
_MISSED = "seed_missed"
"""What a second label was drawn for when a value made wrong on purpose had been let through."""


@dataclass(frozen=True)
class Judged:
    """A label of a pair that is settled: what it says, what counts as true, what was suggested (also where it was hidden).

    ``counts``: chance drew the pair and nothing was made wrong for this label. ``seeded`` are paths of ``prefill``."""

    id: int
    document: int
    person: str
    is_first: bool
    hidden: bool
    counts: bool
    label: InvoiceRecord
    truth: InvoiceRecord
    prefill: InvoiceRecord | None
    seeded: frozenset[str]


def figures(stored: Stored, floor: int = FLOOR) -> Figures:
    """Everything that the product's core says of what was stored; ``floor`` is the fewest documents behind a number."""
    judged, fair = judged_labels(stored), fair_pairs(stored)
    unseen = _suggestions(one for one in judged if one.counts and one.hidden)
    found = _agreement(stored, fair, floor)
    for person in sorted({one.person for one in judged}):
        theirs = [one for one in judged if one.person == person]
        found |= _accuracy("accuracy", person, [one for one in theirs if one.counts], floor)
        found |= _accuracy("accuracy of all pairs", person, theirs, floor, WHOLE)
        found |= _anchoring(person, theirs, unseen, stored, floor)
    return found | _anchoring("", judged, unseen, stored, floor) | _gold(stored, judged, fair, floor)


def counts(name: Name) -> bool:
    """Whether the interval of this figure has to have the truth: not those of groups that the dice made, nor of every pair; and
    what was answered without seeing the pre-fill is everybody's, beside each person."""
    if name[:1] == ("anchoring",) and name[2] == "hidden" and name[1]:
        return False
    return name[0] in COUNTED and name[1] not in (ALL, *GROUPS)


def judged_labels(stored: Stored) -> list[Judged]:
    """The labels of pairs whose document has gold."""
    labels = {row["id"]: row for row in stored["labels"]}
    golds = {row["document"]: row["record"] for row in stored["golds"]}
    found = []
    for pair in stored["pairs"]:
        if pair["document"] not in golds:
            continue
        first, truth = labels[pair["first"]], _record(golds[pair["document"]])
        by_chance = _by_chance(pair, labels)
        for row in (first, labels[pair["second"]]):
            source = first if row["hidden"] else row
            prefill = _record(source["prefill"]) if source["prefill"] is not None else None
            whose = (row["id"], pair["document"], row["person"], row is first, row["hidden"], by_chance and not row["seeded"])
            found.append(Judged(*whose, _record(row["record"]), truth, prefill, frozenset(source["seeded"])))
    return found


def drawn_by_chance(stored: Stored) -> set[int]:
    """Documents whose second label is not there because a value made wrong on purpose was let through."""
    labels = {row["id"]: row for row in stored["labels"]}
    return {pair["document"] for pair in stored["pairs"] if _by_chance(pair, labels)}


def fair_pairs(stored: Stored) -> set[int]:
    """Documents whose pair counts in agreement: by chance, and nothing was made wrong on purpose for either of the two."""
    seeded = {row["id"] for row in stored["labels"] if row["seeded"]}
    drawn = drawn_by_chance(stored)
    return {pair["document"] for pair in stored["pairs"] if pair["document"] in drawn and not {pair["first"], pair["second"]} & seeded}


def _by_chance(pair: Mapping[str, Any], labels: Mapping[int, Mapping[str, Any]]) -> bool:
    return bool(labels[pair["second"]]["drawn_for"] != _MISSED)


def _record(data: Mapping[str, Any]) -> InvoiceRecord:
    return record_from_json(data, ignore_unknown=True)


def _agreement(stored: Stored, fair: Collection[int], floor: int) -> Figures:
    outcomes = [(pair["document"], pair["prefills"].count("unchanged"), _outcome(pair)) for pair in stored["pairs"]]

    def said(wanted: Iterable[tuple[int, int, PairOutcome]]) -> AgreementStatistics:
        return agreement_of(Tally.of((str(document), outcome) for document, _, outcome in wanted), floor=floor)

    here = [one for one in outcomes if one[0] in fair]
    found = _flat(FAIR, said(here)) | _flat(ALL, said(outcomes))
    for group, count in GROUPS.items():
        part = _flat(group, said(one for one in here if one[1] == count))
        found |= {name: figure for name, figure in part.items() if name[2] in WHOLE}
    return found


def _outcome(pair: Mapping[str, Any]) -> PairOutcome:
    found = PairOutcome.from_json(pair["outcome"])
    return found.mirrored if pair["turned"] else found


def _flat(group: str, said: AgreementStatistics) -> Figures:
    plain = (*WHOLE, "row_f1", "cells", "row_count")
    found: Figures = {("agreement", group, name): getattr(said, name).to_json() for name in plain}
    for field in said.fields:
        found["agreement", group, field.name] = field.agreement.to_json()
        for kind in ("kappa", "alpha"):
            found[kind, group, f"{field.name} present"] = getattr(field.presence, kind).to_json()
    for kind in ("kappa", "alpha"):
        found[kind, group, "type"] = getattr(said.item_type, kind).to_json()
    return found


def _accuracy(kind: str, person: str, judged: Iterable[Judged], floor: int, wanted: Collection[str] = ()) -> Figures:
    said: LabelerAccuracy = accuracy_of(accuracy_sums((str(one.document), one.label, one.truth) for one in judged), floor=floor)
    every = {name: getattr(said, name) for name in WHOLE} | said.fields
    return {(kind, person, name): figure.to_json() for name, figure in every.items() if not wanted or name in wanted}


def _anchoring(person: str, judged: Iterable[Judged], unseen: Sums, stored: Stored, floor: int) -> Figures:
    """Of one person, or of everybody (``""``): then a document counts once for each label. ``unseen`` are everybody's empty forms.

    What the machine got wrong by itself is known from settled truth. What was made wrong on purpose is known for every label, paired or
    not: held against the pre-fill with the right value in it, nothing but the seed is a wrong suggestion.
    """
    listed = list(judged)
    natural = _suggestions(one for one in listed if one.counts and not one.hidden)
    seeded = _seeds(row for row in stored["labels"] if row["seeded"] and person in ("", row["person"]))
    meters = anchoring_of(natural + seeded, unseen, floor=floor)
    found: Figures = {("anchoring", person, part): getattr(meters[""], part).to_json() for part in METER}
    found |= {("anchoring", person, name): meter.natural.to_json() for name, meter in meters.items() if name}
    told = anchoring_of(_suggestions(one for one in listed if not one.hidden), floor=floor)[""]
    return found | {("anchoring of all pairs", person, part): getattr(told, part).to_json() for part in ("seeded", "natural")}


def _suggestions(judged: Iterable[Judged]) -> Sums:
    return anchoring_sums(
        Suggested(str(one.document), one.prefill, one.label, one.truth, one.seeded) for one in judged if one.prefill is not None
    )


def _seeds(rows: Iterable[Mapping[str, Any]]) -> Sums:
    return anchoring_sums(_seed(row) for row in rows)


def _seed(row: Mapping[str, Any]) -> Suggested:
    return Suggested(str(row["document"]), _record(row["prefill"]), _record(row["record"]), _record(row["unseeded"]), set(row["seeded"]))


def _gold(stored: Stored, judged: Iterable[Judged], fair: Collection[int], floor: int) -> Figures:
    hides = {one.document for one in judged if one.hidden}
    arms = {
        is_hidden: accuracy_sums(
            (str(one.document), one.label, one.truth)
            for one in judged
            if one.is_first and one.document in fair and (one.document in hides) == is_hidden
        )
        for is_hidden in (True, False)
    }
    said = gold_errors(arms[True], arms[False], _gold_counts(stored, hides), floor=floor)
    every: Figures = {("gold", unit, part): figure for unit, errors in said.items() for part, figure in errors.to_json().items()}
    every["gold", "differences", "settling"] = every.pop(("gold", "values", "settling"))
    del every["gold", "documents", "settling"]
    return every


def _gold_counts(stored: Stored, hides: Collection[int]) -> GoldCounts:
    """The kinds of gold, and what became of the seeds that one of two let stand."""
    settled = {pair["document"]: pair["settled"] for pair in stored["pairs"]}
    parts: dict[str, list[tuple[int, int]]] = {"single": [], "both": [], "other": []}
    for row in stored["golds"]:
        kind = "single" if row["made_of"] == "single" else "other" if row["document"] in hides else "both"
        values = sum(value is not None for _, value in iter_values(_record(row["record"])))
        parts[kind].append((values, settled.get(row["document"], 0)))
    single, both, other = (GoldPart(sum(v for v, _ in part), tuple(d for _, d in part)) for part in parts.values())
    golds = {row["document"]: row["record"] for row in stored["golds"] if row["made_of"] == "adjudicated"}
    stood = [row for row in stored["labels"] if row["seeded"] and row["document"] in golds and _stands(row, row["record"])]
    return GoldCounts(single, both, other, len(stood), sum(_stands(row, golds[row["document"]]) for row in stood))


def _stands(row: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether the value that was made wrong for this label is in a record."""
    figure = anchoring_of(_seeds([{**row, "record": record}]), floor=1)[""].seeded
    return isinstance(figure, Measured) and figure.value > 0
