"""What models read on held-out documents, for the pictures alone: the truth with faults by chance, scored as an evaluation scores."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from scripts import picture_team


@dataclass(frozen=True)
class Faults:
    """``rate`` of the values are wrong; confidences are ``blur`` off; a document takes ``seconds`` (0: not timed)."""

    rate: float
    blur: float
    seconds: float


def measure(model: Any, dataset: Any, faults: Faults) -> None:
    """The row and the files of an evaluation, as ``modelops.registry.evaluating`` leaves them but for the report."""
    from mlcore.dataset.directory import read_manifest
    from mlcore.evaluation import Case, evaluate
    from mlcore.evaluation.served import histogram, quality_of, routes_of, served
    from mlcore.gate import Measured, System
    from modelops.folders import dataset_folder, evaluation_folder
    from modelops.models import ModelEvaluation
    from modelops.registry.evaluating import folder_name, name_of
    from modelops.registry.evidence import ANSWERS, EVIDENCE
    from modelops.registry.reading_held_out import held_out
    from modelops.registry.wrong_values import wrong_lines

    documents = held_out(dataset)
    chance = random.Random(f"{model.number if model else 0}:{dataset.number}")
    read = [(sample, _read(sample, faults, chance)) for sample in documents.samples]
    known = [served(sample.id, sample.example, found) for sample, found in read]
    cases = [
        Case.of(sample.id, sample.example, found, layout=sample.layout, set_name=sample.set_name, seen=sample.seen)
        for sample, found in read
    ]
    quality = quality_of(known)
    vendors = frozenset(read_manifest(dataset_folder(dataset))["splits"]["train"]["vendors"]) if model else frozenset()
    seconds = Measured(faults.seconds, len(read)) if faults.seconds else None
    system = System(name_of(model), evaluate(cases), vendors, Measured(quality.ece, quality.count), seconds, True)
    told = system.to_json()
    routes = routes_of(known)
    overall = {**told["evaluation"]["overall"], "failed": told["evaluation"]["failed"], "routes": routes}
    row = ModelEvaluation.objects.create(
        model=model, dataset=dataset, folder=folder_name(model, dataset), documents=told["evaluation"]["count"],
        vendors=told["evaluation"]["vendors"], overall=overall, seconds=faults.seconds or None, calibration=quality.ece,
    )  # fmt: skip
    folder = evaluation_folder(row)
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"routes": routes, "quality": quality.to_json(), "histogram": histogram(known)}
    (folder / EVIDENCE).write_text(json.dumps({**told, "served": facts, "held_out": documents.sha256}), encoding="utf-8")
    (folder / ANSWERS).write_text("".join(wrong_lines(known)), encoding="utf-8")


def time_against(model: Any, dataset: Any, champion: Any, own: float, theirs: float) -> None:
    """As ``modelops.registry.timing`` keeps what it timed, so that the gate finds it."""
    from modelops.folders import evaluation_folder
    from modelops.models import ModelEvaluation
    from modelops.registry.timing import FILE

    row = ModelEvaluation.objects.get(model=model, dataset=dataset)
    told = {"against": champion.model_id, "own": {"value": own, "n": 15}, "theirs": {"value": theirs, "n": 15}}
    (evaluation_folder(row) / FILE).write_text(json.dumps(told), encoding="utf-8")


def _read(sample: Any, faults: Faults, chance: random.Random) -> Any:
    from mlcore.documents import Extraction, FieldPrediction, Route
    from mlcore.record_json import record_from_json, record_to_json, value_to_json
    from mlcore.schema import iter_values, value_at

    truth = sample.example.record
    hard = chance.random() < 0.3
    changes = {}
    for path, value in iter_values(truth):
        text = value_to_json(value)
        if text and not path.endswith(".type") and chance.random() < faults.rate * (2.6 if hard else 0.3):
            changes[path] = picture_team._slip(path, text, chance)
    record = record_from_json(picture_team._changed(record_to_json(truth), changes))
    fields = []
    for path, value in iter_values(record):
        if value is not None:
            right = value_at(truth, path) == value
            sure = 1 - abs(chance.gauss(0, faults.blur)) if right else chance.uniform(0.4, 0.97)
            fields.append(FieldPrediction(path, value, min(0.999, max(0.05, sure))))
    least = min(one.confidence for one in fields)
    route = Route.ACCEPTED if least > 0.97 else Route.REVIEW if least > 0.6 else Route.FLAGGED
    return Extraction("picture", record, tuple(fields), (), route)
