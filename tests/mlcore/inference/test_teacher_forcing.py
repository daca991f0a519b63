"""What a model says after the true beginning of an answer, as a record that the comparator scores."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.compare import Outcome, compare_records
from mlcore.documents import DocumentText, GoldExample, gold_to_json
from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import RememberingReader
from mlcore.evaluation.asked_of_models import Asked, bare_systems
from mlcore.inference.reading import DocumentReading
from mlcore.inference.teacher_forcing import ANOTHER_LINE, SaidPiece, said_pieces, said_record, said_records
from mlcore.prompts import Example
from mlcore.retrieval.examples import confirmed_of
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, ItemType, LineItem, VendorParty
from mlcore.training.examples import TrainingExample, pieces_of, training_example
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.conftest import typewritten
from tests.mlcore.training.conftest import receipt
from tests.mlcore.training.test_validation import Reciter

__all__ = ["base_folder", "packed", "run_folder"]

KEYED = FORMS["keyed-1"]
ITEMS = (
    LineItem(description="Gauze", total=Decimal("2.50"), type=ItemType.STANDARD_MEDICATION),
    LineItem(description="Bed hire", total=Decimal("9.00"), type=ItemType.DME_RENTAL),
)
GOLD = GoldExample(
    typewritten("Apex Care\nInvoice N-77\nGauze  2.50\nBed hire  9.00\nTotal  11.50"),
    InvoiceRecord(invoice_number="N-77", vendor=VendorParty("Apex Care"), total=Decimal("11.50"), line_items=ITEMS),
    "apex",
)


@pytest.fixture(scope="module")
def base(base_folder: Path) -> LoadedBase:
    return load_base(base_folder, "fp32", "cpu")


def _pieces(gold: GoldExample, form: str, changed: Mapping[str, tuple[str, str]] = {}) -> list[SaidPiece]:
    """The pieces of an answer as they should be said, but for those of the paths ``changed``: there the text is cut before the first of a
    pair, and the second is said instead."""
    pieces, lead = [], ""
    for part in FORMS[form].spell(printed_record(gold), gold.label_fields):
        lead += part.text
        if part.path and part.text:
            pieces.append(SaidPiece(part.path, lead, lead, True))
            lead = ""
    pieces.append(SaidPiece("", lead, lead, True))
    assert [one.path for one in pieces] == list(pieces_of(gold, FORMS[form]))
    return [_changed(one, *changed[one.path]) if one.path in changed else one for one in pieces]


def _changed(piece: SaidPiece, before: str, after: str) -> SaidPiece:
    kept, found, _ = piece.wanted.rpartition(before)
    assert found, piece
    return replace(piece, said=kept + after, right=False)


def _said(form: str, path: str, before: str, after: str, gold: GoldExample = GOLD) -> InvoiceRecord:
    return said_record(gold, FORMS[form], _pieces(gold, form, {path: (before, after)}))


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_is_said_whole_is_the_confirmed_record(form: str) -> None:
    assert said_record(GOLD, FORMS[form], _pieces(GOLD, form)) == GOLD.record


@pytest.mark.parametrize("form", FORMS)
def test_another_amount_is_a_wrong_value_and_nothing_else_changes(form: str) -> None:
    assert _said(form, "total", "1.50", "7") == replace(GOLD.record, total=Decimal("17"))


@pytest.mark.parametrize(("form", "end"), [("keyed-1", "\n"), ("rows-1", "\n"), ("json-1", '"')])
def test_a_value_that_breaks_off_is_not_right_whatever_follows(form: str, end: str) -> None:
    """Behind the end comes, after the true beginning, the rest of the value: nobody would have said that."""
    found = _said(form, "vendor.name", " Care", end)
    assert compare_records(GOLD.record, found).count(Outcome.WRONG) == 1
    assert found.vendor.name is not None
    assert found.vendor.name.strip('"') == "Apex"
    assert _said(form, "total", "11.50", end).total is None


@pytest.mark.parametrize(("form", "key"), [("keyed-1", "number"), ("json-1", "invoice_number")])
def test_a_value_after_another_key_is_absent(form: str, key: str) -> None:
    assert _said(form, "invoice_number", key, "other") == replace(GOLD.record, invoice_number=None)


@pytest.mark.parametrize("form", FORMS)
def test_another_sign_is_another_type(form: str) -> None:
    assert _said(form, "line_items[1].type", "R", "B").line_items == (ITEMS[0], replace(ITEMS[1], type=ItemType.BUNDLED_SERVICE))


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_goes_on_has_a_line_too_many(form: str) -> None:
    pieces = _pieces(GOLD, form)
    found = said_record(GOLD, FORMS[form], [*pieces[:-1], replace(pieces[-1], right=False)])
    assert found.line_items == (*ITEMS, ANOTHER_LINE)
    assert compare_records(GOLD.record, found).count(Outcome.SPURIOUS) == len(LINE_ITEM_FIELDS)
    column = compare_records(GOLD.record, found, {"line_items.quantity"})
    assert not column.exact, "whatever column is labeled"


@pytest.mark.parametrize("path", ["tax", "date", "vendor.address", "line_items[0].ndc_code", "line_items[1].quantity"])
def test_what_json_says_in_place_of_null_is_a_value_too_many(path: str) -> None:
    found = compare_records(GOLD.record, _said("json-1", path, "null", '"1'))
    assert found.count(Outcome.SPURIOUS) == 1
    assert found.count(Outcome.WRONG, Outcome.MISSING) == 0


@pytest.mark.parametrize("form", FORMS)
def test_an_item_of_which_nothing_is_said_is_missing(form: str) -> None:
    lost = {one.path: (one.wanted, "") for one in _pieces(GOLD, form) if one.path.startswith("line_items[0]") and "null" not in one.wanted}
    found = said_record(GOLD, FORMS[form], _pieces(GOLD, form, lost))
    assert found.line_items == ITEMS[1:]


@pytest.mark.parametrize("form", FORMS)
def test_what_nobody_labeled_is_no_piece(form: str) -> None:
    gold = replace(GOLD, label_fields=frozenset({"total"}))
    assert [path for path in pieces_of(gold, FORMS[form]) if path in ("total", "", "invoice_number")][-2:] == ["total", ""]
    assert compare_records(gold.record, said_record(gold, FORMS[form], _pieces(gold, form)), gold.label_fields).exact


def test_after_a_wrong_token_nothing_counts() -> None:
    one = TrainingExample("r", (9, 1, 2, 3, 4), (0.0, 1.0, 1.0, 1.0, 1.0), (-1, 0, 0, 0, 1))
    texts = {(1, 2, 3): "abc", (1, 7): "ax", (4,): ".", (8,): "!", (): ""}
    decode = lambda tokens: texts[tuple(tokens)]  # noqa: E731
    broken = list(said_pieces(one, (1, 7, 3, 8), ("total", ""), decode))
    assert broken == [SaidPiece("total", "abc", "ax", False), SaidPiece("", ".", "!", False)]
    hidden = replace(one, weights=(0.0, 0.0, 0.0, 0.0, 1.0))
    assert next(iter(said_pieces(hidden, (4,), ("total", ""), decode))) == SaidPiece("total", "", "", True), "nothing of it counts"


def _recited(base: LoadedBase, missed: Collection[tuple[int, int]] = ()) -> LoadedBase:
    return replace(base, model=Reciter(len(base.tokenizer), base.tokenizer.eos_token_id, missed))


def test_documents_come_shortest_first_and_long_ones_are_left_out(base: LoadedBase) -> None:
    golds = [receipt(n) for n in (2, 0, 1)]
    lengths = [len(training_example("r", gold, KEYED, base.tokenizer).tokens) for gold in golds]
    assert lengths[1] < lengths[2] < lengths[0]
    nothing: list[tuple[()]] = [()] * 3
    found = list(said_records(_recited(base), KEYED, golds, nothing, max_tokens=lengths[0], micro_batch=2))
    assert found == [(1, golds[1].record), (2, golds[2].record), (0, golds[0].record)]
    fewer = said_records(_recited(base), KEYED, golds, nothing, max_tokens=lengths[0] - 1, micro_batch=1)
    assert [place for place, _ in fewer] == [1, 2]


def test_one_lost_token_loses_its_value(base: LoadedBase) -> None:
    gold = receipt(2)
    one = training_example("r", gold, KEYED, base.tokenizer)
    number = pieces_of(gold, KEYED).index("total")
    last = max(place for place, piece in enumerate(one.pieces) if piece == number)
    [(_, found)] = said_records(_recited(base, [(len(one.tokens), last)]), KEYED, [gold], [()], 10_000, 1)
    assert found != gold.record
    assert replace(found, total=gold.record.total) == gold.record


def test_examples_that_do_not_fit_are_not_shown(base: LoadedBase) -> None:
    golds = [receipt(0), receipt(2)]
    own = [one.example for gold in golds if (one := confirmed_of(gold)) is not None]
    with_one = len(training_example("r", golds[0], KEYED, base.tokenizer, shown=own[1:]).tokens)
    lengths = []

    class Measuring(Reciter):
        def _read(self, input_ids: Any, use_cache: bool) -> Any:
            lengths.append(input_ids.shape[1])
            return super()._read(input_ids, use_cache)

    measuring = replace(base, model=Measuring(len(base.tokenizer), base.tokenizer.eos_token_id))
    for most in (with_one, with_one - 1):
        assert len(list(said_records(measuring, KEYED, golds[:1], [own[1:]], most, 1))) == 1
    assert lengths == [with_one, len(training_example("r", golds[0], KEYED, base.tokenizer).tokens)]


def test_evaluate_tells_an_artifact_and_a_base_the_beginning(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(3)))
    words = ["evaluate", str(gold), "--out", str(tmp_path / "report"), "--models", str(base_folder.parent), "--resamples", "20"]
    assert (
        main([*words, "--artifact", f"first={packed}@teacher-forced-model", "--bare", f"base={base_folder}@rows-1,teacher-forced-shown-1"])
        == 0
    )
    told = capsys.readouterr().out
    assert "first alone, teacher-forced" in told
    assert "base shown after 1, teacher-forced" in told
    assert main([*words, "--max-tokens", "100", "--artifact", f"first={packed}@teacher-forced-model"]) == 1
    assert "no document" in capsys.readouterr().err


def test_words() -> None:
    for word, asked in (
        ("teacher-forced-model", Asked("model", 0, forced=True)),
        ("teacher-forced-shown-2", Asked("shown", 2, forced=True)),
        ("teacher-forced-labeled-0", Asked("labeled", 0, forced=True)),
        ("model", Asked("model")),
        ("3", Asked("", 3)),
    ):
        assert Asked.of(word) == asked
        assert asked.word == word
    for word in ("teacher-forced", "teacher-forced-", "teacher-forced-0", "teacher-forced-3", "teacher-forced-shown-0", "forced-model"):
        assert Asked.of(word) is None


def test_a_model_behind_a_server_cannot_be_forced() -> None:
    class Elsewhere:
        def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
            raise AssertionError("it is refused before anything is read")

    with pytest.raises(EvaluationError, match="leave --server out"):
        bare_systems("far", RememberingReader(Elsewhere()), [Asked("model", forced=True)], Path())
