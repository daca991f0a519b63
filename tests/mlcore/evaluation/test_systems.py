"""Systems: their answers become cases, and what they do not answer is an error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from mlcore.documents import DocumentText, GoldExample, gold_to_json
from mlcore.errors import DatasetError, EvaluationError
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.samples import Sample, samples_from_lines
from mlcore.evaluation.systems import Answer, KeptPredictions, evaluate_system, predictions_from_lines
from mlcore.record_json import record_to_json
from tests.mlcore.evaluation.records import invoice

QUICK = Resampling(20)
SAMPLES = [Sample(f"d{n}", GoldExample(DocumentText(()), invoice(f"A{n}"), f"v{n}")) for n in range(4)]


@dataclass(frozen=True)
class Canned:
    """Answers with what it was given."""

    given: tuple[Answer, ...]
    leaves_out: bool = False
    name: str = "canned"

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        yield from self.given


def test_what_is_not_answered_is_an_error() -> None:
    told: list[int] = []
    evaluation = evaluate_system(Canned((Answer("d0", invoice("A0")),)), SAMPLES, QUICK, told.append)
    assert evaluation.overall["end_to_end"].value == 0.25
    assert [document.failure for document in evaluation.documents] == ["", "no answer", "no answer", "no answer"]
    assert told == [1]


def test_only_a_system_that_learns_may_leave_documents_out() -> None:
    evaluation = evaluate_system(Canned((Answer("d0", invoice("A0")),), leaves_out=True), SAMPLES, QUICK)
    assert (len(evaluation.documents), evaluation.overall["end_to_end"].value) == (1, 1.0)


@pytest.mark.parametrize("answers", [("x",), ("d0", "d0")])
def test_answers_that_were_not_asked_for_are_refused(answers: tuple[str, ...]) -> None:
    with pytest.raises(EvaluationError, match="was not asked or is answered already"):
        evaluate_system(Canned(tuple(Answer(id, None) for id in answers)), SAMPLES, QUICK)


def test_kept_predictions_with_every_way_to_fail() -> None:
    lines = [
        json.dumps({"id": "d0", "record": record_to_json(invoice("A0"))}),
        json.dumps({"id": "d1", "record": None, "failure": "cut short"}),
        json.dumps({"id": "d2", "record": {"total": "much"}}),
        "",
        json.dumps({"id": "other", "record": {}}),
    ]
    evaluation = evaluate_system(KeptPredictions("kept", predictions_from_lines(lines, "kept.jsonl")), SAMPLES, QUICK)
    reasons = [document.failure for document in evaluation.documents]
    assert reasons == ["", "cut short", "no valid record: not_a_number at total", "no prediction"]
    assert evaluation.overall["end_to_end"].value == 0.25


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "line 2, is not"), ('{"id": "d0"}', "line 2, is not"), ('{"id": "a", "record": null}', "line 2: 'a' occurs twice")],
)
def test_a_line_that_is_no_prediction_is_told(line: str, told: str) -> None:
    with pytest.raises(EvaluationError, match=told):
        predictions_from_lines(['{"id": "a", "record": null}', line], "kept.jsonl")


def test_samples_come_from_lines_with_their_groups() -> None:
    line = {"id": "d0", "layout": "wide", "set": "odoo", **gold_to_json(SAMPLES[0].example)}
    (sample,) = samples_from_lines([json.dumps({**line, "seen": True}), "\n"], "test.jsonl")
    assert (sample.id, sample.layout, sample.set_name, sample.seen) == ("d0", "wide", "odoo", True)
    assert sample.example.record == SAMPLES[0].example.record
    assert not samples_from_lines([json.dumps(line)], "test.jsonl")[0].seen


def test_a_line_that_is_no_sample_is_told() -> None:
    with pytest.raises(DatasetError, match=r"gold.jsonl, line 1, is no gold example"):
        samples_from_lines(['{"id": "x"}'], "gold.jsonl")
