"""The third stage: when to believe the model, learned from what it read of vendors that it was not trained on (docs/confidence.md)."""

from __future__ import annotations

from mlcore.artifacts import load_artifact
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import fit_confidence
from mlcore.errors import ConfidenceError
from mlcore.evaluation.kept_readings import kept_readings
from mlcore.new_file import write_json
from mlcore.serving import reading_name
from modelops.runs.work import Work

CONFIRMED = (0, 1)
"""Documents of a vendor that were confirmed before: without a template, and with one."""

SEED = 0


def calibrate(work: Work) -> None:
    """Learn confidence into ``work.confidence``. With too few documents the run says so and goes on without: such a model is packed and
    registered, but it cannot serve, and so it is not evaluated either."""
    if work.confidence.exists():
        return
    if not work.readings.exists():
        _say_without(work, "no validation document was read")
        return
    artifact = load_artifact(work.draft)
    known = kept_readings(work.readings, reading_name(artifact))
    samples = list(confidence_samples(f"{work.dataset}@validation", known, CONFIRMED, artifact.description.recipe.examples))
    work.look()
    try:
        confidence = fit_confidence(samples, seed=SEED)
    except ConfidenceError as error:
        _say_without(work, str(error).rstrip("."))
        return
    told = confidence.to_json()
    told["report"]["sources"] = [f"data set {work.run.dataset.number}"]
    write_json(work.confidence, told)
    work.hold.write(_said(confidence))
    work.hold.got_on()


def _say_without(work: Work, why: str) -> None:
    remedy = "The model is packed without, and cannot serve; train again on a data set with more validation vendors."
    work.hold.write(f"No confidence was learned: {why}. {remedy}")


def _said(confidence: Confidence) -> str:
    learned, tested = confidence.report["learned"], confidence.report["tested"]
    documents = f"Confidence was learned from {learned['documents']} documents of {learned['vendors']} vendors"
    held = f"thresholds were tried on {tested['documents']} of {tested['vendors']} others"
    accepted = confidence.thresholds.accepted
    if isinstance(accepted, Certificate):
        return f"{documents}; {held}. Accepted from score {accepted.threshold:.3f}: {accepted.accepted} of {accepted.count} of them."
    return f"{documents}; {held}. No threshold could be certified, so every document is reviewed."
