"""How long a document takes with two systems: in one process, on the same documents, by turns, so that whatever else the machine does
slows both. Needs torch: workers call it."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from mlcore.documents import DocumentText
from mlcore.evaluation.samples import Sample
from mlcore.gate import Measured
from mlcore.new_file import write_json
from modelops.folders import evaluation_folder
from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion
from modelops.registry.reading_held_out import System, held_out, system_of

TIMED: Final = 15
"""Documents, spread evenly over the held-out ones. An even number of them would make the median a mean of two."""

FILE: Final = "timed.json"

Pair = tuple[Measured, Measured | None]
"""Seconds of a document with the model, and with the one that it is held against."""


def timed_against(evaluation: ModelEvaluation, champion: ModelVersion | None) -> Pair:
    """Time the evaluation's model beside ``champion`` (``None``: alone), or read what was timed; kept in the evaluation's folder.

    Raises ``Refused`` as ``system_of`` does.
    """
    path = evaluation_folder(evaluation) / FILE
    against = champion.model_id if champion is not None else ""
    kept = _kept(path, against)
    if kept is not None:
        return kept
    found = _timed(evaluation.model, champion, evaluation.dataset)
    own, theirs = found
    write_json(path, {"against": against, "own": _to_json(own), "theirs": _to_json(theirs) if theirs else None})
    ModelEvaluation.objects.filter(pk=evaluation.pk).update(seconds=own.value)
    evaluation.seconds = own.value
    return found


def _timed(model: ModelVersion | None, champion: ModelVersion | None, dataset: DatasetVersion) -> Pair:
    documents = spread(held_out(dataset).samples)
    systems = [system_of(model), *([system_of(champion)] if champion is not None else [])]
    for system in systems:
        system.extract_each(documents[:1])  # the first document waits for what is loaded late
    taken: list[list[float]] = [[] for _ in systems]
    for turn, document in enumerate(documents):
        order = range(len(systems)) if turn % 2 == 0 else reversed(range(len(systems)))
        for place in order:
            taken[place].append(_seconds(systems[place], document))
    measured = [Measured(median(one), len(one)) for one in taken]
    return measured[0], measured[1] if len(measured) > 1 else None


def spread(samples: Sequence[Sample], most: int = TIMED) -> list[DocumentText]:
    """At most so many documents, evenly from the first to the last."""
    count = min(most, len(samples))
    return [samples[n * len(samples) // count].example.document for n in range(count)]


def _seconds(system: System, document: DocumentText) -> float:
    begun = time.perf_counter()
    system.extract_each([document])
    return time.perf_counter() - begun


def _kept(path: Path, against: str) -> Pair | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["against"] != against:
            return None
        theirs = data["theirs"]
        return _from_json(data["own"]), _from_json(theirs) if theirs else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _to_json(one: Measured) -> dict[str, Any]:
    return {"value": one.value, "n": one.n}


def _from_json(data: dict[str, Any]) -> Measured:
    return Measured(float(data["value"]), int(data["n"]))
