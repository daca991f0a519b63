"""``python -m mlcore evaluate``: score systems on a file of gold examples; writes ``evaluation.json`` and ``report.html``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from mlcore.commands.evaluated_systems import BARE_TOKENS, SYSTEM_OPTIONS, BuildSystems
from mlcore.commands.server_options import add_server
from mlcore.commands.sources import add_header_weights, add_noise, add_source, noisy_samples, samples_of
from mlcore.dataset.directory import Split
from mlcore.errors import EvaluationError
from mlcore.evaluation.against import CRITICAL_FIELDS, against, champion_for, kept_evaluations
from mlcore.evaluation.asked_of_models import FORCED
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.charts import ChartSet
from mlcore.evaluation.curves import CurveChart, Scale, curve
from mlcore.evaluation.metrics import restricted
from mlcore.evaluation.paired import Paired
from mlcore.evaluation.report import DataSource, Report, SystemResult, html_page
from mlcore.evaluation.report.wording import label_of
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.scores import Estimate, Evaluation
from mlcore.evaluation.systems import System, TemplateSystem, evaluate_system
from mlcore.percent import percent, points

_PRINTED = {"fields": "field_accuracy", "guide": "guide_accuracy", "end to end": "end_to_end", "rare F1": "rare_f1", "ANLS*": "anls"}


def main(arguments: Sequence[str]) -> int:
    """Evaluate, write, and print a short table."""
    options = _parser().parse_args(arguments)
    if not options.systems:
        flags = ", ".join(option.flag for option in SYSTEM_OPTIONS)
        raise EvaluationError(f"No system to evaluate; give one or more of {flags}.")
    kept = [_kept(value) for value in options.against]
    clean, digest = samples_of(options.data, Split(options.split), options.limit)
    samples = noisy_samples(clean, options.noise_level)
    named = f"{options.data.name}, noise level {options.noise_level:g}" if options.noise_level else options.data.name
    systems = [system for build, value in options.systems for system in build(value, options)]
    _refuse_same_names(systems)
    for evaluations, wanted in kept:
        for system in systems:
            champion_for(system.name, evaluations, wanted)  # a wrong name is told before anything is read
    resampling = Resampling(options.resamples, seed=options.seed)
    charts = _charts(options.charts)
    results = [(system, _result(system, samples, resampling)) for system in systems]
    learned = _learning(results)
    report = Report.of(
        dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        shlex.join(["python", "-m", "mlcore", "evaluate", *arguments]),
        DataSource(named, digest, len(samples)),
        [result for _, result in results],
        ChartSet(curves=learned) + charts,
        [_against(result, *champion) for champion in kept for _, result in results],
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "evaluation.json").write_text(json.dumps(report.to_json(), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (options.out / "report.html").write_text(html_page(report), encoding="utf-8")
    print(_table(report.systems))
    if report.common:
        print(f"\non the {len(report.common[0].evaluation.documents)} documents that all systems read:\n{_table(report.common)}")
    for pair in report.against:
        print(f"\n{_told(pair)}")
    print(f"\n{options.out / 'report.html'}")
    return 0


def _kept(value: str) -> tuple[dict[str, Evaluation], str]:
    """Systems of a kept evaluation and the name of the one that is asked for, from ``FILE[@NAME]``."""
    name = ""
    path = Path(value)
    if not path.is_file() and "@" in value:
        file, _, name = value.rpartition("@")
        path = Path(file)
    try:
        return kept_evaluations(json.loads(path.read_text(encoding="utf-8"))), name
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read as a kept evaluation ({error}); give an evaluation.json.") from error


def _against(result: SystemResult, kept: dict[str, Evaluation], wanted: str) -> Paired:
    champion = champion_for(result.name, kept, wanted)
    return against(result.name, result.evaluation, champion, kept[champion])


def _told(pair: Paired) -> str:
    head = f"{pair.second} against {pair.first}: {pair.documents} documents of {pair.vendors} vendors that both have read"
    whole = f"both right {pair.both}, {pair.first} alone {pair.first_only}, {pair.second} alone {pair.second_only}, neither {pair.neither}"
    shown = ("field_accuracy", "end_to_end", "payment_right", *(f"field:{name}" for name in CRITICAL_FIELDS))
    lines = [f"  {label_of(name):24} {_difference(pair.differences[name])}" for name in shown if name in pair.differences]
    return "\n".join([head, f"  {whole}; McNemar p = {pair.p_value:.4f}", "  difference in points, with 95 % interval", *lines])


def _difference(estimate: Estimate) -> str:
    bounds = f"  {points(estimate.low)} to {points(estimate.high)}" if estimate.low is not None else ""
    return f"{points(estimate.value):>6}{bounds}"


def _result(system: System, samples: Sequence[Sample], resampling: Resampling) -> SystemResult:
    def progress(done: int) -> None:
        if done % max(1, len(samples) // 20) == 0 or done == len(samples):
            print(f"\r{system.name}: {done} of {len(samples)}", end="", file=sys.stderr, flush=True)

    evaluation = evaluate_system(system, samples, resampling, progress)
    print(file=sys.stderr)
    return SystemResult(system.name, evaluation)


def _learning(results: Sequence[tuple[System, SystemResult]]) -> tuple[CurveChart, ...]:
    """The template reader's curve over the documents that all of its points read, when it has two points or more."""
    points = [(float(system.confirmed), result.evaluation) for system, result in results if isinstance(system, TemplateSystem)]
    if len(points) < 2:
        return ()
    shared = set.intersection(*({document.id for document in evaluation.documents} for _, evaluation in points))
    if not shared:
        return ()
    same = [(x, restricted(evaluation, shared)) for x, evaluation in points]
    note = f"The same {len(shared)} documents at every point: those of vendors with documents to spare after the last one."
    label = "confirmed documents of the vendor"
    return tuple(
        CurveChart(f"Template reader: {title}", label, measure, Scale.STEPS, (curve("template reader", same, measure),), note)
        for title, measure in (("fields", "field_accuracy"), ("end to end", "end_to_end"))
    )


def _charts(paths: Sequence[Path]) -> ChartSet:
    found = ChartSet()
    for path in paths:
        try:
            found += ChartSet.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise EvaluationError(f"{path} cannot be read as charts ({error}); write them with ChartSet.to_json.") from error
    return found


def _refuse_same_names(systems: Sequence[System]) -> None:
    names = [system.name for system in systems]
    for name in names:
        if names.count(name) > 1:
            raise EvaluationError(f"Two systems are called {name!r}; give each once, and predictions a name: --predictions NAME=FILE.")


def _table(systems: Sequence[SystemResult]) -> str:
    width = max(len(system.name) for system in systems)
    lines = [f"{'':{width}}  documents  failed  " + "  ".join(f"{title:>16}" for title in _PRINTED)]
    for system in systems:
        cells = "  ".join(f"{_with_interval(system.evaluation.overall[measure]):>16}" for measure in _PRINTED.values())
        lines.append(f"{system.name:{width}}  {len(system.evaluation.documents):9}  {system.evaluation.failed:6}  {cells}")
    return "\n".join(lines)


def _with_interval(estimate: Estimate) -> str:
    bounds = f" {percent(estimate.low)}-{percent(estimate.high)}" if estimate.low is not None else ""
    return percent(estimate.value) + bounds


class _AddSystem(argparse.Action):
    """Keeps systems in the order in which they were named."""

    def __init__(self, *, build: BuildSystems, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.build = build

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None) -> None:
        value = values if isinstance(values, str) else ""
        namespace.systems = [*(namespace.systems or []), (self.build, value)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlcore evaluate",
        description="Scores systems on the same documents: metrics with intervals, pairs compared, a report. See docs/evaluation.md.",
    )
    add_source(parser)
    add_noise(parser)
    add_header_weights(parser)
    parser.add_argument("--out", type=Path, required=True, help="folder for evaluation.json and report.html")
    for option in SYSTEM_OPTIONS:
        parser.add_argument(
            option.flag,
            action=_AddSystem,
            dest="systems",
            nargs=0 if option.metavar is None else None,
            metavar=option.metavar,
            help=option.help,
            build=option.build,
        )
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of base models (default %(default)s)")
    parser.add_argument(
        "--max-tokens",
        type=int,
        help=f"prompt and answer together, examples included: of --bare (default {BARE_TOKENS}), and of the documents that {FORCED}-... is "
        "asked about (default: what the model can take)",
    )
    add_server(parser)
    parser.add_argument("--readings", type=Path, action="append", default=[], help="what python -m mlcore read kept: not read again")
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="FILE[@NAME]",
        help="a kept evaluation.json: every system here is compared with the one of its name there, or with NAME, on the documents that "
        "both have read; may be repeated",
    )
    parser.add_argument("--charts", type=Path, action="append", default=[], help="charts as JSON to show as well; may be repeated")
    parser.add_argument("--resamples", type=int, default=2_000, help="resamples of every interval (default %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="seed of the intervals (default %(default)s)")
    return parser
