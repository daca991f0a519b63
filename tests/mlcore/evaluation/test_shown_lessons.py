"""What models are shown while they are measured: right, wrong, none, or of the labeled documents; never what they are asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.artifacts import write_artifact
from mlcore.base_model.loading import load_base
from mlcore.dataset.directory import Entry, Split, write_manifest, write_split
from mlcore.documents import GoldExample, gold_to_json
from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import RememberingReader, remembering
from mlcore.evaluation.asked_of_models import Asked, artifact_systems, bare_systems
from mlcore.evaluation.kept_readings import Kept, reading_key
from mlcore.evaluation.labeled import TemplateOfLabeled, labeled_documents, labeled_shelf
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import shown_after, shown_of, shown_wrong
from mlcore.inference.model_reader import ModelReader
from mlcore.prompts import examples_id
from mlcore.retrieval.examples import confirmed_of
from mlcore.serving import load_extractor
from mlcore.training.recipe import train
from mlcore.training.shown import Maker, Showing, shelf_of
from tests.mlcore.artifacts.conftest import LEARNED, base_folder
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder"]


def of_vendor(number: int, vendors: str) -> GoldExample:
    """A receipt whose vendor has a name of its own."""
    gold, key = receipt(number), vendors[number % len(vendors)]
    return replace(gold, vendor_key=key, record=replace(gold.record, vendor=replace(gold.record.vendor, name=f"Apex {key}")))


SAMPLES = [Sample(f"r{n}", of_vendor(n, "abc")) for n in range(12)]
KEYS = {example.example.text: sample for sample in SAMPLES if (example := confirmed_of(sample.example)) is not None}


def test_each_document_is_shown_one_of_its_vendor_that_was_confirmed() -> None:
    lessons = list(shown_after(SAMPLES, 2, 1))
    assert sum(len(lesson.rest) for lesson in lessons) == 6
    for lesson in lessons:
        for sample, (shown,) in zip(lesson.rest, lesson.shown, strict=True):
            taught = KEYS[shown.text]
            assert taught in lesson.taught
            assert taught is not sample
            assert taught.example.vendor_key == sample.example.vendor_key
    (before,) = shown_after(SAMPLES, 0, 1)
    assert set(before.shown) == {()}


def test_a_wrong_example_is_of_another_vendor_and_the_same_documents_are_read() -> None:
    right, wrong = list(shown_after(SAMPLES, 1, 1)), list(shown_wrong(SAMPLES, 1, 1))
    assert [lesson.rest for lesson in wrong] == [lesson.rest for lesson in right]
    for lesson in wrong:
        for sample, (shown,) in zip(lesson.rest, lesson.shown, strict=True):
            assert KEYS[shown.text].example.vendor_key != sample.example.vendor_key
    with pytest.raises(EvaluationError, match="of one vendor"):
        list(shown_wrong([sample for sample in SAMPLES if sample.example.vendor_key == "a"], 1, 1))
    with pytest.raises(ValueError, match="the least is 1"):
        list(shown_wrong(SAMPLES, 0, 1))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    parts = {Split.TRAIN: ("ab", range(20, 28)), Split.VALIDATION: ("ac", range(28, 30)), Split.TEST: ("xy", range(30, 34))}
    golds = {split: [of_vendor(n, vendors) for n in numbers] for split, (vendors, numbers) in parts.items()}
    files = {
        split: write_split(folder, split, [Entry(f"{split}{n}", g.vendor_key, g) for n, g in enumerate(found)])
        for split, found in golds.items()
    }
    write_manifest(folder, {}, files)
    return folder


def test_labeled_documents_are_the_first_of_training_and_serve_their_vendors_alone(data: Path, tmp_path: Path) -> None:
    labeled = labeled_documents(data, 3)
    assert [gold.vendor_key for gold in labeled] == ["a", "b", "a"]
    assert labeled_documents(data, 0) == []
    (lesson,) = shown_of(SAMPLES, labeled_shelf(labeled), 1)
    texts = {key: {one.example.text for gold in labeled if gold.vendor_key == key and (one := confirmed_of(gold))} for key in "ab"}
    for sample, shown in zip(lesson.rest, lesson.shown, strict=True):
        if sample.example.vendor_key in texts:
            assert shown[0].text in texts[sample.example.vendor_key]
    assert not any(shown for lesson in shown_of(SAMPLES, labeled_shelf([]), 1) for shown in lesson.shown)
    few, none = TemplateOfLabeled(labeled), TemplateOfLabeled([])
    assert (few.name, none.name) == ("template of 3 labeled", "template of 0 labeled")
    differ = [a.id for a, b in zip(few.answers(SAMPLES), none.answers(SAMPLES), strict=True) if a.record != b.record]
    assert differ
    assert all(sample.example.vendor_key in "ab" for sample in SAMPLES if sample.id in differ)
    assert len(labeled_documents(data, 9)) == 8
    with pytest.raises(EvaluationError, match="is no dataset directory"):
        labeled_documents(tmp_path, 1)


@pytest.fixture(scope="module")
def taught(base_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact of a model that was trained with examples."""
    folder = tmp_path_factory.mktemp("taught")
    base = load_base(base_folder, "fp32", "cpu")
    documents = [(f"r{n}", of_vendor(n, "ab")) for n in range(4)]
    recipe = replace(LEARNED, shown_share=1.0, wrong_share=0.25, max_tokens=1500)
    made, tally = Maker(FORMS[LEARNED.form], base.tokenizer, recipe, Showing(recipe, shelf_of(documents))).make(documents)
    assert tally.shown == 4
    train(base, recipe, made[:3], made[3:], folder / "run", data={"source": "gold", **tally.to_json()})
    return write_artifact(folder / "artifact", folder / "run").folder


def test_an_artifact_trained_with_examples_is_shown_them_and_says_so(taught: Path, base_folder: Path) -> None:
    extractor = load_extractor(taught, base_folder.parent)
    assert extractor.examples == 1
    shown = [one.example for sample in SAMPLES[:2] if (one := confirmed_of(sample.example)) is not None]
    document = SAMPLES[3].example.document
    without, withit, other = (extractor.extract([document], [None], [own])[0] for own in ((), shown[:1], shown[1:]))
    more = extractor.extract([document], [None], [shown])[0]
    assert extractor.extract([document], [None])[0] == without
    assert len({without.model_id, withit.model_id, other.model_id}) == 3
    assert more == withit, "the model sees as many as it was trained with"
    readings = [reading for own in ((), shown[:1], shown[1:]) for reading in extractor.reader.read([document], [own])]
    assert readings[0] != readings[1], "what is shown reaches the model"
    reader = RememberingReader(extractor.reader)
    assert [reader.read([document], [own])[0] for own in ((), shown[:1], shown[1:])] == readings
    assert set(reader.known) == {reading_key(document.content_id, examples_id(own)) for own in ((), shown[:1], shown[1:])}


def test_kept_readings_with_examples_are_told_apart_and_taken(
    taught: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold, readings = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    gold.write_text("".join(json.dumps({"id": one.id, **gold_to_json(one.example)}) + "\n" for one in SAMPLES[:6]))
    read = ["read", str(gold), "--artifact", str(taught), "--models", str(base_folder.parent), "--out", str(readings)]
    assert main(read) == 0
    assert main([*read, "--shown", "1"]) == 0
    assert main([*read, "--shown", "1"]) == 0
    assert "0 read, 3 were there" in capsys.readouterr().err
    extractor = load_extractor(taught, base_folder.parent)
    assert len(Kept.of([readings], extractor.reads_as).read) == 9
    kept = remembering(extractor, [readings])
    untouched = replace(kept, reader=RememberingReader(ModelReader.__new__(ModelReader), kept.reader.known))  # type: ignore[attr-defined]
    asked = [one for word in ("model", "shown-1", "1") if (one := Asked.of(word)) is not None]
    for system in artifact_systems("taught", untouched, asked, gold):
        assert len(list(system.answers(SAMPLES[:6]))) == (6 if not system.leaves_out else 3)


@pytest.mark.thorough
def test_evaluate_shows_what_is_asked(
    taught: Path, base_folder: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, models = ["--out", str(tmp_path / "report"), "--resamples", "20"], ["--models", str(base_folder.parent), "--max-tokens", "1500"]
    words = [
        "evaluate",
        str(data),
        *out,
        *models,
        "--bare",
        f"base={base_folder}@rows-1,model,shown-1,labeled-4",
        "--template-labeled",
        "0,4",
    ]
    assert main([*words, "--artifact", f"taught={taught}@model,shown-1,wrong-1,labeled-4,1"]) == 0
    told = capsys.readouterr().out
    for name in ("base shown after 1", "base shown of 4 labeled", "template of 4 labeled", "taught alone", "taught shown wrong after 1"):
        assert name in told
    assert main([*words[:-2], "--bare", f"{base_folder}@rows-1,0"]) == 1
    assert "has no template beside it" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["shown", "shown-0", "wrong-0", "labeled-x", "other-1", "-1", ""])
def test_a_word_that_asks_nothing_is_refused(word: str) -> None:
    assert Asked.of(word) is None


def test_a_base_is_asked_by_the_same_words(base_folder: Path, data: Path) -> None:
    reader = RememberingReader(ModelReader.__new__(ModelReader))
    asked = [Asked("model"), Asked("shown", 2), Asked("wrong", 2), Asked("labeled", 0)]
    assert [one.name for one in bare_systems("base", reader, asked, data)] == [
        "base",
        "base shown after 2",
        "base shown wrong after 2",
        "base shown of 0 labeled",
    ]
