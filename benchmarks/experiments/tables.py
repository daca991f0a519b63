"""Results of experiments as Markdown tables for docs/results.md. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.experiments.plan import Experiment
from benchmarks.experiments.running import Result
from mlcore.evaluation.metrics import restricted
from mlcore.evaluation.paired import compare_systems
from mlcore.evaluation.scores import Estimate, Evaluation

_LEAST_SEEN = 20
"""Fewer documents of vendors that were trained on say nothing about these."""
_NOTHING = Estimate(None)
_OF_EPOCHS = ("epoch", "training loss", "validation loss", "validation values right", "kept (least loss)")
_COSTS = ("steps", "minutes", "tokens/s", "memory GiB", "learned", "artifact MB")


@dataclass(frozen=True, slots=True)
class _Column:
    """``cell`` gets the result of a setting and that of the first one; ``there`` says whether a table of these results has the column."""

    head: str
    cell: Callable[[Result, Result], Estimate]
    there: Callable[[Sequence[Result]], bool] = lambda results: True


def _of(evaluation: Evaluation | None, measure: str) -> Estimate:
    return evaluation.overall[measure] if evaluation is not None else _NOTHING


def _seen(results: Sequence[Result]) -> bool:
    return any(result.seen is not None and len(result.seen.documents) >= _LEAST_SEEN for result in results)


def _noisy(results: Sequence[Result]) -> bool:
    return any(result.noisy is not None for result in results)


def _gain(result: Result, first: Result) -> Estimate:
    """Fields more than the first setting on the test documents that both have, the same vendors drawn for both."""
    if result is first:
        return _NOTHING
    shared = {one.id for one in result.tested.documents} & {one.id for one in first.tested.documents}
    if not shared:
        return _NOTHING
    pair = compare_systems(restricted(first.tested, shared), restricted(result.tested, shared))
    return pair.differences.get("field_accuracy", _NOTHING)


_COLUMNS = (
    _Column("fields", lambda result, _: _of(result.tested, "field_accuracy")),
    _Column("more than the first", _gain, lambda results: len(results) > 1),
    _Column("guide", lambda result, _: _of(result.tested, "guide_accuracy")),
    _Column("end to end", lambda result, _: _of(result.tested, "end_to_end")),
    _Column("rare F1", lambda result, _: _of(result.tested, "rare_f1")),
    _Column("noisy: fields", lambda result, _: _of(result.noisy, "field_accuracy"), _noisy),
    _Column("noisy: rare F1", lambda result, _: _of(result.noisy, "rare_f1"), _noisy),
    _Column("seen: fields", lambda result, _: _of(result.seen, "field_accuracy"), _seen),
    _Column("seen: end to end", lambda result, _: _of(result.seen, "end_to_end"), _seen),
    _Column("gap: fields", lambda result, _: result.gap.get("field_accuracy", _NOTHING), _seen),
    _Column("gap: end to end", lambda result, _: result.gap.get("end_to_end", _NOTHING), _seen),
)


def table(experiment: Experiment, results: Sequence[Result]) -> str:
    """One row a setting: measures in per cent with intervals, the gain over the first setting, those of seen vendors and the gap to them,
    then what the run took."""
    columns = [column for column in _COLUMNS if column.there(results)]
    head = ["setting", "trained on", "tested on", *(column.head for column in columns), *_COSTS]
    lines = [
        f"### {experiment.name}",
        f"{experiment.question[0].upper()}{experiment.question[1:]}.",
        "",
        _row(head),
        _row(["---"] * len(head)),
    ]
    for setting, result in zip(experiment.settings, results, strict=True):
        cells = [estimate_cell(column.cell(result, results[0]).to_json()) for column in columns]
        counts = [str(result.outcome.get("documents", "-")), str(len(result.tested.documents))]
        lines.append(_row([setting.label, *counts, *cells, *_costs(result)]))
    lines.extend(_epochs(experiment, results))
    return "\n".join(lines) + "\n"


def _costs(result: Result) -> list[str]:
    outcome = result.outcome
    if not outcome:
        return ["-"] * len(_COSTS)
    pace = outcome["tokens"] / max(outcome["seconds"], 1e-9)
    return [
        str(outcome["steps"]),
        f"{outcome['wall_seconds'] / 60:.1f}",
        f"{pace:.0f}",
        f"{outcome['memory'] / 2**30:.1f}",
        f"{outcome['trainable']:,}",
        f"{result.size / 1e6:.1f}",
    ]


def _epochs(experiment: Experiment, results: Sequence[Result]) -> Iterator[str]:
    for setting, result in zip(experiment.settings, results, strict=True):
        ends = result.outcome.get("epochs", ())
        if len(ends) < 2:
            continue
        yield from ("", f"{setting.label}, epochs:", "", _row(_OF_EPOCHS), _row(["---"] * len(_OF_EPOCHS)))
        kept = max((end["epoch"] for end in ends if end["best"]), default=None)
        for end in ends:
            held, right = end["validation_loss"], end.get("validation_accuracy")
            losses = [f"{end['train_loss']:.4f}", "" if held is None else f"{held:.4f}"]
            said = "" if right is None else f"{100 * right:.1f}"
            yield _row([str(end["epoch"] + 1), *losses, said, "yes" if end["epoch"] == kept else ""])


def estimate_cell(estimate: Mapping[str, float | None]) -> str:
    """An estimate in per cent, with its interval where it has one."""
    value, low, high = (estimate.get(name) for name in ("value", "low", "high"))
    if value is None:
        return "-"
    return f"{100 * value:.1f}" + (f" ({100 * low:.1f}–{100 * high:.1f})" if low is not None and high is not None else "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
