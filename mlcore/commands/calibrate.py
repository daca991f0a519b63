"""``python -m mlcore calibrate``: learn confidence from readings of documents with a confirmed record."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlcore.artifacts import load_artifact
from mlcore.commands.sources import samples_of
from mlcore.confidence.certificates import certification_to_json
from mlcore.confidence.fit import fit_confidence
from mlcore.confidence.sample import ConfidenceSample
from mlcore.dataset.directory import Split
from mlcore.errors import ConfidenceError, DatasetError
from mlcore.evaluation.charts import ChartSet, ReliabilityBin, ReliabilityDiagram, RiskCurve
from mlcore.evaluation.kept_readings import kept_readings
from mlcore.evaluation.protocols import template_lessons
from mlcore.evaluation.samples import Sample
from mlcore.inference.reading import DocumentReading
from mlcore.inference.remote.probe import ENGINES
from mlcore.serving import reading_name

_ABOUT = """Learns how likely each value is right, from what the model and the template reader read, and certifies thresholds.

DATA are files of gold examples or dataset directories (SPLIT after @), of vendors that the model was not trained on: those of the
training split of the dataset, and lines marked as seen, are left out. Every document is taken as it comes in for a new vendor, and once
more with the vendor's template after --confirmed documents. See docs/confidence.md.
"""

_MEASURES = ("accuracy", "ece", "brier", "risk_area", "coverage_99")


def main(arguments: Sequence[str]) -> int:
    """Write the confidence and say how good it is."""
    options = _parser().parse_args(arguments)
    name = reading_name(load_artifact(options.artifact), options.engine)
    known: dict[str, DocumentReading] = {}
    for path in options.readings:
        known.update(kept_readings(path, name))
    samples = [one for data in options.data for one in _samples(data, known, options.confirmed)]
    if not samples:
        raise ConfidenceError(
            f"None of these documents, of vendors that were not trained on, was read by {name}; keep readings with python -m mlcore read."
        )
    confidence = fit_confidence(samples, seed=options.seed)
    told = confidence.to_json()
    options.out.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")
    if options.charts:
        options.charts.write_text(json.dumps(_charts(confidence.report).to_json()), encoding="utf-8")
    for line in _summary(confidence.report, {one: _outcome(getattr(confidence.thresholds, one)) for one in ("accepted", "review")}):
        print(line)
    return 0


def _samples(data: str, known: Mapping[str, DocumentReading], confirmed: Sequence[int]) -> Iterator[ConfidenceSample]:
    path, _, split = data.partition("@")
    if split and split not in set(Split):
        raise DatasetError(f"{data}: after @ stands a split, one of {', '.join(Split)}.")
    found, _ = samples_of(Path(path), Split(split or Split.TEST.value), None)
    read = [sample for sample in found if sample.example.document.content_id in known and not sample.seen]
    for count in confirmed:
        for reader, rest in template_lessons(read, count):
            for sample in rest:
                yield _sample(sample, count, reader.extract([sample.example.document])[0], known)


def _sample(sample: Sample, confirmed: int, template: Any, known: Mapping[str, DocumentReading]) -> ConfidenceSample:
    example = sample.example
    model = known[example.document.content_id]
    return ConfidenceSample(
        f"{sample.id}:{confirmed}", f"{sample.set_name}:{example.vendor_key}", example.document, template, model, example
    )


def _outcome(certification: Any) -> Mapping[str, Any]:
    return certification_to_json(certification) if certification is not None else {}


def _summary(report: Mapping[str, Any], thresholds: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for part in ("learned", "tested"):
        counts = report[part]
        yield f"{part:8} {counts['documents']} documents of {counts['vendors']} vendors, {counts['proposals']} labeled proposals"
    for title, one in _parts(report):
        numbers = "  ".join(f"{name} {one[name]:.4f}" for name in _MEASURES if one[name] is not None)
        yield f"{title:24} n {one['count']}  {numbers}"
    for name, outcome in thresholds.items():
        yield f"{name:8} {json.dumps(dict(outcome))}"


def _parts(report: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "values, scorer as it is", report["values"]["before"]
    yield "values, calibrated", report["values"]["after"]
    yield "documents", report["documents"]


def _charts(report: Mapping[str, Any]) -> ChartSet:
    diagrams = [
        ReliabilityDiagram(name, tuple(ReliabilityBin(count, said, right) for count, said, right in one["bins"]))
        for name, one in _parts(report)
    ]
    risk = [RiskCurve(name, tuple((coverage, wrong) for coverage, wrong in one["risk"])) for name, one in _parts(report) if one["risk"]]
    return ChartSet(reliability=tuple(diagrams), risk=tuple(risk))


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore calibrate", formatter_class=plain, description=_ABOUT)
    parser.add_argument("data", nargs="+", metavar="DATA[@SPLIT]", help="gold as JSONL, or a dataset directory and a split (default test)")
    parser.add_argument("--artifact", type=Path, required=True, help="the artifact whose model read them")
    parser.add_argument("--engine", choices=ENGINES, default="", help="a model server read them, with or without a grammar")
    parser.add_argument("--readings", type=Path, action="append", required=True, help="what python -m mlcore read kept; may be repeated")
    parser.add_argument("--out", type=Path, required=True, help="the confidence as JSON, for python -m mlcore pack")
    parser.add_argument("--confirmed", type=_counts, default=[0, 1], metavar="N[,N...]", help="documents of a vendor (default 0,1)")
    parser.add_argument(
        "--charts", type=Path, help="reliability diagrams and risk against coverage as JSON, for python -m mlcore evaluate --charts"
    )
    parser.add_argument("--seed", type=int, default=0, help="decides which vendors are held out (default %(default)s)")
    return parser


def _counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]
