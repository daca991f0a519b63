"""The chapters of the report, each from the figures and what the simulation wrote down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.team.gold_truth import Wrong, by_origin, first_labels
from benchmarks.team.habits import BILLERS, Settles
from benchmarks.team.holding import Coverage, Held, coverage
from benchmarks.team.kept import Kept
from benchmarks.team.many_days import Often
from benchmarks.team.pictures import FIELDS, GOLD, TITLES, WORDS
from benchmarks.team.plots import named
from benchmarks.team.readout import ALL, FAIR, GROUPS, WHOLE, Name, counts, drawn_by_chance, fair_pairs
from benchmarks.team.simulation import POLICY
from benchmarks.team.tables import figures, table
from mlcore.agreement.counting import CELLS
from mlcore.percent import percent, points
from mlcore.schema import ValueKind


def summary(rows: Sequence[Held]) -> str:
    """How many truths were recovered."""
    lines = []
    for title, kinds in KINDS.items():
        found = coverage(row for row in rows if row.name[0] in kinds and counts(row.name))
        lines.append((title, str(found.figures), *_share_of(found)))
    every = coverage(row for row in rows if counts(row.name))
    lines.append(("all", str(every.figures), *_share_of(every)))
    head = ("", "figures with an interval", "have the truth", "in per cent", "at least")
    outside = "; ".join(words_of(row.name) for row in rows if counts(row.name) and row.covers is False)
    return "\n\n".join(("## What was recovered", table(head, lines), RECOVERED + (f" These have not: {outside}." if outside else "")))


RECOVERED = (
    "*At least*: of so many independent figures with 95 % each, fewer would have the truth by chance once in forty times; then intervals "
    "would be too narrow."
)


KINDS = {
    "agreement": ("agreement",),
    "kappa and alpha": ("kappa", "alpha"),
    "accuracy of people": ("accuracy",),
    "anchoring": ("anchoring",),
    "errors of gold": ("gold",),
}


def people(kept: Kept) -> str:
    """Who they are."""
    done = Counter(one.person for one in kept.done)
    lines = []
    for who in BILLERS:
        money = who.slips.get(ValueKind.MONEY, 0.01)
        shares = (who.accepts, who.misses, who.misses_row, money, who.deviates, who.skips)
        lines.append((f"**{who.name}**, {who.title}: {who.says}", *(percent(share) for share in shares), str(done[who.name])))
    head = (
        "",
        "lets a wrong suggestion stand",
        "overlooks a value",
        "overlooks a row",
        "slips in money and codes",
        "other form",
        "skips",
        "labels",
    )
    senior = Settles()
    return (
        "## The people\n\n"
        + table(head, lines)
        + f"\n\nIn per cent of the occasions, independent of each other. Where money is, Hugo lets 30 % (total), 35 % (subtotal) and 40 % "
        f"(totals of rows) stand. The senior, "
        f"{senior.name}, settles {percent(senior.errs)} % of the differences wrong; she also labels, as carefully as carla, what "
        f"two billers gave back ({done[senior.name]}), and the admin settles those. *Other form* (`Mar 4, 2026`, `$ 1,234.50`, wide "
        "spaces) must not count as a disagreement."
    )


def day(kept: Kept, faults: Iterable[str]) -> str:
    """What happened."""
    real = sum(paper.is_real for paper in kept.papers.values())
    pairs, drawn, fair = len(kept.stored["pairs"]), len(drawn_by_chance(kept.stored)), len(fair_pairs(kept.stored))
    origins = Counter(row["made_of"] for row in kept.stored["golds"])
    counted, leaks = kept.counted, kept.leaks
    policy = ", ".join(f"`{name}` {value}" for name, value in POLICY.items())
    lines = [
        f"- {len(kept.papers) - real} synthetic documents ({SYNTHETIC}) and {real} real ones. {kept.unread} could not be read.",
        f"- Policy: {policy}.",
        f"- {len(kept.done)} labels, {pairs} pairs. Chance drew {drawn} of them, {fair} without a value made wrong on purpose: agreement "
        f"is of these. The other {pairs - drawn} are there because such a value was let through. "
        f"{sum(bool(row['seeded']) for row in kept.stored['labels'])} labels were shown one.",
        f"- Gold: {origins['single']} of one label, {origins['agreed']} agreed, {origins['adjudicated']} adjudicated "
        f"({len(kept.settled)} differences; {counted.get('rulings for several', 0)} rulings for several at once, "
        f"{counted.get('rulings undone', 0)} undone and made again, {counted.get('reopened', 0)} adjudications opened again).",
        f"- {counted.get('skipped', 0)} documents given back, {counted.get('taken ahead', 0)} taken ahead, "
        f"{counted.get('looked around', 0)} looks around at nine addresses each.",
        f"- This machine read for {kept.took['reading'] / 60:.1f} minutes and served the people for {kept.took['working'] / 60:.1f}.",
        f"- **Blindness**: {leaks.answers:,} answers were searched for {leaks.marks:,} marks of labels (ids of edits and rows, corners of "
        f"boxes). {leaks.traces} held one of somebody else's while it was blind; {leaks.own:,} marks came back to their authors, so "
        f"the search does find what is there. {leaks.same_twice} documents were labeled twice by one person. "
        "`tests/labeling/test_blindness.py` compares every address byte for byte.",
    ]
    found = list(faults)
    lines += [f"- **Fault**: {fault}" for fault in found] or ["- The run found no fault."]
    return "## The day\n\n" + "\n".join(lines)


SYNTHETIC = "`mlcore/dataset/synthetic`, one in twenty as a scan"


def agreement(rows: Sequence[Held], folder: Path) -> str:
    """Agreement and the coefficients."""
    known = named(rows)
    plain = [(WORDS[name], known["agreement", FAIR, name]) for name in WORDS]
    fields = [(words, known["agreement", FAIR, name]) for name, words in FIELDS.items()]
    groups = [(f"{WORDS[part]}, {group}", known["agreement", group, part]) for group in GROUPS for part in WHOLE]
    sets = ["type", *(f"{name} present" for name in ("subtotal", "tax", *CELLS[:3]))]
    chance = [
        (f"{kind} of {name.replace('line_items.', 'row: ')}", known[kind, FAIR, name]) for name in sets for kind in ("kappa", "alpha")
    ]
    off = [abs(row.bias) for row in rows if row.name[0] == "agreement" and row.name[1] in (FAIR, ALL) and row.bias is not None]
    same = sum(one < 0.0005 for one in off)
    return "\n\n".join(
        (
            "## Agreement",
            f"Of pairs that chance drew, with no value made wrong on purpose. What *really happened* is counted plainly from what the "
            f"people decided, row by row of the document, without the comparison that the product uses: {same} of {len(off)} figures are "
            "the same to a tenth of a point" + (f", the largest difference is {100 * max(off):.1f} points." if same < len(off) else "."),
            f"![Agreement of fair pairs]({folder}/agreement.svg)",
            figures(plain + fields),
            "By what became of the pre-fill (whether the truth is inside cannot be said: which pairs are in a group hangs on the dice):",
            figures(groups),
            "Beyond chance (closed sets):",
            figures(chance, coefficients=True),
        )
    )


def accuracy(rows: Sequence[Held], folder: Path) -> str:
    """The people."""
    known = named(rows)
    names = [*WHOLE, *FIELDS]
    parts = ["## Accuracy of each biller", ACCURACY, f"![Accuracy of each biller]({folder}/accuracy.svg)"]
    for who, title in TITLES.items():
        listed = [(WORDS.get(name) or FIELDS[name], known["accuracy", who, name]) for name in names if ("accuracy", who, name) in known]
        parts += [f"**{title}**", figures(listed)]
    off = [row.bias for row in rows if row.name[0] == "accuracy" and row.name[2] == "values" and row.bias is not None]
    if off:
        parts.append(
            f"Held to settled truth, people look better than they are where gold is wrong in the same way: by "
            f"{points(sum(off) / len(off))} points of values on average here (from {points(min(off))} to {points(max(off))})."
        )
    return "\n\n".join(parts)


ACCURACY = (
    "Against settled truth, over labels of pairs that chance drew, without those whose author was shown a value made wrong on purpose. "
    "*Really happened* is against the truth of the simulation in the same documents, *expected* is what the habits make of these documents "
    "on many days."
)


def anchoring(rows: Sequence[Held], folder: Path) -> str:
    """Wrong suggestions."""
    known = named(rows)
    parts = ["## Anchoring", ANCHORING, f"![Wrong suggestions that stood]({folder}/anchoring.svg)"]
    listed = [
        (f"{title}: {said}", known["anchoring", who, part])
        for who, title in (*TITLES.items(), ("", "everybody"))
        for part, said in METERS.items()
        if part != "hidden" or not who
    ]
    by_field = [(FIELDS.get(name, "whole rows"), known["anchoring", "", name]) for name in (*FIELDS, "line_items")]
    return "\n\n".join([*parts, figures(listed), "The machine's own mistakes that stood, by field, everybody:", figures(by_field)])


METERS = {
    "seeded": "made wrong on purpose, stood",
    "natural": "machine's own mistakes, stood",
    "accepted": "both together",
    "effect": "effect of seeing them",
    "hidden": "the same answer without seeing them",
}

ANCHORING = (
    "Seeds are known for every label, paired or not: the product put them in. The machine's own mistakes are those that settled truth "
    "shows, in pairs that chance drew. A mistake that both let stand is not seen, so the product's share of these is a little low, and "
    "with it what is made of both. The *effect* is both together less the same answers of those who had an empty form."
)


def gold(rows: Sequence[Held], kept: Kept, folder: Path) -> str:
    """Errors of gold."""
    known = named(rows)
    truths = {number: paper.truth for number, paper in kept.papers.items()}
    origins = by_origin(kept.stored, truths)
    said = [
        (f"{words}, share of {unit}", known["gold", unit, part])
        for unit in ("values", "documents")
        for part, words in GOLD.items()
        if unit == "values" or part != "settling"
    ]
    listed: list[tuple[str, Wrong]] = [(name, origins[name]) for name in ("single", "agreed", "adjudicated") if name in origins]
    listed += [("**all gold**", sum(origins.values(), Wrong())), ("first labels of pairs, before", first_labels(kept.stored, truths))]
    head = ("gold made of", "records", "with an error", "%", "values", "wrong", "%")
    wrong = [settled for settled in kept.settled if not settled.right]
    return "\n\n".join(
        (
            "## Errors of gold",
            GOLD_TEXT,
            f"![Errors of gold]({folder}/gold.svg)",
            figures(said),
            "Held against the truth of the simulation:",
            table(head, ((name, *_wrong(one)) for name, one in listed)),
            f"Of {len(kept.settled)} differences {len(wrong)} were settled wrong. What else is wrong in settled gold is alike in both.",
        )
    )


GOLD_TEXT = (
    "Nobody sees what both have wrong, nor what is settled wrong. `mlcore/agreement/gold_errors.py` estimates both all the same. Errors "
    "that are found in first labels where chance gave the second labeler an empty form, less those found where both were shown the "
    "pre-fill, are what two who were shown it let stand together. Values made wrong on purpose that one of two let stand come before the "
    "senior, and which of the two is right is known: the share *settled wrong*. Of gold of two and of all gold the truth is how wrong it "
    "really is. Slips that two make alike and what both overlook stay unseen, so that the estimates are a little low."
)


def often(found: Sequence[Often]) -> str:
    """How often the intervals of the pure core have the truth."""
    lines = []
    for kind in ("agreement", "kappa", "alpha", "accuracy", "anchoring"):
        group = [one for one in found if one.figure[0] == kind and one.intervals]
        worst = min(group, key=lambda one: one.covered / one.intervals)
        intervals, covered = sum(one.intervals for one in group), sum(one.covered for one in group)
        told = f"{percent(worst.covered / worst.intervals)} ({worst.figure[1].replace('line_items.', 'row: ')})"
        lines.append((kind, str(len(group)), f"{intervals:,}", percent(covered / intervals), told))
    head = ("", "figures", "intervals", "have the truth, %", "the worst, %")
    return "\n\n".join(("## Other documents each time", OFTEN, table(head, lines)))


OFTEN = (
    "The day above is one. `python -m benchmarks.team.many_days FILE` draws many samples of new synthetic documents, with pre-fills that "
    "are wrong at random, on the pure core alone, and counts how often the interval has what plain counting finds in all of them "
    "together. Here documents vary as well, so that 95 % is what is to be expected:"
)


def words_of(name: Name) -> str:
    """A figure as text names it."""
    kind, whose, what = name
    named_as = {**WORDS, **METERS, **GOLD}.get(what, what.replace("line_items.", "row: ").replace("line_items", "whole rows"))
    if kind == "gold":
        return f"errors of gold of {named_as} ({whose})"
    told = f"{kind}, {named_as.removesuffix(', stood')}" if kind == "anchoring" else f"{kind} of {named_as}"
    return told + (f" ({whose or 'everybody'})" if kind in ("accuracy", "anchoring") else "")


def _share_of(found: Coverage) -> tuple[str, str, str]:
    return str(found.covered), percent(found.covered / found.figures) if found.figures else "–", str(found.least)


def _wrong(one: Wrong) -> tuple[str, ...]:
    documents = percent(one.documents_wrong / max(1, one.documents))
    values = percent(one.values_wrong / max(1, one.values))
    return str(one.documents), str(one.documents_wrong), documents, f"{one.values:,}", f"{one.values_wrong:,}", values
