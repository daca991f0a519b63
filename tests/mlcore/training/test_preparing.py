"""Several processes make the same training examples, in the same order, as one."""

from __future__ import annotations

from dataclasses import replace

from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase
from mlcore.training.preparing import FEW, PART, prepared
from mlcore.training.shown import Maker, Showing, shelf_of
from tests.mlcore.training.conftest import RECIPE, receipt

COUNT = FEW + PART + 3


def test_processes_change_nothing(base: LoadedBase) -> None:
    """Parts of the pool, the last one shorter, behind what is made before it; examples are shown from the shelf there too."""
    documents = [(f"r{number}", receipt(number % 12), 1.0 if number % 5 else 0.5) for number in range(COUNT)]
    recipe = replace(RECIPE, form="keyed-1", shown_share=0.5, wrong_share=0.3, max_tokens=400)
    maker = Maker(FORMS[recipe.form], base.tokenizer, recipe, Showing(recipe, shelf_of(documents[:20])))
    alone, told = prepared(documents, maker)
    made, counted = prepared(iter(documents), maker, processes=2)
    assert [one.name for one in made] == [name for name, *_ in documents]
    assert made == alone
    assert counted == told
    assert told.shown


def test_few_documents_need_no_other_process(base: LoadedBase) -> None:
    maker = Maker(FORMS["keyed-1"], base.tokenizer, RECIPE)
    documents = [(f"r{number}", receipt(number), 1.0) for number in range(3)]
    assert prepared(documents, maker, processes=2) == maker.make(documents)
    assert prepared([], maker, processes=2)[0] == []
