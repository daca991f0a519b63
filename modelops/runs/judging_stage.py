"""The last stages: how the model does on held-out vendors, and what the gate says of it."""

from __future__ import annotations

from importlib import import_module

from modelops.models import ModelVersion
from modelops.runs.faults import RunFailed
from modelops.runs.work import Work


def evaluate(work: Work) -> None:
    """Evaluate on the held-out documents. What was evaluated already is not evaluated again."""
    model = _model_of(work)
    if not work.run.dataset.test_documents:
        work.hold.write("The data set has no held-out documents, so nothing is evaluated.")
        return
    work.hold.write(f"Evaluates model {model.number} on {work.run.dataset.test_documents} held-out documents.")
    evaluate_model = import_module("modelops.registry.evaluating").evaluate
    evaluate_model(model, work.run.dataset, listen=lambda *_: work.look())
    work.hold.got_on()


def judge(work: Work) -> None:
    """Ask the gate."""
    model = _model_of(work)
    if not model.evaluations.exists():
        work.hold.write("Without an evaluation the gate is not asked.")
        return
    work.hold.write()
    ask_gate = import_module("modelops.gate.judging").judge
    result = ask_gate(model, work.run.dataset, by=work.run.asked_by)
    work.hold.write(f"The gate says: {'passed' if result.passed else 'not passed'}.")


def _model_of(work: Work) -> ModelVersion:
    model = ModelVersion.objects.filter(run=work.run).first()
    if model is None:
        raise RunFailed("model_missing", f"The model of training run {work.run.pk} is not in the registry; resume the run.")
    return model
