"""What a rule says about one thing that is watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How it stands. Between the limit and what counts as over nothing changes, so that an alert does not flap."""

    FIRES = "fires"
    """Beyond its limit, and not by chance: an alert opens, or stays."""
    HOLDS = "holds"
    """Neither: an alert that is open stays open, none is opened."""
    OVER = "over"
    """Well within its limit: an alert that is open is resolved by itself."""
    UNKNOWN = "unknown"
    """Too little to go on: as ``HOLDS``, and said so."""


class Severity(StrEnum):
    """How soon; the values of ``modelops.models.Alert.Severity``."""

    NOW = "now"
    TODAY = "today"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """``key`` names what is watched and is the same in every look. ``value`` and ``limit`` are in the rule's unit (``evidence["unit"]``).

    ``sentence`` goes out in messages: it holds no content of a document. ``occasion`` names what it is about where that can be named.
    """

    kind: str
    key: str
    standing: Standing
    severity: Severity
    title: str
    sentence: str
    value: float | None = None
    limit: float | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    vendor: int | None = None
    occasion: str = ""
