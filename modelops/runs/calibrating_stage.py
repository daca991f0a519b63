"""The third stage: when to believe the model, learned from what it read of vendors that it was not trained on (docs/confidence.md)."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore.artifacts import load_artifact
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import LEAST_DOCUMENTS, LEAST_VENDORS, fit_confidence
from mlcore.confidence.sample import ConfidenceSample
from mlcore.errors import ConfidenceError
from mlcore.evaluation.kept_readings import Kept
from mlcore.new_file import write_json
from mlcore.serving import reading_name
from modelops.datasets.synthetic import ORIGIN
from modelops.registry.learned_from import TrainedOn
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
    kept = Kept.of([work.readings], reading_name(artifact))
    samples = list(confidence_samples(f"{work.dataset}@validation", kept, CONFIRMED, artifact.description.recipe.examples))
    work.look()
    if any(one.source == TrainedOn.SYNTHETIC for one in artifact.description.lineage):
        own = own_samples(samples)
        if len(own) < len(samples):
            work.hold.write("It started from a model of the generator's documents: confidence is learned from this station's own alone.")
        samples = own
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


def own_samples(samples: Sequence[ConfidenceSample]) -> list[ConfidenceSample]:
    """Those of the station's own documents where they are enough to learn from, else all.

    A model that started from one of the generator's documents may know the generator's companies: of them it would seem too sure.
    """
    own = [one for one in samples if not one.vendor_key.startswith(f"{ORIGIN}:")]
    enough = len({one.document_id for one in own}) >= LEAST_DOCUMENTS and len({one.vendor_key for one in own}) >= LEAST_VENDORS
    return own if enough else list(samples)


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
