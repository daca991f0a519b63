"""What speaks against a run, or has to be confirmed before it: one function a question, in the order in which they are asked. No database.

A refusal cannot be confirmed; a warning is confirmed by its code, each by itself. Codes are stable: what was confirmed stays with the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mlcore.confidence.fit import LEAST_DOCUMENTS, LEAST_VENDORS
from mlcore.training.config import Recipe
from modelops.runs.costs import SPECIFICATION_RUN
from modelops.runs.expectations import Expectation
from modelops.runs.facts import Facts, OpenRun
from modelops.runs.fitting import FURTHER_STEPS, LEAST_STEPS
from modelops.runs.recipes import stored

MIB: Final = 1024**2
FEW_DOCUMENTS: Final = 100
"""Fewer training documents than this teach little."""
LARGEST_SHARE: Final = 0.5
RARE_SHARE: Final = 0.02
OPEN_SHARE: Final = 0.05
"""Documents that wait for a senior, against the gold in the set: from here on the hard ones are missing from it."""
HIGH_RATE: Final = 2
"""From so many times the usual rate on a run that goes on from a model is asked about it."""
LONG_MINUTES: Final = 24 * 60
STATION_FLOOR: Final = 1024 * MIB
"""The station complains below this itself."""
_SHOWN_MIB = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. ``title`` in a few words, ``sentence`` with its numbers and what to do; ``address`` names a screen to do it on."""

    code: str
    title: str
    sentence: str
    address: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"code": self.code, "title": self.title, "sentence": self.sentence}


TITLES: Final = {
    "dataset_not_frozen": "The data set is not frozen",
    "dataset_has_removed_documents": "Documents were removed",
    "dataset_unreadable": "Its files cannot be used",
    "dataset_changed": "Its files were changed",
    "dataset_empty": "Nothing to learn from",
    "base_missing": "No base model",
    "disk_full": "Not enough room",
    "launcher_unknown": "No such launcher",
    "start_does_not_fit": "The recipe makes another kind of model",
    "start_has_removed_documents": "Documents of its start were removed",
    "artifact_damaged": "The model to start from is damaged",
}
"""Of what ``readiness`` refuses."""


def refusals(facts: Facts, recipe: Recipe) -> Iterator[Finding]:
    """What makes a start senseless, beside what ``readiness`` refuses."""
    data = facts.dataset
    if data.leak:
        yield Finding("dataset_leaks", "It is tested on what it learned", data.leak, "datasets")
    if facts.start is not None and facts.start.leak:
        sentence = f"{facts.start.leak} Start from the base, or from a model that has not learned from them."
        yield Finding("start_leaks", "Its start knows what it is tested on", sentence, "models")
    twin = next((run for run in facts.place.open_runs if _same(run, facts, recipe)), None)
    if twin:
        sentence = (
            f"Run {twin.id}, started by {twin.who}, is the same: this data set, this recipe, this start. Watch that one, or stop it first."
        )
        yield Finding("same_run_open", "The same run is under way", sentence, "runs")


def warnings(facts: Facts, recipe: Recipe, expected: Expectation, needed: int) -> Iterator[Finding]:
    """What has to be confirmed; ``needed`` is in bytes. Nothing is asked about a data set that cannot be used."""
    if not facts.dataset.usable:
        return
    yield from _about_data(facts)
    yield from _about_labels(facts)
    yield from _about_balance(facts, recipe)
    yield from _about_recipe(facts, recipe, expected)
    yield from _about_start(facts, recipe)
    yield from _about_place(facts, recipe, needed)
    yield from _about_gate(facts)


def _about_data(facts: Facts) -> Iterator[Finding]:
    data, new = facts.dataset, facts.corrections
    if facts.trained_before is not None:
        sentence = f"Run {facts.trained_before} has learned from this very data set; only the recipe can make a difference."
        yield Finding("trained_before", "Trained on before", sentence, "runs")
    elif new.since is not None and not new.records:
        sentence = f"There is no gold record in it that data set {new.since}, the last that was trained on, had not."
        yield Finding("nothing_new", "Nothing new to learn", sentence, "datasets")
    if data.newer is not None:
        sentence = f"Data set {data.newer} is newer and frozen; the gold that came since is in it."
        yield Finding("newer_dataset", "There is a newer data set", sentence, "datasets")
    count = data.documents.get("train", 0)
    if 0 < count < FEW_DOCUMENTS:
        sentence = (
            f"{count} documents to learn from; fewer than {FEW_DOCUMENTS} teach little. The specification asks for 200 of a new vendor."
        )
        yield Finding("few_documents", "Few documents", sentence, "datasets")
    held, vendors = data.documents.get("validation", 0), data.vendors.get("validation", 0)
    if count and (held < LEAST_DOCUMENTS or vendors < LEAST_VENDORS):
        sentence = (
            f"There {_are(held, 'validation document')} of {_count(vendors, 'vendor')}; confidence is learned from {LEAST_DOCUMENTS} of "
            f"{LEAST_VENDORS} vendors on. A model without it is registered, but is neither judged nor can it serve."
        )
        yield Finding("no_confidence", "No confidence can be learned", sentence, "datasets")


def _about_labels(facts: Facts) -> Iterator[Finding]:
    labels, gold = facts.labels, sum(facts.dataset.gold.values())
    if disputed := sum(labels.disputed.values()):
        tested = labels.disputed.get("test", 0)
        sides = f", {tested} of them held out to be tested on" if tested else ""
        sentence = f"{disputed} of its records are suspect since it was frozen{sides}. Have seniors look, and put together a new version."
        yield Finding("labels_disputed", "Suspect labels", sentence, "suspects")
    if labels.superseded:
        sentence = f"{labels.superseded} of its records have been put right since it was frozen; it still teaches the old values."
        yield Finding("labels_superseded", "Outdated labels", sentence, "datasets")
    if labels.unadjudicated and labels.unadjudicated >= OPEN_SHARE * max(gold, 1):
        sentence = (
            f"{labels.unadjudicated} documents wait for a senior's decision and are in no data set. "
            f"Beside {gold} gold records that is much, and they are the hard ones."
        )
        yield Finding("unadjudicated", "Disagreements are open", sentence, "adjudications")


def _about_balance(facts: Facts, recipe: Recipe) -> Iterator[Finding]:
    data = facts.dataset
    gold = data.gold.get("train", 0)
    if data.documents.get("train") and not gold:
        sentence = "Every training document is synthetic: it learns nothing of your vendors."
        yield Finding("only_synthetic", "No gold to learn from", sentence, "datasets")
    if gold and data.largest and data.largest[0].count > LARGEST_SHARE * gold and len(data.largest) > 1:
        first = data.largest[0]
        sentence = f"{first.name} has {first.count} of {gold} training records ({first.count / gold:.0%}); its papers will be learned best."
        yield Finding("one_vendor_dominates", "One vendor dominates", sentence, "datasets")
    learned, tested = data.types.get("train", {}), data.types.get("test", {})
    rows = sum(learned.values())
    missing = sorted(name for name, count in tested.items() if count and not learned.get(name))
    if rows and missing:
        sentence = f"Held-out documents have rows of a type that is in no training document: {_words(missing)}."
        yield Finding("line_type_missing", "A line type is missing", sentence, "datasets")
    rare = sorted(name for name, count in learned.items() if 0 < count < RARE_SHARE * rows)
    if rare and recipe.rare_weight == 1:
        sentence = f"Less than {RARE_SHARE:.0%} of the rows are {_words(rare)}, and the loss is unweighted. Weigh rare line types twice."
        yield Finding("rare_line_type", "A line type is rare", sentence)


def _about_recipe(facts: Facts, recipe: Recipe, expected: Expectation) -> Iterator[Finding]:
    if facts.start is not None and 0 < expected.steps < FURTHER_STEPS:
        sentence = f"{_count(expected.steps, 'step')}; fewer than {FURTHER_STEPS} change hardly anything of model {facts.start.number}."
        yield Finding("few_steps", "Few steps", sentence)
    elif facts.start is None and 0 < expected.steps < LEAST_STEPS:
        sentence = (
            f"{_count(expected.steps, 'step')}; fewer than {LEAST_STEPS} seldom learn the form of the answer. "
            "The preset that is fitted to the data set goes over the documents more often."
        )
        yield Finding("few_steps", "Few steps", sentence)
    if expected.steps and recipe.schedule.warmup_steps >= expected.steps:
        sentence = (
            f"The rate rises for {recipe.schedule.warmup_steps} steps and the run has {expected.steps}: it never reaches its peak. "
            "Shorten the warm-up or make smaller steps."
        )
        yield Finding("warmup_too_long", "The warm-up is longer than the run", sentence)
    if expected.minutes > LONG_MINUTES:
        sentence = f"It will take about {expected.minutes / 60:,.0f} hours on this worker."
        yield Finding("long_run", "A long run", sentence)
    if expected.cost is not None and expected.cost > SPECIFICATION_RUN:
        sentence = f"It will cost about {expected.cost:,.2f}; the specification reckons with {SPECIFICATION_RUN:,.0f} for a retraining."
        yield Finding("expensive", "An expensive run", sentence)


def _about_start(facts: Facts, recipe: Recipe) -> Iterator[Finding]:
    start, rate = facts.start, recipe.schedule.learning_rate
    if start is None:
        return
    if start.unknown:
        sentence = f"Nothing says whose documents model {start.number} learned from, so the gate cannot pass what starts from it."
        yield Finding("start_unknown", "Its start is of unknown descent", sentence, "models")
    if start.same_dataset:
        sentence = f"Model {start.number} was trained on this very data set; more passes over the same documents learn them by heart."
        yield Finding("start_knows_dataset", "Its start has learned from the same", sentence, "models")
    if start.generated:
        documents = f"{start.generated} of {_count(facts.dataset.documents.get('validation', 0), 'validation document')}"
        sentence = (
            f"{documents} are of the generator, whose documents model {start.number} has learned from: the confidence that is learned "
            "from them may be too high. More validation vendors of your own are the remedy."
        )
        yield Finding("start_knows_validation", "Its start knows the generator", sentence, "datasets")
    if start.rate and rate > HIGH_RATE * start.rate:
        sentence = (
            f"A peak rate of {rate:g} is made for learning from nothing; a model that goes on at it forgets much of what it knew. "
            f"Usual for going on from model {start.number} is {start.rate:g}."
        )
        yield Finding("start_rate_high", "A high rate for going on", sentence)


def _about_place(facts: Facts, recipe: Recipe, needed: int) -> Iterator[Finding]:
    place = facts.place
    if place.workers == 0:
        sentence = "No worker serves the queue “training”. The run will wait until one is started."
        yield Finding("no_worker", "No worker", sentence, "health")
    ahead = [run for run in place.open_runs if not _same(run, facts, recipe)]
    if ahead:
        named = ", ".join(f"{run.id} ({run.who})" for run in ahead[:3]) + (" and more" if len(ahead) > 3 else "")
        sentence = f"{len(ahead)} run{'s are' if len(ahead) > 1 else ' is'} under way or waiting: {named}. This one comes after."
        yield Finding("runs_ahead", "Other runs come first", sentence, "runs")
    if needed <= place.disk_free < needed + STATION_FLOOR:
        sentence = f"The run takes about {_mib(needed)} of the {_mib(place.disk_free)} that are free; little is left for documents."
        yield Finding("disk_tight", "Little room", sentence, "health")


def _about_gate(facts: Facts) -> Iterator[Finding]:
    policy, data = facts.comparison.policy, facts.dataset
    documents, vendors = data.documents.get("test", 0), data.vendors.get("test", 0)
    if documents < policy.documents or vendors < policy.vendors:
        sentence = (
            f"There {_are(documents, 'held-out document')} of {_count(vendors, 'vendor')}; the gate judges from {policy.documents} of "
            f"{policy.vendors} vendors on. Whatever comes of it, the model will not pass; an admin would have to give a reason."
        )
        yield Finding("gate_cannot_judge", "The gate cannot judge", sentence, "datasets")
    if facts.comparison.leaked:
        sentence = (
            f"Model {facts.comparison.champion}, which serves, has learned from {facts.comparison.leaked} of the held-out vendors; "
            "beside it the new one looks worse than it is."
        )
        yield Finding("champion_knows_vendors", "An unfair comparison", sentence, "models")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _are(number: int, noun: str) -> str:
    return f"{'is' if number == 1 else 'are'} {_count(number, noun)}"


def _same(run: OpenRun, facts: Facts, recipe: Recipe) -> bool:
    start = facts.start.number if facts.start else None
    return run.dataset == facts.dataset.number and run.recipe == stored(recipe) and run.start == start


def _mib(count: int) -> str:
    return f"{count / 1024 / MIB:,.1f} GB" if count >= _SHOWN_MIB * 100 * MIB else f"{count // MIB:,} MB"


def _words(names: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
