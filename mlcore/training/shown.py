"""Which confirmed documents a document is shown while it is trained on or validated with, sometimes none, sometimes wrong ones. Pure.

All come from the training documents. So a model learns to use an example where it is one of the same vendor, and to read the page where
there is none or it is not.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from mlcore.answers.form import AnswerForm
from mlcore.documents import GoldExample
from mlcore.prompts import Example
from mlcore.retrieval.examples import Confirmed, Shelf, confirmed_of, nearest
from mlcore.training.config import Recipe
from mlcore.training.examples import Tokenizer, TrainingExample, training_example
from mlcore.training.windowed import window_examples

_KNOWN = 8
"""Documents of a vendor among which the nearest is looked for: as few as are known of most vendors when a document is read."""
_TRIES = 50
Named = tuple[str, GoldExample] | tuple[str, GoldExample, float]
"""Name and example of a document, and the weight of its loss where that is not 1."""


@dataclass(slots=True)
class Tally:
    """How many documents were shown an example (``wrong`` of them another vendor's), how many were to be but had none of their vendor
    (``alone``), and how many examples were left out because they did not fit under ``max_tokens`` with it (``too_long``).

    ``long`` documents make ``windows`` instead of one example each, and are shown none.
    """

    shown: int = 0
    wrong: int = 0
    alone: int = 0
    too_long: int = 0
    long: int = 0
    windows: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __str__(self) -> str:
        told = f"{self.shown} shown an example, {self.wrong} of them another vendor's; {self.alone} have no other of their vendor"
        return f"{told}; {self.too_long} examples too long to be shown"

    def to_json(self) -> dict[str, int]:
        """Plain JSON types, named as among the facts of a run."""
        return {
            "shown": self.shown,
            "shown_wrong": self.wrong,
            "shown_none_of_the_vendor": self.alone,
            "shown_too_long": self.too_long,
        }


@dataclass(frozen=True, slots=True)
class Dealt:
    """What one document is shown. ``wrong``: it is of another vendor; ``alone``: it was to be of its own, which has no other document."""

    examples: tuple[Confirmed, ...] = ()
    wrong: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Showing:
    """Deals the documents of ``shelf`` (the training documents) out by the shares of ``recipe``."""

    recipe: Recipe
    shelf: Shelf

    def dealt(self, name: str, gold: GoldExample) -> Dealt:
        """What a document is shown; its name and the seed of the recipe decide, and the shelf alone is drawn from.

        A document whose vendor has no other on the shelf is shown nothing, so that ``wrong_share`` is a share of those that could have
        been shown a right one.
        """
        rng = random.Random(f"shown:{self.recipe.seed}:{name}")  # noqa: S311 - reproducible, nothing secret
        if rng.random() >= self.recipe.shown_share:
            return Dealt()
        wrong = rng.random() < self.recipe.wrong_share
        own = [one for one in self.shelf.of_vendor(gold.vendor_key) if one.content != gold.document.content_id]
        if not own:
            return Dealt(alone=True)
        if wrong:
            others = self._of_other_vendors(rng, gold)
            return Dealt(others, wrong=bool(others))
        known = sorted(rng.sample(range(len(own)), min(_KNOWN, len(own))))
        return Dealt(nearest(gold.document, [own[place] for place in known], self.recipe.shown_most))

    def _of_other_vendors(self, rng: random.Random, gold: GoldExample) -> tuple[Confirmed, ...]:
        everything, found = self.shelf.confirmed, list[Confirmed]()
        for _ in range(_TRIES):
            one = everything[rng.randrange(len(everything))]
            if one.vendor_key != gold.vendor_key and one.content != gold.document.content_id and one not in found:
                found.append(one)
            if len(found) == self.recipe.shown_most:
                break
        return tuple(found)


def shelf_of(documents: Iterable[Named]) -> Shelf:
    """The training documents as a shelf, in their order."""
    return Shelf(one for named in documents if (one := confirmed_of(named[1])) is not None)


@dataclass(frozen=True)
class Maker:
    """Makes documents into what is trained on or validated with. Can be sent to another process."""

    form: AnswerForm
    tokenizer: Tokenizer
    recipe: Recipe
    showing: Showing | None = None

    def make(self, documents: Iterable[Named]) -> tuple[list[TrainingExample], Tally]:
        """The examples, and how many were shown what.

        A confirmed document that does not fit under ``max_tokens`` together with its document is left out, the least near first.
        """
        made, tally = [], Tally()
        for named in documents:
            name, gold, weight = named if len(named) == 3 else (*named, 1.0)
            dealt = self.showing.dealt(name, gold) if self.showing is not None else Dealt()
            plain = self._example(name, gold, weight, ())
            if self.recipe.windows and len(plain.tokens) > self.recipe.max_tokens:
                windows = self._windows(name, gold, weight)
                made += windows
                tally += Tally(long=1, windows=len(windows))
                continue
            best, shown = plain, [one.example for one in dealt.examples]
            while shown and len(plain.tokens) <= self.recipe.max_tokens:
                best = self._example(name, gold, weight, shown)
                if len(best.tokens) <= self.recipe.max_tokens:
                    break
                shown.pop()
                best = plain
                tally.too_long += 1
            has = best is not plain
            tally.shown += has
            tally.wrong += has and dealt.wrong
            tally.alone += dealt.alone
            made.append(best)
        return made, tally

    def _windows(self, name: str, gold: GoldExample, weight: float) -> list[TrainingExample]:
        most, rare = self.recipe.max_tokens, self.recipe.rare_weight
        return window_examples(name, gold, self.form, self.tokenizer, max_tokens=most, rare_weight=rare, weight=weight)

    def _example(self, name: str, gold: GoldExample, weight: float, shown: Sequence[Example]) -> TrainingExample:
        return training_example(name, gold, self.form, self.tokenizer, rare_weight=self.recipe.rare_weight, shown=shown, weight=weight)
