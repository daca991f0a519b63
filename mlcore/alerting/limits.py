"""The limits that findings are held to; the defaults are the specification's where it names one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares are 0..1. ``modelops.models.AlertPolicyVersion`` says what each is; these are its fields that a rule reads."""

    vendor_drop: float = 0.05
    overall_floor: float = 0.98
    review_share: float = 0.30
    window_days: int = 7
    before_days: int = 28
    least_documents: int = 30
    least_open: int = 30
    false_alarm: float = 0.01
    layout_documents: int = 5
    job_deaths: int = 1
    silent_minutes: int = 5
    margin: float = 0.20
