"""What is evaluated: anything that answers documents with records. A new kind of system is one class here or elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mlcore.errors import EvaluationError, RecordError
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.case import Case
from mlcore.evaluation.metrics import evaluate
from mlcore.evaluation.protocols import template_lessons
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.scores import Evaluation
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system said about the sample with this id; ``record`` is ``None`` when it failed, for the reason in ``failure``."""

    id: str
    record: InvoiceRecord | None
    failure: str = ""


class System(Protocol):
    """Something to evaluate. ``leaves_out`` says that it may leave out documents, such as those that it learns from; of another system, a
    document that it does not answer is an error."""

    @property
    def name(self) -> str: ...

    @property
    def leaves_out(self) -> bool: ...

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """Answers in any order, as they come."""
        ...


@dataclass(frozen=True, slots=True)
class TemplateSystem:
    """The template reader after ``confirmed`` documents of the same vendor (and layout)."""

    confirmed: int = 0

    @property
    def name(self) -> str:
        """How the report calls it."""
        return f"template after {self.confirmed}" if self.confirmed else "template zero-shot"

    @property
    def leaves_out(self) -> bool:
        """It leaves out the documents that it learns from."""
        return self.confirmed > 0

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """As ``protocols.template_lessons`` deals the documents out."""
        for reader, rest in template_lessons(samples, self.confirmed):
            for sample in rest:
                yield Answer(sample.id, reader.extract([sample.example.document])[0].record)


@dataclass(frozen=True)
class KeptPredictions:
    """Records that another command has written. Samples without one are errors."""

    name: str
    kept: Mapping[str, Answer]
    leaves_out: bool = False

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """In the order of the samples; predictions for other documents are not looked at."""
        for sample in samples:
            yield self.kept.get(sample.id) or Answer(sample.id, None, "no prediction")


def predictions_from_lines(lines: Iterable[str], source: str) -> dict[str, Answer]:
    """Lines of ``{"id", "record": record_to_json(...) | null, "failure"?}``.

    A record that does not fit the schema is an answer that failed. Raises ``EvaluationError`` for a line that is not of this
    form and for an id that occurs twice.
    """
    found: dict[str, Answer] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            id, raw = str(data["id"]), data["record"]
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f'{source}, line {number}, is not {{"id": ..., "record": ...}} ({error!r}).') from error
        if id in found:
            raise EvaluationError(f"{source}, line {number}: {id!r} occurs twice; keep one prediction for each document.")
        found[id] = _answer(id, raw, str(data.get("failure") or ""))
    return found


def _answer(id: str, raw: object, failure: str) -> Answer:
    if raw is None:
        return Answer(id, None, failure or "no record")
    try:
        return Answer(id, record_from_json(raw))
    except RecordError as error:
        return Answer(id, None, f"no valid record: {error.problems[0].code} at {error.problems[0].path or 'the record'}")


def evaluate_system(
    system: System, samples: Sequence[Sample], resampling: Resampling, progress: Callable[[int], None] = lambda done: None
) -> Evaluation:
    """Let a system read the samples and score it; ``progress`` hears how many answers have come.

    Raises ``EvaluationError`` for an answer to a document that was not asked, and when nothing is left to score.
    """
    asked = {sample.id: sample for sample in samples}
    answers: dict[str, Answer] = {}
    for answer in system.answers(samples):
        if answer.id not in asked or answer.id in answers:
            raise EvaluationError(f"{system.name}: an answer for {answer.id!r}, which was not asked or is answered already.")
        answers[answer.id] = answer
        progress(len(answers))
    if not system.leaves_out:
        answers |= {id: Answer(id, None, "no answer") for id in asked if id not in answers}
    return evaluate((_case(sample, answers[sample.id]) for sample in samples if sample.id in answers), resampling)


def _case(sample: Sample, answer: Answer) -> Case:
    return Case.of(
        sample.id,
        sample.example,
        answer.record,
        layout=sample.layout,
        set_name=sample.set_name,
        seen=sample.seen,
        failure=answer.failure,
    )
