"""The text format that Prometheus reads (version 0.0.4): families of samples in, text out. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Sample:
    """One number with its labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Family:
    """One measure. All are gauges: they say how it stands, and may fall."""

    name: str
    told: str
    samples: Sequence[Sample]


def exposition(families: Iterable[Family]) -> str:
    """The text. A family without samples is left out. Raises ``ValueError`` for a name that cannot be one, or that comes twice."""
    lines: list[str] = []
    seen: set[str] = set()
    for family in families:
        if not _NAME.fullmatch(family.name) or family.name in seen:
            raise ValueError(f"{family.name!r} is no name of a measure, or comes twice.")
        seen.add(family.name)
        if family.samples:
            lines += [f"# HELP {family.name} {_escaped(family.told)}", f"# TYPE {family.name} gauge"]
            lines += [f"{family.name}{_labels(sample.labels)} {_number(sample.value)}" for sample in family.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if bad := [name for name in labels if not _LABEL.fullmatch(name)]:
        raise ValueError(f"{bad[0]!r} is no name of a label.")
    told = ",".join(f'{name}="{_escaped(value).replace(chr(34), chr(92) + chr(34))}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(float(value)) if value != int(value) else str(int(value))
