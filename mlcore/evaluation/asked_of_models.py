"""What is asked of a model in an evaluation, as a word of the command line, and the systems that answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import ModelAlone, ModelBesideTemplate, ModelShown
from mlcore.evaluation.labeled import labeled_documents, labeled_shelf
from mlcore.evaluation.shown_lessons import shown_after, shown_of, shown_wrong
from mlcore.evaluation.systems import System
from mlcore.serving import Reader, ServingExtractor

MODEL = "model"
"""The model alone, shown nothing but the document."""
SHOWN, WRONG, LABELED = "shown", "wrong", "labeled"
WORDS = (
    f"{MODEL} (the model alone), {SHOWN}-N (shown the nearest of N confirmed documents of the vendor), {WRONG}-N (of another vendor), "
    f"{LABELED}-N (the nearest of the first N training documents of DATA)"
)
_WORD = re.compile(rf"(?:({SHOWN}|{WRONG}|{LABELED})-)?(\d+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind`` is ``MODEL``, ``SHOWN``, ``WRONG``, ``LABELED``, or ``""`` for model and template together; ``count`` is its N."""

    kind: str
    count: int = 0

    @classmethod
    def of(cls, word: str) -> Asked | None:
        """What a word asks; ``None`` for one that asks nothing."""
        if word == MODEL:
            return cls(MODEL)
        match = _WORD.fullmatch(word)
        return cls(match[1] or "", int(match[2])) if match and (int(match[2]) or match[1] not in (SHOWN, WRONG)) else None


def bare_systems(name: str, reader: Reader, asked: Sequence[Asked], data: Path) -> list[System]:
    """The systems of a base without an adapter, which is shown one example where it is shown any."""
    return [_alone(name, reader, one, 1, data) for one in asked]


def artifact_systems(name: str, extractor: ServingExtractor, asked: Sequence[Asked], data: Path) -> list[System]:
    """The systems of one artifact, which share the readings of its ``remembering`` reader.

    Raises ``EvaluationError`` where examples are to be shown to a model that was not trained with any.
    """
    systems: list[System] = []
    for one in asked:
        if one.kind in (SHOWN, WRONG, LABELED) and not extractor.examples:
            raise EvaluationError(
                f"{name} was not trained with examples, so it is never shown any; train with shown_share above 0, or leave "
                f"{one.kind}-{one.count} out."
            )
        if one.kind:
            systems.append(_alone(name if one.kind != MODEL else f"{name} alone", extractor.reader, one, extractor.examples, data))
        else:
            after = f" after {one.count}" if one.count else ""
            systems.append(ModelBesideTemplate(f"{name} + template{after}", extractor, one.count))
    return systems


def _alone(name: str, reader: Reader, one: Asked, most: int, data: Path) -> System:
    if one.kind == SHOWN:
        return ModelShown(f"{name} shown after {one.count}", reader, partial(shown_after, confirmed=one.count, most=most), True)
    if one.kind == WRONG:
        return ModelShown(f"{name} shown wrong after {one.count}", reader, partial(shown_wrong, confirmed=one.count, most=most), True)
    if one.kind == LABELED:
        shelf = labeled_shelf(labeled_documents(data, one.count))
        return ModelShown(f"{name} shown of {len(shelf.confirmed)} labeled", reader, partial(shown_of, shelf=shelf, most=most), False)
    return ModelAlone(name, reader)
