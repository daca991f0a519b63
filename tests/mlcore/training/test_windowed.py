"""Long documents are trained on in the windows in which they are read, and what those teach is the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mlcore.answers import FORMS
from mlcore.answers.form import AnswerForm
from mlcore.answers.printed import PrintedValue, printed_record
from mlcore.base_model.loading import LoadedBase
from mlcore.compare import compare_records
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import GoldExample
from mlcore.inference.document_reader import Answer, DocumentReader, Job, answer_of
from mlcore.inference.tokens import LoadedTokens
from mlcore.readers.layout import build_layout
from mlcore.training.config import Recipe
from mlcore.training.examples import TrainingExample
from mlcore.training.shown import Maker
from mlcore.training.windowed import printed_in, window_examples
from tests.mlcore.training.conftest import RECIPE

FORM = FORMS["keyed-1"]
MOST = 4000


class Taught:
    """Answers every prompt as the training examples do."""

    def __init__(self, examples: Sequence[TrainingExample], tokens: LoadedTokens) -> None:
        self._said = {}
        for one in examples:
            begin = next(place for place, piece in enumerate(one.pieces) if piece >= 0)
            self._said[one.tokens[:begin]] = one.tokens[begin:]
        self._tokens = tokens
        self.asked: list[tuple[int, ...]] = []

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        found = []
        for job in jobs:
            self.asked.append(tuple(job.prompt))
            said = self._said[tuple(job.prompt)]
            sure = [0.0] * len(said)
            found.append(answer_of(said, sure, sure, self._tokens, passes=1, cut=False))
        return found


@pytest.fixture(scope="module")
def long_documents() -> list[GoldExample]:
    """Synthetic invoices whose lines fill several windows, as a tokenizer of bytes counts."""
    every = (one.gold for one in generate(40, 11, vendor_catalogue()))
    found = sorted(every, key=lambda gold: -len(gold.record.line_items))[:4]
    assert len(found[-1].record.line_items) > 8
    return found


def _windows(gold: GoldExample, base: LoadedBase, form: AnswerForm = FORM) -> list[TrainingExample]:
    return window_examples("d", gold, form, base.tokenizer, max_tokens=MOST, rare_weight=2.0)


@pytest.mark.parametrize("form", ["keyed-1", "json-1"])
def test_what_windows_teach_is_what_reading_asks_and_merges_to_the_document(
    base: LoadedBase, long_documents: Sequence[GoldExample], form: str
) -> None:
    tokens = LoadedTokens(base.tokenizer)
    for gold in long_documents:
        made = _windows(gold, base, FORMS[form])
        assert len(made) > 1
        engine = Taught(made, tokens)
        (reading,) = DocumentReader(engine, tokens, FORMS[form], max_tokens=MOST).read([gold.document])
        assert reading.windows == len(engine.asked) == len(made)
        assert compare_records(gold.record, reading.record).accuracy == 1.0


def test_rows_of_rare_types_weigh_more_in_windows_too(base: LoadedBase, long_documents: Sequence[GoldExample]) -> None:
    gold = next(
        gold for gold in long_documents if any(sign in "CRB" for path, sign in printed_record(gold).items() if path.endswith("type"))
    )
    assert 2.0 in {weight for one in _windows(gold, base) for weight in one.weights}


def test_a_recipe_says_whether_long_documents_are_left_out(base: LoadedBase, long_documents: Sequence[GoldExample]) -> None:
    named = [(f"d{place}", gold) for place, gold in enumerate(long_documents)]
    recipe = replace(RECIPE, form=FORM.name, max_tokens=MOST)
    whole, told = Maker(FORM, base.tokenizer, recipe).make(named)
    assert len(whole) == len(named)
    assert (told.long, told.windows) == (0, 0)
    parts, told = Maker(FORM, base.tokenizer, replace(recipe, windows=True)).make(named)
    assert (told.long, told.windows) == (len(named), len(parts))
    assert sum(one.part == 0 for one in parts) == len(named)
    assert max(len(one.tokens) for one in parts) < min(len(one.tokens) for one in whole)


def test_a_recipe_without_windows_is_the_one_that_it_was() -> None:
    assert "windows" not in RECIPE.to_json()
    told = replace(RECIPE, windows=True).to_json()
    assert Recipe.from_json(told).windows


def test_a_window_says_what_it_shows_and_is_silent_where_nobody_knows(long_documents: Sequence[GoldExample]) -> None:
    rows = build_layout(long_documents[0].document).rows
    here, there = rows[2], rows[9]
    values = {
        "invoice_number": PrintedValue("A-1", here),
        "date": PrintedValue("1 May", there),
        "total": PrintedValue("9.00", there),
        "tax": PrintedValue("0"),
        "line_items[0].description": PrintedValue("gauze", here),
        "line_items[0].total": PrintedValue("4.00", there),
        "line_items[0].type": PrintedValue("S"),
        "line_items[1].description": PrintedValue("tape", there),
        "line_items[1].type": PrintedValue("S"),
        "line_items[2].description": PrintedValue("salve", (*here, *there)),
        "line_items[3].description": PrintedValue("swab", here),
    }
    printed, counted = printed_in(values, {1, 2, 3}, "A-1 gauze 9.00 swab", None)
    assert printed == {
        "invoice_number": "A-1",
        "line_items[0].description": "gauze",
        "line_items[0].type": "S",
        "line_items[1].description": "swab",
    }
    assert "date" in counted
    assert not counted & {"total", "tax"}
    assert printed_in(values, {1, 2, 3}, "A-1", {"invoice_number", "tax"})[1] == {"invoice_number"}
