"""The evidence of an alert as rows of words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlcore.percent import NONE, exact, in_percent, in_points, percent
from modelops.models import Alert

_LABELS: Mapping[str, str] = {
    "now": "Now",
    "before": "Before",
    "fall_at_least": "Fell surely by",
    "share_now": "Now",
    "share_at_most": "Surely at most",
    "novel_share_at_least": "Surely at least",
    "precision": "Certified",
    "confidence": "with a certainty of",
    "threshold": "from a confidence of",
    "accepted": "Audited documents",
    "right": "of them wholly right",
    "model": "Model",
    "review": "Wait for review",
    "open": "Open documents",
    "passed": "Went through alone",
    "least_open": "Nothing is said below",
    "least_documents": "Nothing is said below",
    "novel": "Documents unlike those known",
    "received": "Documents that came in",
    "newest": "The newest",
    "days": "Days looked at",
    "vendors": "Vendors looked at together",
    "false_alarm": "Chance of a false alarm",
    "queue": "Queue",
    "silent_seconds": "Last sign of a worker",
    "due": "Jobs that wait",
    "oldest_seconds": "The oldest has waited",
    "last_worker": "Last worker",
    "job_kind": "Kind of job",
    "count": "Failed for good",
    "codes": "Errors",
}
_SHARES = frozenset({"share_now", "share_at_most", "novel_share_at_least", "precision", "confidence", "false_alarm"})
_SECONDS = frozenset({"silent_seconds", "oldest_seconds"})
_DOCUMENTS = frozenset({"least_documents", "least_open"})


def evidence_rows(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is known, in the order of the rules; what has no label is left out."""
    rows = [(_LABELS[name], _worded(name, value)) for name, value in evidence.items() if name in _LABELS]
    return [(label, text) for label, text in rows if text]


def measured(alert: Alert) -> tuple[str, str]:
    """Value and limit as people read them."""
    unit = str(alert.evidence.get("unit", ""))
    if alert.kind == "vendor_accuracy":
        return in_points(alert.value), in_points(alert.limit)
    return tuple(_number(one, unit) for one in (alert.value, alert.limit))  # type: ignore[return-value]


def _worded(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in ("now", "before") and isinstance(value, Mapping):
        return _estimate(value)
    if name == "codes" and isinstance(value, Mapping):
        return ", ".join(f"{code or 'no code'} ({count})" for code, count in value.items())
    if name in _SHARES:
        return f"{exact(float(value))} %"
    if name == "fall_at_least":
        return in_points(float(value))
    if name in _SECONDS:
        return f"{_duration(int(value))} ago" if name == "silent_seconds" else _duration(int(value))
    if name in _DOCUMENTS:
        return f"{int(value):,} documents"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else str(value)


def _estimate(one: Mapping[str, Any]) -> str:
    if one.get("value") is None:
        return f"not known ({one.get('documents', 0):,} documents looked at)"
    interval = f" ({percent(one['low'])} to {in_percent(one['high'])})" if one.get("low") is not None else ""
    return f"{in_percent(one['value'])}{interval} of {one['documents']:,} documents, {one['wrong']:,} of them with a mistake"


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return NONE
    return in_percent(value) if unit == "share" else f"{value:,.10g} {unit}".strip()


def _duration(seconds: int) -> str:
    minutes = seconds // 60
    return f"{seconds} s" if seconds < 60 else f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
