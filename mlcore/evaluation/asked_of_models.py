"""What is asked of a model in an evaluation, as a word of the command line, and the systems that answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import ModelAfterTruth, ModelAlone, ModelBesideTemplate, RememberingReader, TeacherForced
from mlcore.evaluation.labeled import labeled_documents, labeled_shelf
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import Lesson, shown_after, shown_nothing, shown_of, shown_wrong
from mlcore.evaluation.systems import System
from mlcore.serving import Reader, ServingExtractor

MODEL = "model"
"""The model alone, shown nothing but the document."""
SHOWN, WRONG, LABELED = "shown", "wrong", "labeled"
FORCED = "teacher-forced"
"""Before a word: the model does not read but is told the true beginning before each value (``inference.teacher_forcing``)."""
WORDS = (
    f"{MODEL} (the model alone), {SHOWN}-N (shown the nearest of N confirmed documents of the vendor), {WRONG}-N (of another vendor), "
    f"{LABELED}-N (the nearest of the first N training documents of DATA), {FORCED}-{MODEL} and so on (what it says of each "
    "value after the true beginning of the answer, in one pass)"
)
_WORD = re.compile(rf"({FORCED}-)?(?:{MODEL}|(?:({SHOWN}|{WRONG}|{LABELED})-)?(\d+))")


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind`` is ``MODEL``, ``SHOWN``, ``WRONG``, ``LABELED``, or ``""`` for model and template together; ``count`` is its N.

    With ``forced`` the model does not read: it is told the true beginning before each value."""

    kind: str
    count: int = 0
    forced: bool = False

    @property
    def word(self) -> str:
        """How it is asked."""
        said = self.kind if self.kind == MODEL else f"{self.kind}-{self.count}" if self.kind else str(self.count)
        return f"{FORCED}-{said}" if self.forced else said

    @classmethod
    def of(cls, word: str) -> Asked | None:
        """What a word asks; ``None`` for one that asks nothing."""
        match = _WORD.fullmatch(word)
        if match is None:
            return None
        forced, kind, count = bool(match[1]), match[2] or "", int(match[3] or 0)
        if match[3] is None:
            return cls(MODEL, 0, forced)
        return cls(kind, count, forced) if (count or kind not in (SHOWN, WRONG)) and (kind or not forced) else None


def bare_systems(name: str, reader: Reader, asked: Sequence[Asked], data: Path) -> list[System]:
    """The systems of a base without an adapter, which is shown one example where it is shown any."""
    return [_alone(name, name, reader, one, 1, data, None) for one in asked]


def artifact_systems(
    name: str, extractor: ServingExtractor, asked: Sequence[Asked], data: Path, max_tokens: int | None = None
) -> list[System]:
    """The systems of one artifact, which share the readings of its ``remembering`` reader. ``max_tokens`` bounds documents of which it is
    told the beginning.

    Raises ``EvaluationError`` where examples are to be shown to a model that was not trained with any, and where a model behind a server
    is to be told the beginning of its answers.
    """
    systems: list[System] = []
    for one in asked:
        if one.kind in (SHOWN, WRONG, LABELED) and not extractor.examples:
            raise EvaluationError(
                f"{name} was not trained with examples, so it is never shown any; train with shown_share above 0, or leave {one.word} out."
            )
        if one.kind:
            systems.append(_alone(name, f"{name} alone", extractor.reader, one, extractor.examples, data, max_tokens))
        else:
            after = f" after {one.count}" if one.count else ""
            systems.append(ModelBesideTemplate(f"{name} + template{after}", extractor, one.count))
    return systems


def _alone(name: str, alone: str, reader: Reader, one: Asked, most: int, data: Path, max_tokens: int | None) -> System:
    """``alone`` is the name of a model that is shown nothing, ``name`` begins that of one that is shown something."""
    deal: Callable[[Sequence[Sample]], Iterator[Lesson]]
    if one.kind == SHOWN:
        told, deal = f"{name} shown after {one.count}", partial(shown_after, confirmed=one.count, most=most)
    elif one.kind == WRONG:
        told, deal = f"{name} shown wrong after {one.count}", partial(shown_wrong, confirmed=one.count, most=most)
    elif one.kind == LABELED:
        shelf = labeled_shelf(labeled_documents(data, one.count))
        told, deal = f"{name} shown of {len(shelf.confirmed)} labeled", partial(shown_of, shelf=shelf, most=most)
    else:
        told, deal = alone, shown_nothing
    if one.forced:
        return ModelAfterTruth(f"{told}, teacher-forced", _in_process(name, reader), deal, max_tokens)
    return ModelAlone(told, reader, deal, leaves_out=one.kind in (SHOWN, WRONG))


def _in_process(name: str, reader: Reader) -> TeacherForced:
    inner = reader.reader if isinstance(reader, RememberingReader) else reader
    if not isinstance(inner, TeacherForced):
        raise EvaluationError(f"{name} is asked through a server, which cannot be told the beginning of an answer; leave --server out.")
    return inner
