"""One setting of a policy as people read it: its kind, its limits, what is wrong with a value, and how the value is typed and said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mlcore.percent import exact

Value = float | int | bool | str
_UNITS: Final = {"share": "%", "points": "points", "seconds": "s", "times": "×"}
_IN_PERCENT: Final = frozenset({"share", "points"})
_WHOLE: Final = frozenset({"count", "seed", "switch"})


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """One setting; ``least`` and ``most`` are allowed.

    ``kind``: share (0..1, typed in per cent) | points (a difference of shares, typed in points) | count | seed (a whole number that is
    said without separators) | number | seconds | times | money | switch (0, 1; true, false where ``truth``) | measure (a name of
    ``choices``). ``unit`` is said behind it, where it is not that of the kind.
    """

    name: str
    kind: str
    group: str
    label: str
    help: str
    least: float = 0.0
    most: float = 1.0
    unit: str = ""
    truth: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def said_unit(self) -> str:
        """What stands behind the field; empty for none."""
        return self.unit or _UNITS.get(self.kind, "")

    def problem(self, value: Any) -> str:
        """What is wrong with it, with the limits; empty for a value that can be stored."""
        said = f"{self.label}: {str(value)[:40]!r}"
        if self.choices:
            return "" if isinstance(value, str) and value in self.choices else f"{said} is none of {', '.join(self.choices)}."
        if self.truth:
            return "" if isinstance(value, bool) else f"{said} is neither yes nor no."
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"{said} is no number."
        if not self.least <= value <= self.most:
            percent = f" ({exact(self.least)} % to {exact(self.most)} %)" if self.kind == "share" else ""
            return f"{said} is not in {self.least:,.16g} to {self.most:,.16g}{percent}."
        return f"{said} is no whole number." if self.kind in _WHOLE and value != int(value) else ""

    def stored(self, value: Any) -> Value:
        """A value without a problem, of the type that is kept."""
        if self.choices:
            return str(value)
        if self.truth:
            return bool(value)
        return int(value) if self.kind in _WHOLE else float(value)

    def typed(self, text: str) -> Any:
        """The value of what was typed; what is none goes on as it is, to be refused by its name."""
        if self.choices:
            return text
        if self.truth:
            return {"1": True, "0": False}.get(text, text)
        try:
            number = float(text.strip().removesuffix("%").strip().replace(",", "."))
        except ValueError:
            return text.strip() or "nothing"
        if self.kind in _IN_PERCENT:
            return round(number / 100, 8)
        return int(number) if math.isfinite(number) and abs(number) < 2**53 and number == int(number) else number

    def field_text(self, value: Value) -> str:
        """A value as its field takes it: shares in per cent, yes and no as 1 and 0."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool | int) and self.kind not in _IN_PERCENT:
            return str(int(value))
        return exact(value) if self.kind in _IN_PERCENT else f"{value:.10g}"

    def said(self, value: Value) -> str:
        """A value as the history tells it."""
        if self.choices:
            return self.choices.get(str(value), str(value))
        if self.kind == "switch":
            return "yes" if value else "no"
        number = f"{value:,}" if self.kind == "count" else self.field_text(value)
        return f"{number} {self.said_unit}".strip()
