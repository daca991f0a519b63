"""Examples in training: by the shares of the recipe, from the training documents alone, without a loss of their own."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase
from mlcore.dataset.directory import Entry, Split, write_manifest, write_split
from mlcore.documents import GoldExample
from mlcore.page_text import page_text
from mlcore.prompts import build_prompt
from mlcore.retrieval.examples import Shelf, confirmed_of
from mlcore.training.config import Recipe
from mlcore.training.identity import examples_hash
from mlcore.training.shown import Maker, Showing, shelf_of
from tests.mlcore.training.conftest import RECIPE, receipt

SHOWN = replace(RECIPE, shown_share=0.7, wrong_share=0.2)
FORM = FORMS["rows-1"]


def named(numbers: range) -> list[tuple[str, GoldExample]]:
    """Receipts of three vendors."""
    return [(f"r{n}", replace(receipt(n), vendor_key=f"v{n % 3}")) for n in numbers]


TRAINING, VALIDATION = named(range(12)), named(range(12, 18))


def test_the_shares_hold_over_many_seeds_and_nothing_is_shown_to_itself() -> None:
    shelf, counts = shelf_of(TRAINING), Counter[str]()
    known = {id(one): one for one in shelf.confirmed}
    for seed in range(60):
        showing = Showing(replace(SHOWN, seed=seed), shelf)
        for name, gold in (*TRAINING, *VALIDATION):
            dealt = showing.dealt(name, gold)
            assert dealt == showing.dealt(name, gold)
            counts["documents"] += 1
            counts["shown"] += bool(dealt.examples)
            counts["wrong"] += dealt.wrong
            for one in dealt.examples:
                assert id(one) in known, "from the training documents alone"
                assert one.content != gold.document.content_id
                assert (one.vendor_key != gold.vendor_key) == dealt.wrong
    assert counts["shown"] / counts["documents"] == pytest.approx(0.7, abs=0.05)
    assert counts["wrong"] / counts["shown"] == pytest.approx(0.2, abs=0.05)


def test_another_seed_deals_otherwise_and_all_or_none_are_shown_at_the_ends() -> None:
    shelf = shelf_of(TRAINING)
    dealt = [[Showing(replace(SHOWN, seed=seed), shelf).dealt(*one) for one in TRAINING] for seed in (1, 2)]
    assert dealt[0] != dealt[1]
    everything = Showing(replace(SHOWN, shown_share=1.0, wrong_share=1.0), shelf)
    assert all(everything.dealt(*one).wrong for one in TRAINING)
    assert not any(Showing(RECIPE, shelf).dealt(*one).examples for one in TRAINING)


def test_a_vendor_without_another_document_is_shown_nothing() -> None:
    showing = Showing(replace(SHOWN, shown_share=1.0), shelf_of(TRAINING))
    alone = showing.dealt("x", replace(receipt(30), vendor_key="new"))
    assert (alone.examples, alone.wrong, alone.alone) == ((), False, True)
    of_one_vendor = Showing(replace(SHOWN, shown_share=1.0, wrong_share=1.0), shelf_of([TRAINING[0], TRAINING[3]]))
    assert not of_one_vendor.dealt(*TRAINING[0]).examples


def test_an_example_stands_in_the_prompt_and_has_no_weight(base: LoadedBase) -> None:
    showing = Showing(replace(SHOWN, shown_share=1.0, wrong_share=0.0, shown_most=2), shelf_of(TRAINING))
    made, tally = Maker(FORM, base.tokenizer, showing.recipe, showing).make(TRAINING)
    plain, nothing = Maker(FORM, base.tokenizer, RECIPE).make(TRAINING)
    assert (tally.shown, tally.wrong, tally.alone, tally.too_long) == (12, 0, 0, 0)
    assert nothing.shown == 0
    for (name, gold), one, other in zip(TRAINING, made, plain, strict=True):
        shown = [confirmed.example for confirmed in showing.dealt(name, gold).examples]
        prompt = base.tokenizer(build_prompt(page_text(gold.document).text, FORM, shown), add_special_tokens=False)["input_ids"]
        assert len(shown) == 2
        assert one.tokens[: len(prompt)] == tuple(prompt)
        assert set(one.weights[: len(prompt)]) == {0.0}
        answer = len(one.tokens) - len(prompt)
        assert (one.tokens[-answer:], one.weights[-answer:]) == (other.tokens[-answer:], other.weights[-answer:])
        assert sum(one.weights) == sum(other.weights)


def test_an_example_that_does_not_fit_is_left_out_and_counted(base: LoadedBase) -> None:
    showing = Showing(replace(SHOWN, shown_share=1.0, wrong_share=0.0, shown_most=2), shelf_of(TRAINING))
    sizes = [
        Maker(FORM, base.tokenizer, recipe, Showing(recipe, showing.shelf)).make(TRAINING)[0]
        for recipe in (RECIPE, replace(showing.recipe, shown_most=1), showing.recipe)
    ]
    lengths = [[len(one.tokens) for one in row] for row in zip(*sizes, strict=True)]
    assert all(none < one < two for none, one, two in lengths)
    for limit in (min(lengths)[0] - 1, *sorted(length for row in lengths for length in row)[5::6]):
        recipe = replace(showing.recipe, max_tokens=limit)
        made, tally = Maker(FORM, base.tokenizer, recipe, showing).make(TRAINING)
        fitting = [sum(length <= limit for length in row) for row in lengths]
        assert [len(one.tokens) for one in made] == [row[max(count - 1, 0)] for row, count in zip(lengths, fitting, strict=True)]
        assert tally.shown == sum(count > 1 for count in fitting)
        assert tally.too_long == sum(3 - count for count in fitting if count)


def test_other_examples_make_another_run(base: LoadedBase) -> None:
    showings = [Showing(replace(SHOWN, seed=seed), shelf_of(TRAINING)) for seed in (1, 2)]
    hashes = {examples_hash(Maker(FORM, base.tokenizer, one.recipe, one).make(TRAINING)[0]) for one in showings}
    assert len(hashes) == 2


def data_of(folder: Path, splits: dict[Split, list[tuple[str, GoldExample]]]) -> Path:
    folder.mkdir()
    files = {split: write_split(folder, split, [Entry(name, gold.vendor_key, gold) for name, gold in splits[split]]) for split in Split}
    write_manifest(folder, {}, files)
    return folder


def told_apart(numbers: range, vendors: str) -> list[tuple[str, GoldExample]]:
    """Receipts whose vendors have names of their own."""
    found = []
    for n in numbers:
        gold, key = receipt(n), vendors[n % len(vendors)]
        found.append(
            (f"r{n}", replace(gold, vendor_key=key, record=replace(gold.record, vendor=replace(gold.record.vendor, name=f"Apex {key}"))))
        )
    return found


def test_the_command_shows_examples_and_says_to_how_many(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "recipe.json").write_text(json.dumps({**SHOWN.to_json(), "shown_share": 1.0, "epochs": 1}))
    data = data_of(
        tmp_path / "data",
        {
            Split.TRAIN: told_apart(range(8), "ab"),
            Split.VALIDATION: told_apart(range(8, 10), "ac"),
            Split.TEST: told_apart(range(10, 12), "xy"),
        },
    )
    words = ["train", "--config", str(tmp_path / "recipe.json"), "--base", str(folder), "--dataset", str(data), "--device", "cpu"]
    assert main([*words, "--out", str(tmp_path / "run")]) == 0
    told = capsys.readouterr().out
    assert "training: 8 shown an example" in told
    assert "validation: 1 shown an example" in told
    assert "1 have no other of their vendor" in told
    facts = json.loads((tmp_path / "run" / "outcome.json").read_text())["data"]
    assert (facts["shown"], facts["shown_none_of_the_vendor"], facts["shown_too_long"]) == (8, 0, 0)
    leaking = data_of(
        tmp_path / "leaking",
        {
            Split.TRAIN: told_apart(range(8), "ab"),
            Split.VALIDATION: told_apart(range(8, 10), "ac"),
            Split.TEST: told_apart(range(10, 12), "ay"),
        },
    )
    assert main([*words[:6], str(leaking), "--out", str(tmp_path / "other")]) == 1
    assert "The retrieval index holds test vendor a." in capsys.readouterr().err


def test_a_recipe_of_before_is_the_same_recipe() -> None:
    old = json.loads(json.dumps(RECIPE.to_json()))
    assert not {"shown_share", "wrong_share", "shown_most"} & set(old)
    assert Recipe.from_json(old) == RECIPE
    assert RECIPE.examples == 0
    assert Recipe.from_json(json.loads(json.dumps(SHOWN.to_json()))) == SHOWN
    assert (SHOWN.examples, replace(SHOWN, shown_most=3).examples) == (1, 3)


def test_a_shelf_holds_what_is_labeled_whole() -> None:
    partly = [(name, replace(gold, label_fields=frozenset({"total"}))) for name, gold in TRAINING]
    assert shelf_of(partly).confirmed == ()
    assert shelf_of(TRAINING).vendor_keys == {"v0", "v1", "v2"}
    first = confirmed_of(TRAINING[0][1])
    assert first is not None
    assert Shelf([first]).confirmed == shelf_of(TRAINING[:1]).confirmed
