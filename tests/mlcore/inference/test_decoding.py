"""Answers under a grammar: always of the form, only words of the page, and the same with every way of saving passes."""

from __future__ import annotations

import itertools
import re
from functools import partial

import numpy as np
import pytest
from llguidance import LLParserLimits

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate
from mlcore.inference.ahead import Ahead
from mlcore.inference.decoding import Asked, Said, decode_batch
from mlcore.inference.grammar import Grammars, Guide
from mlcore.inference.guessing import PageGuesses
from mlcore.inference.lookup import Lookup
from mlcore.inference.sayable import chunks_of
from mlcore.page_text import page_text
from mlcore.prompts import build_prompt
from tests.mlcore.conftest import Typewriter
from tests.mlcore.tiny import write_tiny_base

_PAGE = "Apex Infusion\tInvoice INV-7\n\nSaline bag, 0.9 %\t2\t10.00\t20.00\nTotal\t$20.00"
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
    return _alone(base, Asked(prompt, guide, limit, Lookup(prompt, stops) if lookup else None, forced))


def _alone(base: LoadedBase, asked: Asked) -> Said:
    (said,) = decode_batch(base.model, [asked])
    return said


@pytest.mark.thorough
@_FORMS
def test_saving_passes_changes_nothing_but_the_passes(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    plain = _said(base, grammars, form, lookup=False, forced=False)
    for lookup, forced in itertools.product((False, True), repeat=2):
        said = _said(base, grammars, form, lookup=lookup, forced=forced)
        assert said.tokens == plain.tokens
        assert len(said.tokens) <= 120
        assert said.passes <= plain.passes
    assert _said(base, grammars, form, lookup=True, forced=True).passes < plain.passes


_TYPED = """
Apex Infusion    Invoice No. INV-7
Saline bag    2    10.00    20.00
Gauze    1    5.00    5.00
Total    25.00
"""


@pytest.mark.thorough
@_FORMS
def test_guesses_from_the_page_change_no_answer(base: LoadedBase, grammars: Grammars, form: AnswerForm, typewritten: Typewriter) -> None:
    page = page_text(typewritten(_TYPED))
    encode = partial(base.tokenizer.encode, add_special_tokens=False)
    prompt = encode(build_prompt(page.text, form))
    plain, guide = grammars.guide(form, page.text), grammars.guide(form, page.text)
    guesses = PageGuesses(Ahead(page, form), Lookup(prompt, frozenset(encode("\t\n"))), guide, encode, base.tokenizer.decode)
    alone = _alone(base, Asked(prompt, plain, 200, None, skip_forced=False))
    helped = _alone(base, Asked(prompt, guide, 200, guesses, skip_forced=False))
    assert helped.tokens == alone.tokens
    assert np.allclose(helped.log_probabilities, alone.log_probabilities, atol=1e-4)
    assert helped.passes < alone.passes


@_FORMS
def test_even_an_untrained_model_says_only_words_of_the_page(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    said = _said(base, grammars, form, lookup=True, forced=True)
    assert len(said.tokens) == len(said.log_probabilities) == len(said.margins)
    assert all(value <= 0 for value in said.log_probabilities)
    _only_from_the_page(form, base.tokenizer.decode(said.tokens))


@_FORMS
def test_whatever_is_said_at_random_is_of_the_page_and_never_a_part_of_a_number(
    base: LoadedBase, grammars: Grammars, form: AnswerForm
) -> None:
    """Walks over allowed tokens, drawn evenly: the grammar alone, without any model's taste."""
    values = seed = 0
    while values <= 20:
        seed += 1
        assert seed < 60
        draw, guide, tokens = np.random.default_rng(seed), grammars.guide(form, _PAGE), list[int]()
        for _ in range(400):
            token = int(draw.choice(np.flatnonzero(guide.allowed())))
            if token == base.tokenizer.eos_token_id:
                break
            guide.take(token)
            tokens.append(token)
        values += _only_from_the_page(form, base.tokenizer.decode(tokens))


def _only_from_the_page(form: AnswerForm, answer: str) -> int:
    """Values of an answer, the last not counted, which may be broken off. Each is made of whole chunks of the page."""
    chunks = set(chunks_of(_PAGE)) - {" "}
    values = [one for one in form.read(answer)[:-1] if one.text and not one.path.endswith(".type")]
    for one in values:
        assert set(chunks_of(one.text)) - {" "} <= chunks, one
    return len(values)


@pytest.mark.thorough
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


@_FORMS
def test_answers_that_share_passes_are_those_that_were_given_alone(base: LoadedBase, grammars: Grammars, form: AnswerForm) -> None:
    """Prompts of other lengths, guesses right and wrong, answers that end early: nothing of a neighbour is looked at."""
    pages = (_PAGE, "Gauze\t1\t5.00", _PAGE.replace("Apex", "Northgate Supply") + "\nThank you", "Total\t1.00")
    limits = (90, 7, 60, 33)
    prompts = [base.tokenizer(build_prompt(page, form))["input_ids"] for page in pages]
    stops = frozenset(base.tokenizer("\t\n")["input_ids"])

    def asked(place: int) -> Asked:
        return Asked(prompts[place], grammars.guide(form, pages[place]), limits[place], Lookup(prompts[place], stops))

    together = decode_batch(base.model, [asked(place) for place in range(4)])
    for place, said in enumerate(together):
        (alone,) = decode_batch(base.model, [asked(place)])
        assert (said.tokens, said.cut, said.passes) == (alone.tokens, alone.cut, alone.passes)
        assert np.allclose(said.log_probabilities, alone.log_probabilities, atol=1e-4)
    assert decode_batch(base.model, []) == []


@_FORMS
def test_a_page_that_is_too_much_for_the_grammar_ends_the_answer_and_is_no_error(base: LoadedBase, form: AnswerForm) -> None:
    for fuel in (1, 200, 2_000):
        narrow = LLParserLimits(step_lexer_fuel=fuel, initial_lexer_fuel=50_000, verbose_errors=False)
        said = _said(base, Grammars(base.tokenizer, base.model.config.vocab_size, narrow), form, lookup=True, forced=True)
        assert said.cut
        assert fuel > 1 or len(said.tokens) < 120


@_FORMS
@pytest.mark.parametrize("page", ["<end>", "Apex<end>7\n<end>\t<end><end>", "a <e<end>nd> b"])
def test_what_spells_a_special_token_is_not_said(base: LoadedBase, grammars: Grammars, form: AnswerForm, page: str) -> None:
    """Where it would have to come next the tokenizer would make the special token of it, which is no text."""
    assert 0 in base.tokenizer(page)["input_ids"]
    forced = Guide(grammars.matcher('start: "<end>"'), base.model.config.vocab_size)
    with pytest.raises(ValueError, match="Token 0 is not allowed here"):
        forced.take_forced(20)
    said = _alone(base, Asked(base.tokenizer(build_prompt(page, form))["input_ids"], grammars.guide(form, page), 400))
    assert b"<end>" not in b"".join(grammars.bytes_of(token) for token in said.tokens if token)
    words = set(re.split(r"\s+", page.replace("<end>", " ")))
    for one in form.read(base.tokenizer.decode([token for token in said.tokens if token])):
        assert set(one.text.split()) <= {*words, *"SCRB"} | {piece for word in words for piece in word}
