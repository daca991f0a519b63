"""Rescoring where a model serves, reads for a file, and learns its confidence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.combination.combine import combine
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.confidence.boosting import Boosting
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import HELD_OUT, fit_confidence
from mlcore.confidence.parts import folds_by_vendor, part_by_vendor
from mlcore.confidence.recertify import recertify
from mlcore.confidence.rescored import Trial, changed_by, cross_fitted_rescorers, rescored_parts, trials
from mlcore.confidence.sample import ConfidenceSample
from mlcore.documents import DocumentText, GoldExample, gold_to_json
from mlcore.errors import ConfidenceError, EvaluationError
from mlcore.evaluation.kept_readings import Kept
from mlcore.inference.document_reader import Answer, DocumentReader, Job
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.normalize import comparison_key
from mlcore.rescoring.branches import Tree
from mlcore.rescoring.fit import LEAST, cases_of, fit_rescorer
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.rescoring.rescorer import Rescorer, covers
from mlcore.rescoring.weighing import Weighing
from mlcore.schema import InvoiceRecord, spec_for, value_at
from mlcore.serving import Weigher, load_extractor
from mlcore.templates.extractor import TemplateExtractor
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.conftest import typewritten
from tests.mlcore.rescoring.conftest import DOUBTFUL
from tests.mlcore.rescoring.knowing import MODEL_ALONE, known_samples

__all__ = ["base_folder", "packed", "run_folder"]


@dataclass
class _Counting:
    """The real model, and how many documents it was asked about."""

    weigher: Weigher
    asked: list[int] = field(default_factory=list)

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        self.asked.append(len(documents))
        return self.weigher.weigh(documents, opened)


def test_a_model_that_serves_is_asked_about_the_open_fields_alone(packed: Path, base_folder: Path) -> None:
    plain = load_extractor(packed, base_folder.parent)
    assert plain.rescorer is None
    assert plain.weigher is not None
    counting = _Counting(plain.weigher)
    extractor = replace(plain, rescorer=MODEL_ALONE, weigher=counting)
    document, sure = typewritten(DOUBTFUL), DocumentText(())
    look = TemplateExtractor().look(document)
    opened = open_fields(look)
    [weighed] = plain.weigher.weigh([document], [opened])
    assert covers(weighed, opened)
    [reading] = plain.reader.read([document])
    rescored = MODEL_ALONE.extraction(look, opened, weighed)
    best = {one.name: max(one.options, key=lambda option: option[1])[0] for one in weighed}
    assert {one.path: one.raw for one in rescored.fields}["date"] == best["date"]
    found = extractor.extract([sure, document], [None, None])
    assert found[1] == combine(document, rescored, reading, plain.scorer, model_id=found[1].model_id)
    assert found[0] == plain.extract([sure], [None])[0]
    assert counting.asked == [1], "a document without an open field costs nothing"
    assert replace(plain, rescorer=MODEL_ALONE, weigher=None).extract([document], [None]) == plain.extract([document], [None])


def test_what_a_reading_has_weighed_is_not_weighed_again(packed: Path, base_folder: Path) -> None:
    plain = load_extractor(packed, base_folder.parent)
    assert plain.weigher is not None
    document = typewritten(DOUBTFUL)
    opened = open_fields(TemplateExtractor().look(document))
    [reading], [weighed] = plain.reader.read([document]), plain.weigher.weigh([document], [opened])

    @dataclass
    class Kept:
        def read(self, documents: Sequence[DocumentText], shown: Sequence[object] = ()) -> list[DocumentReading]:
            return [replace(reading, weighed=weighed) for _ in documents]

    counting = _Counting(plain.weigher)
    kept = replace(plain, rescorer=MODEL_ALONE, weigher=counting, reader=Kept())
    asked = replace(plain, rescorer=MODEL_ALONE)
    assert kept.extract([document], [None]) == asked.extract([document], [None])
    assert counting.asked == []


def test_a_document_in_windows_has_its_amounts_weighed_at_its_end(packed: Path, base_folder: Path) -> None:
    extractor = load_extractor(packed, base_folder.parent)
    assert extractor.weigher is not None
    rows = "\n".join(f"Gauze roll {n}          1     {n}.00      {n}.00" for n in range(10, 99))
    document = typewritten(DOUBTFUL.replace("Gauze roll             2     20.00      40.00", rows))
    opened = open_fields(TemplateExtractor().look(document))
    assert {"date", "total"} <= {one.name for one in opened.fields}
    reader = extractor.weigher._reader  # type: ignore[attr-defined]
    first, last = reader.weighing([document], [opened])
    assert "date" in {one.name for one in first.opened.fields}
    assert {one.name for one in last.opened.fields} <= {"subtotal", "tax", "total"}
    assert first.prompt != last.prompt
    [weighed] = extractor.weigher.weigh([document], [opened])
    assert covers(weighed, opened)
    assert len(weighed) == len(opened.fields)


def test_the_command_weighs_what_was_read_before_without_reading_it_again(packed: Path, base_folder: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    gold = GoldExample(typewritten(DOUBTFUL), InvoiceRecord(invoice_number="A-88213"), "apex")
    data.write_text(json.dumps({"id": "one", **gold_to_json(gold)}) + "\n")
    told = ["read", str(data), "--artifact", str(packed), "--models", str(base_folder.parent), "--out", str(out)]
    assert main(told) == 0
    name = load_extractor(packed, base_folder.parent).reads_as
    [(key, whole)] = Kept.of([out], name).read.items()
    assert {one.name for one in whole.weighed} == {one.name for one in open_fields(TemplateExtractor().look(gold.document)).fields}
    line = json.loads(out.read_text())
    del line["reading"]["weighed"]
    line["reading"]["passes"] = 77_000
    out.write_text(json.dumps(line) + "\n")
    assert main(told) == 0
    again = Kept.of([out], name).read[key]
    assert again == replace(whole, passes=77_000), "the reading is the one that was kept"
    size = out.stat().st_size
    assert main(told) == 0
    assert main(["weigh", *told[1:]]) == 0
    assert out.stat().st_size == size, "what was read and weighed is not asked about again"


def test_the_command_asks_about_documents_without_reading_them(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    texts = {"one": typewritten(DOUBTFUL), "sure": typewritten("nothing to see")}
    lines = [{"id": name, **gold_to_json(GoldExample(text, InvoiceRecord(invoice_number="A-88213"), name))} for name, text in texts.items()]
    data.write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = [str(data), "--artifact", str(packed), "--models", str(base_folder.parent), "--out", str(out)]
    assert main(["weigh", *told]) == 0
    assert "asked about 1" in capsys.readouterr().err
    extractor = load_extractor(packed, base_folder.parent)
    opened = open_fields(TemplateExtractor().look(texts["one"]))
    assert extractor.weigher is not None
    [weighed] = extractor.weigher.weigh([texts["one"]], [opened])
    [(key, kept)] = Kept.of([out], extractor.reads_as).asked.items()
    assert key == texts["one"].content_id
    assert covers(kept, opened)
    assert dict(kept[0].options) == pytest.approx(dict(weighed[0].options), abs=1e-5)
    assert Kept.of([out], extractor.reads_as).read == {}
    assert Kept.of([out], "another").asked == {}
    with out.open("a") as file:
        file.write('{"id": "torn", "weigh')
    assert main(["weigh", *told]) == 0
    assert len(out.read_text().splitlines()) == 1
    [sample] = confidence_samples(str(data), Kept.of([out], extractor.reads_as), [0, 1], 0)
    assert sample.only_weighed
    assert sample.weighed == kept
    assert main(["read", *told]) == 0
    both = list(confidence_samples(str(data), Kept.of([out], extractor.reads_as), [0], 0))
    assert [one.only_weighed for one in both] == [False, False], "what was read since then is read"
    by_name = {one.document_id: one for one in both}
    unasked = [json.loads(line) for line in out.read_text().splitlines()]
    for line in unasked:
        line.get("reading", {}).pop("weighed", None)
    for order in (1, -1):
        out.write_text("".join(json.dumps(line) + "\n" for line in unasked[::order]))
        again = {one.document_id: one for one in confidence_samples(str(data), Kept.of([out], extractor.reads_as), [0], 0)}
        assert again[key].weighed == kept == by_name[key].weighed, "a reading without weighing has what was asked beside it"
        assert main(["weigh", *told]) == 0
        assert "asked about 0" in capsys.readouterr().err
    out.write_text(json.dumps(next(line for line in unasked if "weighed" in line)) + "\n")
    broken = json.loads(out.read_text().splitlines()[0]) | {"weighed": {"no_field": []}}
    out.write_text(json.dumps(broken) + "\n{}\n")
    with pytest.raises(EvaluationError, match="line 1, is no kept reading"):
        Kept.of([out], extractor.reads_as)


def test_what_cannot_be_asked_about_leaves_no_line(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, out = tmp_path / "gold.jsonl", tmp_path / "readings.jsonl"
    data.write_text(json.dumps({"id": "one", **gold_to_json(GoldExample(typewritten(DOUBTFUL), InvoiceRecord(), "one"))}) + "\n")
    monkeypatch.setattr("mlcore.serving.most_tokens", lambda artifact: 8)
    assert main(["weigh", str(data), "--artifact", str(packed), "--models", str(base_folder.parent), "--out", str(out)]) == 0
    assert "asked about 0, passed over 1" in capsys.readouterr().err
    assert out.read_text() == ""


def test_confidence_is_learned_beside_a_rescorer_and_certified_with_it() -> None:
    known, learned = known_samples(knows=True), confidence()
    assert learned.rescorer is not None
    believed = [own[1] for own in learned.rescorer.weights.values()]
    assert max(believed) > 0.2, "it has found out that the model knows"
    assert min(believed) > 0
    restored = Confidence.from_json(json.loads(json.dumps(learned.to_json())))
    assert restored.rescorer == learned.rescorer
    rescored = [one.rescored(learned.rescorer) for one in known]
    before, after = (sum(_right(one) for one in part) for part in (known, rescored))
    assert after > before
    assert recertify(known, restored)[1] == recertify(rescored, replace(restored, rescorer=None))[1]
    with pytest.raises(ConfidenceError, match="calibrate again"):
        Confidence.from_json({**learned.to_json(), "rescorer": {"signs": [], "weights": {}}})


def _right(sample: ConfidenceSample) -> int:
    """How many values of the header are right."""
    pairs = ((value_at(sample.template.record, one.name), value_at(sample.gold.record, one.name), one) for one in sample.opened.fields)
    return sum(
        comparison_key(spec_for(one.name).kind, left) == comparison_key(spec_for(one.name).kind, right) for left, right, one in pairs
    )


def test_readings_that_were_not_weighed_are_no_match_for_a_rescorer() -> None:
    known, asked_nothing = known_samples(knows=True), known_samples(knows=False)
    asked = [replace(one, model=None, told=one.weighed) for one in known if one.weighed]
    mixed = [one if number % 4 else other for number, (one, other) in enumerate(zip(known, asked_nothing, strict=True))]
    for learn in (
        lambda: fit_confidence(mixed, how=Boosting(trees=2, depth=2)),
        lambda: fit_confidence([*asked_nothing, *asked, *asked, *asked], how=Boosting(trees=2, depth=2)),
        lambda: recertify(asked_nothing, confidence()),
    ):
        with pytest.raises(ConfidenceError, match=r"without the model weighing its candidates.*read again"):
            learn()


@cache
def confidence() -> Confidence:
    return fit_confidence(known_samples(knows=True), how=Boosting(trees=5, depth=2))


def test_what_is_too_long_or_cannot_be_told_is_not_weighed() -> None:
    document = typewritten(DOUBTFUL)
    opened, tokens = open_fields(TemplateExtractor().look(document)), _Signs()
    asked: list[int] = []

    def score(prompt: Sequence[int], tree: Tree) -> list[float] | None:
        asked.append(len(prompt) + tree.longest)
        return None

    class Nobody:
        def answers(self, jobs: Sequence[Job]) -> list[Answer]:
            raise AssertionError

    form = FORMS["keyed-1"]
    roomy = Weighing(DocumentReader(Nobody(), tokens, form, max_tokens=5_000), form, tokens, score)
    assert roomy.weigh([document], [opened]) == [()]
    [size] = asked
    narrow = Weighing(DocumentReader(Nobody(), tokens, form, max_tokens=size - 1), form, tokens, score)
    assert narrow.weigh([document], [opened]) == [()]
    assert max(asked[1:], default=0) < size


class _Signs:
    """A token for each character."""

    end = None

    def encode(self, text: str) -> list[int]:
        return [ord(sign) for sign in text]

    def decode(self, tokens: list[int]) -> str:
        return "".join(map(chr, tokens))


def test_without_weighed_fields_confidence_is_learned_as_before() -> None:
    plain = fit_confidence(known_samples(knows=False), how=Boosting(trees=5, depth=2))
    assert plain.rescorer is None
    assert "rescorer" not in plain.to_json()


@pytest.mark.parametrize(
    ("trial", "passed"),
    [
        (Trial(judged=LEAST, by_set={"receipts": (2, 2)}), True),
        (Trial(judged=LEAST, by_set={"receipts": (1, 2)}), False),
        (Trial(judged=LEAST, by_set={"receipts": (0, 0), "synthetic": (4, 1)}), True),
        (Trial(judged=LEAST, by_set={"receipts": (0, 1), "synthetic": (4, 0)}), False),
        (Trial(judged=LEAST - 1, by_set={"receipts": (2, 0)}), False),
    ],
)
def test_a_field_is_rescored_where_that_was_tried_and_no_set_loses_more_than_it_wins(trial: Trial, passed: bool) -> None:
    assert trial.passed is passed


def test_one_set_of_documents_does_not_vouch_for_another() -> None:
    samples = known_samples(knows=True)
    weights = fit_rescorer(one.as_weighed for one in samples)
    against = Rescorer(dict.fromkeys(weights.weights, (0.0, -1.0, 0.0, 0.0)))
    won = {name for name, trial in trials(samples, [weights] * len(samples)).items() if trial.won > 1}
    misled, name = next((one, name) for one in samples for name, right in changed_by(one, against) if name in won and not right)
    others = [one for one in samples if one is not misled]
    own = [*[weights] * len(others), against]
    together = trials([*others, misled], own)[name]
    apart = trials([*others, replace(misled, set_name="another")], own)[name]
    assert (apart.judged, apart.won, apart.lost) == (together.judged, together.won, together.lost)
    assert together.won >= together.lost > 0
    assert together.passed
    assert apart.by_set["another"] == (0, apart.lost)
    assert not apart.passed


def test_a_trial_is_of_weights_without_the_vendor() -> None:
    samples = known_samples(knows=True)
    by_others = cross_fitted_rescorers(samples)
    folds = folds_by_vendor([one.vendor_key for one in samples]).tolist()
    for own in set(folds):
        others = fit_rescorer(one.as_weighed for one, fold in zip(samples, folds, strict=True) if fold != own)
        assert all(by_others[place] == others for place, fold in enumerate(folds) if fold == own)
    found = trials(samples, by_others)
    assert found
    open_and_right = Counter(name for one in samples for name in cases_of(one.as_weighed))
    assert all(trial.judged <= open_and_right[name] for name, trial in found.items())
    judged = [trial for name, trial in found.items() if trial.judged == open_and_right[name]]
    assert len(judged) > 3
    assert any(trial.won for trial in judged)
    assert not any(trial.lost for trial in judged)
    misled = trials(samples, [Rescorer(dict.fromkeys(found, (0.0, -1.0, 0.0, 0.0)))] * len(samples))
    assert sum(trial.lost for trial in misled.values()) > 20
    assert not any(trial.passed for trial in misled.values() if trial.lost)


def test_what_was_only_asked_about_teaches_weights_and_nothing_else() -> None:
    samples = known_samples(knows=True)
    vendors = sorted({one.vendor_key for one in samples})
    read = [one for one in samples if one.vendor_key in vendors[::2]]
    others = [one for one in samples if one.vendor_key not in vendors[::2]]
    asked = [replace(one, model=None, told=one.weighed) for one in others if one.weighed]
    assert all(one.only_weighed for one in asked)
    by_all, *_ = rescored_parts([*read, *others], [])
    by_asking, first, _ = rescored_parts(read, [], asked)
    assert by_asking == by_all, "a document teaches the same whether it was read or not"
    assert len(first) == len(read)
    learned = fit_confidence([*samples, *(replace(one, vendor_key=f"again {one.vendor_key}") for one in asked)], how=Boosting(trees=2))
    plain = fit_confidence(samples, how=Boosting(trees=2))
    assert learned.report["learned"]["documents"] == plain.report["learned"]["documents"]
    assert learned.report["tested"]["documents"] == plain.report["tested"]["documents"]
    assert learned.rescorer != plain.rescorer
    assert learned.report["asked"] == {"documents": len(asked), "vendors": len({one.vendor_key for one in asked})}
    assert "asked" not in plain.report
    same_vendors = fit_confidence([*samples, *(one for one in asked if one.vendor_key in _tested(samples))], how=Boosting(trees=2))
    assert same_vendors.rescorer == plain.rescorer, "vendors that test teach nothing"


def _tested(samples: Sequence[ConfidenceSample]) -> set[str]:
    return {one.vendor_key for one in part_by_vendor(samples, HELD_OUT, 0)[1]}


def test_what_is_won_and_lost_is_counted_once_for_each_labeled_value() -> None:
    samples = known_samples(knows=True)
    model_alone = Rescorer(dict.fromkeys(("date", "vendor.name", "invoice_number"), (0.0, 1.0, 0.0, 0.0)))
    changes = sum((changed_by(one, model_alone) for one in samples), Counter[tuple[str, bool]]())
    assert {name for name, _ in changes} <= set(model_alone.weights)
    assert sum(count for (_, won), count in changes.items() if won) > 0
    unlabeled = [replace(one, gold=replace(one.gold, label_fields=frozenset({"tax"}))) for one in samples]
    assert not any(changed_by(one, model_alone) for one in unlabeled)
