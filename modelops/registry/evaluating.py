"""How a model does on the held-out documents of a data set version, once and for good.

Needs torch for a model: workers call it, the web process asks for it by ``asking``.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.evaluation import Case, Evaluation
from mlcore.evaluation import evaluate as score
from mlcore.evaluation.charts import ChartSet, ReliabilityBin, ReliabilityDiagram
from mlcore.evaluation.report import DataSource, Report, SystemResult, html_page
from mlcore.evaluation.served import Served, histogram, quality_of, routes_of, served
from mlcore.gate import Measured, System
from mlcore.new_folder import new_folder
from modelops.folders import evaluations_folder
from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion
from modelops.registry.alone import alone_in
from modelops.registry.evidence import ANSWERS, EVIDENCE, REPORT, TEMPLATES, is_whole
from modelops.registry.lineage import vendors_known
from modelops.registry.reading_held_out import HeldOut, Listen, held_out, read_all, system_of
from modelops.registry.wrong_values import wrong_lines

READINGS: Final = "readings.jsonl"


def nobody_listens(done: int, count: int) -> None:
    """Progress that nobody hears."""


def evaluate(
    model: ModelVersion | None,
    dataset: DatasetVersion,
    *,
    listen: Listen | None = None,
    by: User | None = None,
    fence: Callable[[], None] | None = None,
) -> ModelEvaluation:
    """The evaluation of the model (``None``: of the templates alone), made now if there is none whose files are whole.

    Readings are kept as they come, so a call that was interrupted goes on with the next document. ``fence`` is called in the transaction
    that stores the row. Raises ``Refused``: for a model that cannot be loaded, for a version without held-out documents.
    """
    found = ModelEvaluation.objects.filter(model=model, dataset=dataset).first()
    if found is not None and is_whole(evaluations_folder() / found.folder):
        return found
    documents = held_out(dataset)
    folder = evaluations_folder() / folder_name(model, dataset)
    if not is_whole(folder):
        working = folder.with_name(f"{folder.name}.reading")
        with alone_in(working, f"Evaluating {name_of(model)} on data set {dataset.number}"):
            if not is_whole(folder):
                _read_and_write(model, dataset, documents, folder, working, listen or nobody_listens)
            shutil.rmtree(working, ignore_errors=True)
    return _stored(model, dataset, folder, by, fence or (lambda: None))


def folder_name(model: ModelVersion | None, dataset: DatasetVersion) -> str:
    """Of the evaluation's folder, below the station's ``evaluations``."""
    who = f"model-{model.number}" if model is not None else "templates"
    return f"{who}-on-data-set-{dataset.number}"


def name_of(model: ModelVersion | None) -> str:
    """How a verdict and a report call it."""
    return f"Model {model.number}" if model is not None else TEMPLATES


def _read_and_write(
    model: ModelVersion | None, dataset: DatasetVersion, documents: HeldOut, folder: Path, working: Path, listen: Listen
) -> None:
    readings = read_all(system_of(model), documents.samples, working / READINGS, listen)
    known = [
        served(sample.id, sample.example, extraction) for sample, extraction in zip(documents.samples, readings.extractions, strict=True)
    ]
    evaluation = score(
        Case.of(sample.id, sample.example, extraction, layout=sample.layout, set_name=sample.set_name, seen=sample.seen)
        for sample, extraction in zip(documents.samples, readings.extractions, strict=True)
    )
    quality = quality_of(known)
    calibration = Measured(quality.ece, quality.count) if quality.count else None
    vendors = frozenset(model.trained_vendors) if model is not None else frozenset()
    evidence = System(name_of(model), evaluation, vendors, calibration, readings.seconds, vendors_known(model, dataset))
    shutil.rmtree(folder, ignore_errors=True)
    with new_folder(folder) as half:
        served_facts = {"routes": routes_of(known), "quality": quality.to_json(), "histogram": histogram(known)}
        _write(half / EVIDENCE, {**evidence.to_json(), "served": served_facts, "held_out": documents.sha256})
        (half / ANSWERS).write_text("".join(wrong_lines(known)), encoding="utf-8")
        (half / REPORT).write_text(_report(evidence.name, dataset, documents, evaluation, known), encoding="utf-8")


def _report(name: str, dataset: DatasetVersion, documents: HeldOut, evaluation: Evaluation, known: Sequence[Served]) -> str:
    bins = tuple(ReliabilityBin(one.count, one.said, one.right) for one in quality_of(known).bins)
    made = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    source = DataSource(f"held-out vendors of data set {dataset.number}", documents.sha256, len(documents.samples))
    charts = ChartSet(reliability=(ReliabilityDiagram("values as served", bins),))
    return html_page(Report.of(made, "manage.py evaluate", source, [SystemResult(name, evaluation)], charts))


def _stored(
    model: ModelVersion | None, dataset: DatasetVersion, folder: Path, by: User | None, fence: Callable[[], None]
) -> ModelEvaluation:
    told = json.loads((folder / EVIDENCE).read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        "folder": folder.name,
        "documents": told["evaluation"]["count"],
        "vendors": told["evaluation"]["vendors"],
        "overall": {**told["evaluation"]["overall"], "failed": told["evaluation"]["failed"], "routes": told["served"]["routes"]},
        "seconds": (told["seconds"] or {}).get("value"),
        "calibration": (told["calibration"] or {}).get("value"),
    }
    with transaction.atomic():
        fence()
        row, new = ModelEvaluation.objects.update_or_create(model=model, dataset=dataset, defaults=values)
        if new:
            after = {"model": model.number if model is not None else None, "data_set": dataset.number, "documents": row.documents}
            record(Action.MODEL_EVALUATED, actor=by, object=Target("model", model.pk if model is not None else ""), after=after)
    return row


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False), encoding="utf-8")
