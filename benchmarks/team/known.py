"""What is true of the simulated day, under the names of ``readout``: what happened in these documents, and what the habits make of them.

*Realised* are the labels that were really submitted, counted plainly (``plain_counts``). *Expected* are the same people with the same
documents and pre-fills on many other days: the parameter that an interval is about.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.team.day import Day, Done
from benchmarks.team.filling import Label, fill_in
from benchmarks.team.habits import Habits, Settles
from benchmarks.team.plain_counts import Counts, coefficient, of_label, of_pair, of_suggestions, share, total
from benchmarks.team.readout import ALL, FAIR, GROUPS, WHOLE, Name, Stored, drawn_by_chance, fair_pairs
from mlcore.compare import Outcome, compare_records
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

Labels = Callable[[Done], Label]
_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True)
class Frame:
    """Who labeled what beside whom, and why: told by the product afterwards, and nothing else of what it stored is used here.

    ``chance`` and ``fair`` are documents whose pair chance drew, and those of them without a value made wrong on purpose."""

    pairs: tuple[tuple[Done, Done], ...]
    chance: frozenset[int]
    fair: frozenset[int]
    settled: frozenset[int]
    singles: tuple[Done, ...]
    seeds: tuple[tuple[Done, frozenset[str]], ...]
    truths: Mapping[int, InvoiceRecord]
    turned: frozenset[int]

    def of_pair(self, pair: tuple[Done, Done], label: Labels) -> Counts:
        """The agreement of a pair on a day, the same one of two people first in all of their pairs."""
        one, other = (label(done) for done in pair)
        return of_pair(other, one) if pair[0].document in self.turned else of_pair(one, other)

    def seeded(self, done: Done) -> frozenset[str]:
        """The paths of the pre-fill that were made wrong on purpose for this label."""
        return next((paths for one, paths in self.seeds if one is done), frozenset())

    @classmethod
    def of(cls, day: Day, stored: Stored) -> Frame:
        """Tie what was stored to what the simulation wrote down."""
        by_id = {row["id"]: (row["person"], row["document"]) for row in stored["labels"]}
        done = {(one.person, one.document): one for one in day.done}
        pairs = tuple((done[by_id[pair["first"]]], done[by_id[pair["second"]]]) for pair in stored["pairs"])
        paired = {one.document for both in pairs for one in both}
        golds = {row["document"] for row in stored["golds"]}
        seeds = tuple((done[by_id[row["id"]]], frozenset(row["seeded"])) for row in stored["labels"] if row["seeded"])
        singles = tuple(one for one in day.done if one.document in golds - paired)
        turned = frozenset(pair["document"] for pair in stored["pairs"] if pair["turned"])
        truths = {number: paper.truth for number, paper in day.papers.items()}
        chance, fair = frozenset(drawn_by_chance(stored)), frozenset(fair_pairs(stored))
        return cls(pairs, chance, fair, frozenset(golds & paired), singles, seeds, truths, turned)


def realised(day: Day, stored: Stored) -> dict[Name, float]:
    """Every figure as it really was in these documents."""
    frame = Frame.of(day, stored)
    found = _figures(frame, [_as_it_was])
    every = total(frame.of_pair(pair, _as_it_was) for pair in frame.pairs)
    found |= _shares(every, "agreement", ALL) | _coefficients(every, ALL)
    for group, count in GROUPS.items():
        part = [(a, b) for a, b in frame.pairs if a.document in frame.fair and _unchanged(a) + _unchanged(b) == count]
        found |= _shares(total(frame.of_pair(pair, _as_it_was) for pair in part), "agreement", group, WHOLE)
    found |= _of_all_pairs(found) | _gold(frame, stored)
    if day.settled:
        rate = sum(not one.right for one in day.settled) / len(day.settled)
        found["gold", "differences", "settling"] = rate
    return found


def expected(day: Day, stored: Stored, people: Iterable[Habits], days: int) -> dict[Name, float]:
    """Every figure over ``days`` days with the same documents, people and pre-fills: only the dice are thrown anew."""
    frame = Frame.of(day, stored)
    habits = {who.name: who for who in people}
    found = _figures(frame, [_another_day(day, habits, number) for number in range(days)])
    found["gold", "differences", "settling"] = Settles().errs
    everyday: dict[Name, float] = {("agreement", ALL, name): found["agreement", FAIR, name] for name in WHOLE}
    return found | everyday | _of_all_pairs(found)


def _as_it_was(one: Done) -> Label:
    return one.label


def _of_all_pairs(found: Mapping[Name, float]) -> dict[Name, float]:
    """The truth about everyday work does not hang on which pairs are counted."""
    kinds = {"accuracy": WHOLE, "anchoring": ("seeded", "natural")}
    return {(f"{name[0]} of all pairs", *name[1:]): value for name, value in found.items() if name[2] in kinds.get(name[0], ())}


def _another_day(day: Day, habits: Mapping[str, Habits], number: int) -> Labels:
    thrown: dict[tuple[str, int], Label] = {}

    def label(one: Done) -> Label:
        key = one.person, one.document
        if key not in thrown:
            rng = random.Random(f"{day.seed}:{one.person}:{one.document}:another day {number}")
            thrown[key] = fill_in(day.papers[one.document].truth, one.shown, habits[one.person], rng)
        return thrown[key]

    return label


def _figures(frame: Frame, days: Sequence[Labels]) -> dict[Name, float]:
    """Of all days together: shares of added counts, coefficients of added tables."""
    agreement: Counts = Counter()
    single: Counts = Counter()
    by_person: dict[tuple[str, str], Counts] = defaultdict(Counter)
    for label in days:
        for pair in frame.pairs:
            if pair[0].document in frame.fair:
                agreement.update(frame.of_pair(pair, label))
            if pair[0].document in frame.chance & frame.settled:
                _add_judged(frame, pair, label, by_person)
        for done, seeded in frame.seeds:
            if done.shown is not None:
                found = of_suggestions(label(done), frame.truths[done.document], done.shown, seeded)
                by_person["seeded", done.person].update(found)
        for done in frame.singles:
            single.update(of_label(label(done), frame.truths[done.document]))
    figures = _shares(agreement, "agreement", FAIR) | _coefficients(agreement, FAIR)
    for (kind, person), counts in by_person.items():
        if kind == "judged":
            figures |= _shares(counts, "accuracy", person)
    return figures | _anchoring(by_person) | _wrong(single, "single")


def _add_judged(frame: Frame, pair: tuple[Done, Done], label: Labels, by_person: dict[tuple[str, str], Counts]) -> None:
    """Both labels of a settled pair, but for one whose author was shown a value made wrong on purpose; who was shown nothing is held
    against what the other one was shown."""
    for done in pair:
        if frame.seeded(done):
            continue
        truth = frame.truths[done.document]
        by_person["judged", done.person].update(of_label(label(done), truth))
        source = done.shown or pair[0].shown
        if source is not None:
            arm, seeded = ("shown", frozenset[str]()) if done.shown is not None else ("hidden", frame.seeded(pair[0]))
            by_person[arm, done.person].update(of_suggestions(label(done), truth, source, seeded))


def _anchoring(by_person: Mapping[tuple[str, str], Counts]) -> dict[Name, float]:
    found: dict[Name, float] = {}
    without = share(total(counts for (kind, _), counts in by_person.items() if kind == "hidden"), "anchoring", "accepted")
    for person in {name for _, name in by_person} | {""}:
        arms = {
            arm: total(counts for (kind, name), counts in by_person.items() if kind == arm and person in ("", name))
            for arm in ("shown", "seeded")
        }
        shares: dict[str, float | None] = {name[2]: value for name, value in _shares(arms["shown"], "anchoring", person).items()}
        accepted = share(_parts(arms["shown"], "natural") + _parts(arms["seeded"], "seeded"), "anchoring", "accepted")
        shares |= {"accepted": accepted, "seeded": share(arms["seeded"], "anchoring", "seeded"), "hidden": without}
        if accepted is not None and without is not None:
            shares["effect"] = accepted - without
        found |= {("anchoring", person, name): value for name, value in shares.items() if value is not None}
    return found


def _parts(counts: Counts, part: str) -> Counts:
    """Wrong suggestions of one origin, counted as ``accepted``."""
    return Counter({("anchoring", "accepted", end): counts["anchoring", part, end] for end in ("over", "under")})


def _shares(counts: Counts, kind: str, group: str, wanted: Sequence[str] | None = None) -> dict[Name, float]:
    names = {key[1] for key in counts if key[0] == kind}
    found = {(kind, group, name): share(counts, kind, name) for name in names if wanted is None or name in wanted}
    return {key: value for key, value in found.items() if value is not None}


def _coefficients(counts: Counts, group: str) -> dict[Name, float]:
    names = {key[1] for key in counts if key[0] == "table"}
    found = {(kind, group, name): coefficient(counts, name, kind) for kind in ("kappa", "alpha") for name in names}
    return {key: value for key, value in found.items() if value is not None}


def _unchanged(done: Done) -> bool:
    """Whether the label has what the pre-fill had and nothing else."""
    if done.shown is None or any(answer.touched for _, answer in done.label.answers()):
        return False
    return {row.prefilled for row in done.label.rows} == {*done.shown.partners.values(), *done.shown.lone}


def _wrong(counts: Counts, part: str) -> dict[Name, float]:
    shares = {"values": share(counts, "accuracy", "values"), "documents": share(counts, "accuracy", "exact")}
    return {("gold", unit, part): 1 - right for unit, right in shares.items() if right is not None}


def _gold(frame: Frame, stored: Stored) -> dict[Name, float]:
    """Gold held against the truth: of pairs that were both shown the pre-fill, and all of it; ``seen`` of the others, where the second
    one had an empty form."""
    hides = {one.document for pair in frame.pairs for one in pair if one.shown is None}
    groups: dict[str, list[Any]] = {"settled": [], "seen": [], "gold": []}
    for row in stored["golds"]:
        truth = frame.truths[row["document"]]
        fields = compare_records(truth, record_from_json(row["record"], ignore_unknown=True)).fields
        decided = sum(field.outcome is not Outcome.BOTH_ABSENT for field in fields)
        counted = (sum(field.outcome not in _FINE for field in fields), decided)
        groups["gold"].append(counted)
        if row["made_of"] != "single":
            groups["seen" if row["document"] in hides else "settled"].append(counted)
    found: dict[Name, float] = {}
    for part, documents in groups.items():
        if documents:
            found["gold", "values", part] = sum(wrong for wrong, _ in documents) / max(1, sum(decided for _, decided in documents))
            found["gold", "documents", part] = sum(wrong > 0 for wrong, _ in documents) / len(documents)
    return found
