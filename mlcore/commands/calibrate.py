"""``python -m mlcore calibrate``: learn confidence from readings of documents with a confirmed record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlcore.artifacts import Artifact, load_artifact
from mlcore.artifacts.recertified import FOR
from mlcore.commands.confidence_samples import samples_of_files
from mlcore.commands.sources import add_header_weights
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.certified import table_lines
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import HELD_OUT, fit_confidence
from mlcore.confidence.recertify import recertify
from mlcore.confidence.routes import RoutePrecisions, Thresholds
from mlcore.confidence.sample import ConfidenceSample
from mlcore.errors import ConfidenceError
from mlcore.evaluation.charts import CertifiedLine, ChartSet, ReliabilityBin, ReliabilityDiagram, RiskCurve
from mlcore.evaluation.kept_readings import Kept
from mlcore.inference.remote.probe import ENGINES
from mlcore.new_file import write_json
from mlcore.serving import reading_name

_ABOUT = """Learns how likely each value is right, from what the model and the template reader read, and certifies thresholds.

DATA are files of gold examples or dataset directories (SPLIT after @), of vendors that the model was not trained on: those of the
training split of the dataset, and lines marked as seen, are left out. Every document is taken as it comes in for a new vendor, and once
more with the vendor's template after --confirmed documents; it counts once when something is certified. A model that was trained with
examples is judged there as it reads with the nearest of them: keep such readings with python -m mlcore read --shown N. Documents that
were only asked about (python -m mlcore weigh) teach how far the model is believed about candidates, and nothing else. See
docs/confidence.md.

With --without-reading the artifact is to serve without reading: the model is asked about candidates and that is all, so a document takes
a fraction of the time. Readings are then kept with python -m mlcore weigh, and everything is learned from documents that nobody read.

With --recertify nothing is learned: the scorer of the artifact stays, and thresholds are certified for it on these documents, none of
which it may have learned from. OUT is then for python -m mlcore pack --artifact ... --thresholds OUT.
"""

_TELL = 20
_MEASURES = ("accuracy", "ece", "brier", "risk_area", "coverage_99")


def main(arguments: Sequence[str]) -> int:
    """Write the confidence and say how good it is."""
    options = _parser().parse_args(arguments)
    artifact = load_artifact(options.artifact)
    name, most = reading_name(artifact, options.engine), artifact.description.recipe.examples
    precisions = RoutePrecisions(options.accept, options.review).checked()
    kept = Kept.of(options.readings, name)
    reads = _reads(artifact, options)
    samples = samples_of_files(options.data, kept, options.confirmed, most, reads=reads, watch=_heard)
    if reads and all(one.only_weighed for one in samples):
        raise ConfidenceError(
            f"None of these documents, of vendors that were not trained on, was read by {name}; keep readings with python -m mlcore read."
        )
    print(f"{'certifying' if options.recertify else 'learning'} from {len(samples)} samples", file=sys.stderr, flush=True)
    if options.recertify:
        return _recertify(artifact, samples, precisions, options.out)
    confidence = fit_confidence(samples, seed=options.seed, held_out=options.held_out, reads=reads, precisions=precisions)
    told = confidence.to_json()
    told["report"]["sources"] = [Path(data).name for data in options.data]
    options.out.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")
    if options.charts:
        options.charts.write_text(json.dumps(_charts(confidence.report).to_json()), encoding="utf-8")
    print("\n".join(_summary(confidence.report)))
    print("\n".join(_routes(confidence.thresholds)))
    return 0


def _heard(data: str, count: int) -> None:
    if count % _TELL == 0:
        print(f"{Path(data).name}: {count} samples so far", file=sys.stderr, flush=True)


def _reads(artifact: Artifact, options: argparse.Namespace) -> bool:
    """Whether the model is to read documents where this serves; as the scorer of the artifact has it where that one stays."""
    if not options.recertify or artifact.confidence is None:
        return not options.without_reading
    reads = Confidence.from_json(artifact.confidence).reads
    if reads and options.without_reading:
        raise ConfidenceError("The scorer of this artifact knows readings; it has to be learned anew, not certified, to serve without.")
    return reads


def _recertify(artifact: Artifact, samples: Sequence[ConfidenceSample], precisions: RoutePrecisions, out: Path) -> int:
    if artifact.confidence is None:
        raise ConfidenceError(f"{artifact.folder} has no scorer to certify thresholds for; calibrate it without --recertify first.")
    thresholds, lines = recertify(samples, Confidence.from_json(artifact.confidence), precisions)
    told = {FOR: artifact.model_id, **thresholds.to_json(), "certified": {"documents": lines}}
    write_json(out, told)
    print("\n".join([*table_lines(lines, {}), *_routes(thresholds)]))
    return 0


def _routes(thresholds: Thresholds) -> Iterator[str]:
    for name, one in (("accepted", thresholds.accepted), ("review", thresholds.review)):
        if isinstance(one, Certificate):
            share = f"{one.accepted} of {one.count} documents, {one.right:.1%} of them right"
            yield f"{name:8} from score {one.threshold:.4f}: {share}, {one.bound:.1%} certain"
        elif one is not None:
            yield f"{name:8} {one.message}"


def _summary(report: Mapping[str, Any]) -> Iterator[str]:
    for part in ("learned", "tested"):
        counts = report[part]
        read = f"{counts['documents']} documents ({counts['readings']} readings) of {counts['vendors']} vendors"
        yield f"{part:8} {read}, {counts['proposals']} labeled proposals"
    if "asked" in report:
        yield f"asked    {report['asked']['documents']} documents of {report['asked']['vendors']} vendors, about candidates alone"
    for title, one in _parts(report):
        numbers = "  ".join(f"{name} {one[name]:.4f}" for name in _MEASURES if one[name] is not None)
        yield f"{title:24} n {one['count']}  {numbers}"
    yield from table_lines(report["certified"]["documents"], report["certified"]["fields"])


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
    table = report["certified"]
    certified = [
        CertifiedLine(name, line["precision"], line["count"], line.get("threshold"), line["coverage"])
        for name, lines in (("documents", table["documents"]), *table["fields"].items())
        for line in lines
    ]
    return ChartSet(reliability=tuple(diagrams), risk=tuple(risk), certified=tuple(certified))


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore calibrate", formatter_class=plain, description=_ABOUT)
    parser.add_argument("data", nargs="+", metavar="DATA[@SPLIT]", help="gold as JSONL, or a dataset directory and a split (default test)")
    parser.add_argument("--artifact", type=Path, required=True, help="the artifact whose model read them")
    parser.add_argument("--engine", choices=ENGINES, default="", help="a model server read them, with or without a grammar")
    parser.add_argument("--readings", type=Path, action="append", required=True, help="what mlcore read and weigh kept; may be repeated")
    parser.add_argument("--out", type=Path, required=True, help="the confidence (or thresholds) as JSON, for python -m mlcore pack")
    parser.add_argument("--confirmed", type=_counts, default=[0, 1], metavar="N[,N...]", help="documents of a vendor (default 0,1)")
    parser.add_argument(
        "--charts", type=Path, help="reliability diagrams and risk against coverage as JSON, for python -m mlcore evaluate --charts"
    )
    parser.add_argument(
        "--held-out",
        type=_share,
        default=HELD_OUT,
        metavar="SHARE",
        help="of the documents, for thresholds and quality (default %(default)s)",
    )
    usual = RoutePrecisions()
    parser.add_argument(
        "--accept", type=_share, default=usual.accepted, metavar="SHARE", help="of accepted documents right (default %(default)s)"
    )
    parser.add_argument(
        "--review", type=_share, default=usual.review, metavar="SHARE", help="of those not flagged right (default %(default)s)"
    )
    add_header_weights(parser)
    parser.add_argument("--without-reading", action="store_true", help="the model will be asked about candidates, and read nothing")
    parser.add_argument("--recertify", action="store_true", help="keep the scorer of the artifact and certify thresholds alone")
    parser.add_argument("--seed", type=int, default=0, help="decides which vendors are held out (default %(default)s)")
    return parser


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 1")
    return share


def _counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]
