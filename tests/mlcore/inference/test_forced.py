"""What a model says after the true beginning of an answer, as a record that the comparator scores."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.compare import Outcome, compare_records
from mlcore.documents import DocumentText, GoldExample, gold_to_json
from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import RememberingReader
from mlcore.evaluation.asked_of_models import Asked, bare_systems
from mlcore.evaluation.metrics import evaluation_from_json
from mlcore.inference.forced import TOO_MUCH, SaidPiece, forced_records, said_record
from mlcore.inference.reading import DocumentReading
from mlcore.prompts import Example
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty
from mlcore.training.examples import pieces_of, training_example
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


def _pieces(gold: GoldExample, base: LoadedBase, form: str = "keyed-1") -> list[SaidPiece]:
    """The pieces of an answer, all said as they should be."""
    one = training_example("r", gold, FORMS[form], base.tokenizer)
    paths, found = pieces_of(gold, FORMS[form]), []
    for number, path in enumerate(paths):
        tokens = [token for token, piece in zip(one.tokens, one.pieces, strict=True) if piece == number]
        found.append(SaidPiece(path, base.tokenizer.decode(tokens), base.tokenizer.decode(tokens)))
    return found


def _said(gold: GoldExample, base: LoadedBase, path: str, before: str, after: str, form: str = "keyed-1") -> InvoiceRecord:
    """The record when ``after`` is said instead of ``before`` in the piece of ``path``."""
    pieces = _pieces(gold, base, form)
    (one,) = (piece for piece in pieces if piece.path == path)
    assert before in one.said
    told = (replace(piece, said=piece.said.replace(before, after)) if piece is one else piece for piece in pieces)
    return said_record(gold, FORMS[form], told)


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_is_said_whole_is_the_confirmed_record(base: LoadedBase, form: str) -> None:
    assert said_record(GOLD, FORMS[form], _pieces(GOLD, base, form)) == GOLD.record


@pytest.mark.parametrize("form", FORMS)
def test_another_amount_is_a_wrong_value_and_nothing_else_changes(base: LoadedBase, form: str) -> None:
    assert _said(GOLD, base, "total", "11.50", "17.50", form) == replace(GOLD.record, total=Decimal("17.50"))


@pytest.mark.parametrize(("form", "key"), [("keyed-1", "number"), ("json-1", "invoice_number")])
def test_a_value_after_another_key_is_absent(base: LoadedBase, form: str, key: str) -> None:
    assert _said(GOLD, base, "invoice_number", key, "other", form) == replace(GOLD.record, invoice_number=None)


@pytest.mark.parametrize("form", FORMS)
def test_another_sign_is_another_type(base: LoadedBase, form: str) -> None:
    (wanted,) = (piece.wanted for piece in _pieces(GOLD, base, form) if piece.path == "line_items[1].type")
    found = _said(GOLD, base, "line_items[1].type", wanted, wanted.replace("R", "B"), form)
    assert found.line_items == (ITEMS[0], replace(ITEMS[1], type=ItemType.BUNDLED_SERVICE))


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_goes_on_has_one_item_too_many(base: LoadedBase, form: str) -> None:
    pieces = _pieces(GOLD, base, form)
    found = said_record(GOLD, FORMS[form], [*pieces[:-1], replace(pieces[-1], said="-")])
    assert found.line_items == (*ITEMS, TOO_MUCH)
    assert compare_records(GOLD.record, found).count(Outcome.SPURIOUS) == 1


def test_what_json_says_in_place_of_null_is_too_much(base: LoadedBase) -> None:
    found = _said(GOLD, base, "tax", "null", '"1', "json-1")
    assert found.tax is None
    assert found.line_items == (*ITEMS, TOO_MUCH)


def _recited(base: LoadedBase, missed: Collection[tuple[int, int]] = ()) -> LoadedBase:
    return replace(base, model=Reciter(len(base.tokenizer), base.tokenizer.eos_token_id, missed))


def test_documents_come_shortest_first_and_long_ones_are_left_out(base: LoadedBase) -> None:
    golds = [receipt(n) for n in (2, 0, 1)]
    lengths = [len(training_example("r", gold, KEYED, base.tokenizer).tokens) for gold in golds]
    assert lengths[1] < lengths[2] < lengths[0]
    nothing: list[tuple[()]] = [()] * 3
    found = list(forced_records(_recited(base), KEYED, golds, nothing, max_tokens=lengths[0], micro_batch=2))
    assert found == [(1, golds[1].record), (2, golds[2].record), (0, golds[0].record)]
    fewer = forced_records(_recited(base), KEYED, golds, nothing, max_tokens=lengths[0] - 1, micro_batch=1)
    assert [place for place, _ in fewer] == [1, 2]


def test_one_lost_token_loses_its_value(base: LoadedBase) -> None:
    gold = receipt(2)
    one = training_example("r", gold, KEYED, base.tokenizer)
    number = pieces_of(gold, KEYED).index("total")
    last = max(place for place, piece in enumerate(one.pieces) if piece == number)
    [(_, found)] = forced_records(_recited(base, [(len(one.tokens), last)]), KEYED, [gold], [()], 10_000, 1)
    assert found != gold.record
    assert replace(found, total=gold.record.total) == gold.record


def test_evaluate_forces_an_artifact_and_a_base(
    packed: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(3)))
    words = ["evaluate", str(gold), "--out", str(tmp_path / "report"), "--models", str(base_folder.parent), "--resamples", "20"]
    assert main([*words, "--artifact", f"first={packed}@forced-model", "--bare", f"base={base_folder}@rows-1,forced-shown-1"]) == 0
    told = capsys.readouterr().out
    assert "first alone, forced" in told
    assert "base shown after 1, forced" in told
    assert main([*words, "--max-tokens", "100", "--artifact", f"first={packed}@forced-model"]) == 1
    assert "no document" in capsys.readouterr().err


def test_evaluate_scores_what_ocr_would_have_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(8)))
    words = ["evaluate", str(gold), "--template", "--resamples", "20", "--out"]
    for name, level in (("clean", "0"), ("noisy", "3"), ("again", "3")):
        assert main([*words, str(tmp_path / name), "--noise", level]) == 0
    clean, noisy, again = (
        evaluation_from_json(json.loads((tmp_path / name / "evaluation.json").read_text())["systems"][0]["evaluation"])
        for name in ("clean", "noisy", "again")
    )
    assert noisy.documents == again.documents != clean.documents
    assert main([*words, str(tmp_path / "loud"), "--noise", "6"]) == 1
    assert "--noise is 6; 0 to 5 times" in capsys.readouterr().err


def test_forced_words() -> None:
    assert Asked.of("forced-model") == Asked("model", 0, forced=True)
    assert Asked.of("forced-shown-2") == Asked("shown", 2, forced=True)
    assert Asked.of("forced-labeled-0") == Asked("labeled", 0, forced=True)
    for word in ("forced", "forced-", "forced-0", "forced-3", "forced-shown-0", "forced-forced-model"):
        assert Asked.of(word) is None


def test_a_model_behind_a_server_cannot_be_forced() -> None:
    class Elsewhere:
        def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
            raise AssertionError("it is refused before anything is read")

    with pytest.raises(EvaluationError, match="leave --server out"):
        bare_systems("far", RememberingReader(Elsewhere()), [Asked("model", forced=True)], Path())
