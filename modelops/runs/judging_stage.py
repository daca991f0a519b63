"""The last stages: how the model does on held-out vendors, and what the gate says of it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from mlcore.artifacts import load_artifact
from mlcore.errors import ArtifactError
from modelops.gate.judging import judge as ask_gate
from modelops.models import ModelVersion
from modelops.registry.evaluating import evaluate as evaluate_model
from modelops.runs.faults import RunFailed
from modelops.runs.work import Work

LINES = 5
"""How many lines of the run's log an evaluation takes."""


def evaluate(work: Work) -> None:
    """Evaluate on the held-out documents, as the model would serve. What was evaluated already is not evaluated again.

    A model without confidence cannot serve, so it is not evaluated, and the run says so.
    """
    model = _model_of(work)
    if not work.run.dataset.test_documents:
        work.hold.write("The data set has no held-out documents, so nothing is evaluated.")
        return
    if not work.confidence.exists():
        work.hold.write(f"Model {model.number} has no confidence, so it cannot serve and is not evaluated.")
        return
    work.hold.write(f"Evaluates model {model.number} on {work.run.dataset.test_documents} held-out documents.")
    evaluate_model(model, work.run.dataset, listen=_Heard(work), by=work.run.asked_by, fence=work.hold.write)
    work.hold.got_on()


def judge(work: Work) -> None:
    """Ask the gate, which evaluates the champion on these documents first where that has not been done."""
    model = _model_of(work)
    if not model.evaluations.filter(dataset=work.run.dataset).exists():
        work.hold.write("Without an evaluation the gate is not asked.")
        return
    work.hold.write("Asks the gate.")
    result = ask_gate(model, work.run.dataset, by=work.run.asked_by, listen=_Heard(work), fence=work.hold.write)
    work.hold.write(f"The gate says: {'passed' if result.passed else 'not passed'}.")


@dataclass(slots=True)
class _Heard:
    """Passes on how far an evaluation is, and the wish to stop."""

    work: Work
    told: int = 0

    def __call__(self, done: int, count: int) -> None:
        self.work.look()
        if done - self.told >= max(1, count // LINES):
            self.told = done
            self.work.hold.write(f"{done} of {count} held-out documents read.")
            self.work.hold.got_on()


def _model_of(work: Work) -> ModelVersion:
    """The run's own model, or, where the same training gave the same weights before, the one that is registered with these."""
    model = ModelVersion.objects.filter(run=work.run).first()
    if model is None:
        with contextlib.suppress(ArtifactError):
            model = ModelVersion.objects.filter(model_id=load_artifact(work.artifact).model_id).first()
    if model is None:
        raise RunFailed("model_missing", f"The model of training run {work.run.pk} is not in the registry; resume the run.")
    return model
