"""Whether what the machine said of its values holds for the documents of some days, beside what was certified of its model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.agreement.ratios import wilson
from modelops.models import ModelVersion
from modelops.monitoring.sums import AUDIT, SEEN
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import window

UNITS = 10_000


@dataclass(frozen=True, slots=True)
class Promise:
    """Values of like confidence: what was said of them on average, and the share that was right, with its interval, of ``count``."""

    said: float
    right: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """``ece`` is the mean distance of said and right over bins, 0..1, ``None`` of no values; ``certified`` that of the model's own test.

    ``drift`` is how much larger it has become. Of the documents that went through without a person the audited ones stand for all;
    ``audits_missing``: there were such, and none was audited, so that this is of the others alone.
    """

    model: str
    promises: tuple[Promise, ...]
    ece: float | None
    values: int
    documents: int
    certified: float | None
    certified_promises: tuple[tuple[float, float, int], ...]
    audits_missing: bool

    @property
    def drift(self) -> float | None:
        """Points by which promises are further off than when the model was tested."""
        return None if self.ece is None or self.certified is None else self.ece - self.certified

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, numbers to six decimals."""
        promises = [[round(p.said, 6), round(p.right, 6), round(p.low, 6), round(p.high, 6), p.count] for p in self.promises]
        numbers = {name: getattr(self, name) for name in ("ece", "certified", "drift")}
        told = {name: None if value is None else round(value, 6) for name, value in numbers.items()}
        return {
            "model": self.model,
            **told,
            "values": self.values,
            "documents": self.documents,
            "audits_missing": self.audits_missing,
            "promises": promises,
        }


def calibration(start: dt.date, end: dt.date, vendor: int | None = None) -> Calibration:
    """Of the documents settled on some days: two statements. Raises ``RequestInvalid`` as ``window`` does."""
    return calibration_of(window(start, end, vendor))


def calibration_of(totals: Totals) -> Calibration:
    """Of days that are added up already. One statement."""
    model = totals.model[1]
    weights = _weights(totals)
    found = [promise for place in range(len(totals.confidence)) if (promise := _promise(totals, place, weights)) is not None]
    weight = sum(part for _, part in found)
    ece = sum(part * abs(one.said - one.right) for one, part in found) / weight if weight else None
    certified = _certified(model)
    return Calibration(
        model,
        tuple(one for one, _ in found),
        ece,
        sum(one.count for one, _ in found),
        sum(totals.strata[name].documents[0] for name in (SEEN, AUDIT)),
        _number(certified.get("ece")),
        _bins(certified.get("bins")),
        audits_missing=bool(totals.numbers["passed"]) and not totals.strata[AUDIT].documents[0],
    )


def _weights(totals: Totals) -> dict[str, float]:
    """How many documents that came in each judged one of its kind stands for."""
    came = {SEEN: totals.seen_documents, AUDIT: totals.numbers["passed"]}
    judged = {name: totals.strata[name].documents[0] for name in (SEEN, AUDIT)}
    return {name: came[name] / judged[name] if judged[name] and came[name] else 1.0 for name in (SEEN, AUDIT)}


def _promise(totals: Totals, place: int, weights: Mapping[str, float]) -> tuple[Promise, float] | None:
    """The values of one bin, and how many they stand for; ``None`` for an empty one."""
    parts = [(weights[name], *map(float, totals.strata[name].bins[place])) for name in (SEEN, AUDIT)]
    weight = sum(w * judged for w, judged, _, _ in parts)
    if not weight:
        return None
    right, said = sum(w * hits for w, _, hits, _ in parts) / weight, sum(w * sure for w, _, _, sure in parts) / weight / UNITS
    effective = max(1, round(weight**2 / sum(w * w * judged for w, judged, _, _ in parts)))
    low, high = wilson(round(right * effective), effective)
    return Promise(said, right, min(low, right), max(high, right), int(sum(judged for _, judged, _, _ in parts))), weight


def _certified(model_id: str) -> Mapping[str, Any]:
    """What was measured of the model's values when its confidence was tested; nothing for one that is not known."""
    known = ModelVersion.objects.filter(model_id=model_id).values_list("calibration", flat=True).first() if model_id else None
    found: Any = known.get("values") if isinstance(known, Mapping) else None
    found = found.get("after") if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _bins(found: Any) -> tuple[tuple[float, float, int], ...]:
    try:
        return tuple((float(said), float(right), int(count)) for count, said, right in found or ())
    except (TypeError, ValueError):
        return ()
