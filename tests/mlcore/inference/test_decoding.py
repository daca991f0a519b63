"""Answers under a grammar: always of the form, only words of the page, and the same with every way of saving passes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate
from mlcore.inference.decoding import Said, decode
from mlcore.inference.grammar import Grammars
from mlcore.inference.lookup import Lookup
from mlcore.page_text import page_text
from mlcore.prompts import build_prompt
from tests.mlcore.tiny import write_tiny_base

_PAGE = "Apex Infusion\tInvoice INV-7\n\nSaline bag, 0.9 %\t2\t10.00\t20.00\nTotal\t$20.00"
_WORDS = set(" ".join(_PAGE.split()).split(" "))
_FORMS = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> LoadedBase:
    return load_base(write_tiny_base(tmp_path_factory.mktemp("base")), "fp32", "cpu")


@pytest.fixture(scope="module")
def grammars(base: LoadedBase) -> Grammars:
    return Grammars(base.tokenizer, base.model.config.vocab_size)


def _said(base: LoadedBase, grammars: Grammars, form: AnswerForm, *, lookup: bool, forced: bool, limit: int = 120) -> Said:
    prompt = base.tokenizer(build_prompt(_PAGE, form))["input_ids"]
    stops = frozenset(base.tokenizer("\t\n")["input_ids"])
    guide = grammars.guide(form, _PAGE)
    return decode(base.model, prompt, guide, limit=limit, lookup=Lookup(prompt, stops) if lookup else None, skip_forced=forced)


@_FORMS
def test_saving_passes_changes_nothing_but_the_passes(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    plain = _said(base, grammars, form, lookup=False, forced=False)
    for lookup, forced in itertools.product((False, True), repeat=2):
        said = _said(base, grammars, form, lookup=lookup, forced=forced)
        assert said.tokens == plain.tokens
        assert len(said.tokens) <= 120
        assert said.passes <= plain.passes
    assert _said(base, grammars, form, lookup=True, forced=True).passes < plain.passes


@_FORMS
def test_even_an_untrained_model_says_only_words_of_the_page(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    said = _said(base, grammars, form, lookup=True, forced=True)
    values = form.read(base.tokenizer.decode(said.tokens))
    assert values or said.cut
    assert len(said.tokens) == len(said.log_probabilities) == len(said.margins)
    assert all(value <= 0 for value in said.log_probabilities)
    for one in values:
        if not one.path.endswith(".type"):
            assert all(word in " ".join(_WORDS) for word in one.text.split())


@_FORMS
def test_every_true_answer_may_be_said(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    """Of 30 generated invoices; wrapped descriptions and addresses of several lines among them."""
    for document in generate(30, 17):
        answer = "".join(part.text for part in form.spell(printed_record(document.gold)))
        tokens = base.tokenizer(answer)["input_ids"]
        guide = grammars.guide(form, page_text(document.text).text)
        taken = guide.could_take(tokens)
        assert taken == len(tokens), (document.vendor.key, answer[taken - 40 : taken + 20])
        for token in tokens:
            guide.take(token)
        assert guide.allowed()[base.tokenizer.eos_token_id]


@_FORMS
def test_an_invented_number_may_not_be_said(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    answer = "".join(part.text for part in form.spell({"vendor.name": "Apex Infusion", "total": "$21.00"}))
    tokens = base.tokenizer(answer)["input_ids"]
    assert grammars.guide(form, _PAGE).could_take(tokens) < len(tokens)


def test_a_guess_follows_the_longest_known_run_and_stops_at_the_end_of_a_cell() -> None:
    prompt = [5, 6, 7, 0, 8, 6, 9, 4, 0]
    lookup = Lookup(prompt, frozenset({0}))
    assert lookup.guess([6], 5) == [7]
    assert lookup.guess([8, 6], 5) == [9, 4]
    assert lookup.guess([8, 6], 1) == [9]
    assert lookup.guess([0], 5) == []
    assert lookup.guess([3], 5) == []


def test_a_base_is_known_by_its_bytes(tmp_path: Path) -> None:
    from mlcore.base_model import identity_of
    from mlcore.errors import BaseModelError

    one, other = write_tiny_base(tmp_path / "a"), write_tiny_base(tmp_path / "b", seed=2)
    assert identity_of(one).sha256 != identity_of(other).sha256
    assert identity_of(one) == identity_of(one)
    weights = other / "model.safetensors"
    weights.write_bytes((one / "model.safetensors").read_bytes())
    assert identity_of(other).sha256 == identity_of(one).sha256
    weights.rename(other / "pytorch_model.bin")
    with pytest.raises(BaseModelError, match="safetensors"):
        identity_of(other)
