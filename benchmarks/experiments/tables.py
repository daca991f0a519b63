"""Results of experiments as Markdown tables for docs/results.md. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.experiments.plan import Experiment
from benchmarks.experiments.running import Result

_MEASURES = {
    "fields": "field_accuracy",
    "guide": "guide_accuracy",
    "end to end": "end_to_end",
    "rare F1": "rare_f1",
}
_SEEN = {"seen: fields": "field_accuracy", "seen: end to end": "end_to_end"}
_GAP = {"gap: fields": "field_accuracy", "gap: end to end": "end_to_end"}
_OF_EPOCHS = ("epoch", "training loss", "validation loss", "validation values right", "kept (least loss)")
_COSTS = ("steps", "minutes", "tokens/s", "memory GiB", "learned", "artifact MB")


def table(experiment: Experiment, results: Sequence[Result]) -> str:
    """One row a setting: measures in per cent with intervals, those of seen vendors and the gap to them, then what the run took."""
    head = ["setting", *_MEASURES, *_SEEN, *_GAP, *_COSTS]
    lines = [
        f"### {experiment.name}",
        f"{experiment.question[0].upper()}{experiment.question[1:]}.",
        "",
        _row(head),
        _row(["---"] * len(head)),
    ]
    for setting, result in zip(experiment.settings, results, strict=True):
        scores = [estimate_cell(result.overall[measure]) for measure in _MEASURES.values()]
        scores += [estimate_cell(result.seen.get(measure, {})) for measure in _SEEN.values()]
        scores += [estimate_cell(result.gap.get(measure, {})) for measure in _GAP.values()]
        lines.append(_row([setting.label, *scores, *_costs(result)]))
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


def _epochs(experiment: Experiment, results: Sequence[Result]) -> list[str]:
    lines = []
    for setting, result in zip(experiment.settings, results, strict=True):
        ends = result.outcome.get("epochs", ())
        if len(ends) < 2:
            continue
        lines += ["", f"{setting.label}, epochs:", "", _row(_OF_EPOCHS), _row(["---"] * len(_OF_EPOCHS))]
        kept = max((end["epoch"] for end in ends if end["best"]), default=None)
        for end in ends:
            held, right = end["validation_loss"], end.get("validation_accuracy")
            lines.append(
                _row(
                    [
                        str(end["epoch"] + 1),
                        f"{end['train_loss']:.4f}",
                        "" if held is None else f"{held:.4f}",
                        "" if right is None else f"{100 * right:.1f}",
                        "yes" if end["epoch"] == kept else "",
                    ]
                )
            )
    return lines


def estimate_cell(estimate: dict[str, Any]) -> str:
    """An estimate in per cent, with its interval where it has one."""
    value, low, high = (estimate.get(name) for name in ("value", "low", "high"))
    if value is None:
        return "-"
    return f"{100 * value:.1f}" + (f" ({100 * low:.1f}–{100 * high:.1f})" if low is not None and high is not None else "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
