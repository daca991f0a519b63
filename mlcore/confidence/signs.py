"""What the two readers' own certainty says about a value, as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcore.confidence.proposals import Proposal, Proposals, Slot
from mlcore.documents import FieldPrediction
from mlcore.inference.reading import ValueReading
from mlcore.schema import LINE_ITEM_FIELDS, ValueKind, item_path, spec_for, split_item_path

SUREST = 6.0
"""Log-odds, margins and the size of log-probabilities end here: beyond, a reader's certainty says no more."""

MODEL_SIGNS = ("lp_min", "lp_mean", "lp_sum", "lp_first", "margin_min", "tokens", "places", "exact", "nowhere")
TEMPLATE_SIGNS = ("template_odds", "template_note")


def model_signs(readings: Sequence[ValueReading]) -> dict[str, float]:
    """Of one value, or of all values of a line: the least sure counts, except for ``lp_mean`` and the shares.

    Log-probabilities are 0 for tokens that were no choice of the model. ``nowhere`` is the share of values that should be printed
    and stand on no page, ``exact`` that of those found as printed. Numbers of tokens and places are logarithms of one more.
    """
    if not readings:
        return dict.fromkeys(MODEL_SIGNS, 0.0)
    chosen = [reading for reading in readings if reading.log_probabilities]
    numbers = [number for reading in chosen for number in reading.log_probabilities]
    margins = [number for reading in readings for number in reading.margins]
    printed = [reading for reading in readings if reading.text and spec_for(reading.path).kind is not ValueKind.ITEM_TYPE]
    return {
        "lp_min": _bounded(min(numbers, default=0.0)),
        "lp_mean": _bounded(sum(numbers) / len(numbers)) if numbers else 0.0,
        "lp_sum": _bounded(min((sum(reading.log_probabilities) for reading in chosen), default=0.0)),
        "lp_first": _bounded(min((reading.log_probabilities[0] for reading in chosen), default=0.0)),
        "margin_min": _bounded(min(margins, default=SUREST)),
        "tokens": math.log1p(len(numbers)),
        "places": math.log1p(min((reading.places for reading in printed), default=0)),
        "exact": _share([reading.exact for reading in printed]),
        "nowhere": _share([reading.places == 0 for reading in printed]),
    }


def template_signs(predictions: Sequence[FieldPrediction]) -> dict[str, float]:
    """Of one value, or the mean of a line: the template's confidence as log-odds, and the share that the arithmetic repaired."""
    if not predictions:
        return dict.fromkeys(TEMPLATE_SIGNS, 0.0)
    odds = sum(log_odds(prediction.confidence) for prediction in predictions) / len(predictions)
    return {"template_odds": odds, "template_note": _share([bool(prediction.note) for prediction in predictions])}


def log_odds(probability: float) -> float:
    """Of a probability, bounded by ``SUREST``."""
    inner = min(max(probability, 1e-9), 1 - 1e-9)
    return _bounded(math.log(inner / (1 - inner)))


class Witnesses:
    """The readings and predictions behind a slot, a line's by its index with the reader."""

    def __init__(self, proposals: Proposals) -> None:
        self._rows = proposals.rows
        self._predictions = {field.path: field for field in proposals.template.fields}
        self._lines: dict[int, list[ValueReading]] = {}
        for reading in proposals.model.values if proposals.model is not None else ():
            cell = split_item_path(reading.path)
            if cell is not None and reading.text:
                self._lines.setdefault(cell[0], []).append(reading)

    def of_line(self, row: int) -> tuple[list[FieldPrediction], list[ValueReading]]:
        """Every present value of an aligned line."""
        template, model = self._rows[row].template, self._rows[row].model
        paths = [item_path(template, spec.name) for spec in LINE_ITEM_FIELDS] if template is not None else []
        readings = self._lines.get(model, []) if model is not None else []
        return [self._predictions[path] for path in paths if path in self._predictions], readings


def rival_of(slot: Slot, proposal: Proposal) -> tuple[FieldPrediction | None, ValueReading | None]:
    """How the other proposals of the slot are backed: the template's prediction and the model's reading of another value."""
    others = [one for one in slot.proposals if one is not proposal]
    prediction = next((one.prediction for one in others if one.template and one.prediction), None)
    return prediction, next((one.reading for one in others if one.model and one.reading), None)


def _bounded(number: float) -> float:
    return max(-SUREST, min(SUREST, number))


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
