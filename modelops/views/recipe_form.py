"""The form of a recipe: the texts that were typed, the values that they mean, and what is wrong with each. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mlcore.training.config import Recipe
from modelops.runs.recipe_fields import BY_PATH, FIELDS, RecipeField, flat
from modelops.runs.sweeping import AlphaRule


@dataclass(frozen=True, slots=True)
class Entry:
    """One field with the text in it and that of the preset that it started from."""

    field: RecipeField
    typed: str
    counts: str
    problem: str = ""

    @property
    def name(self) -> str:
        """Id in the page."""
        return self.field.path.replace(".", "-")


def entries_of(base: Recipe, typed: Mapping[str, str] | None, problems: Mapping[str, str]) -> list[tuple[str, list[Entry]]]:
    """All fields by group. ``typed`` are the texts of a form that came back, ``None`` for a fresh one."""
    values = flat(base)
    made = [
        Entry(field, counts if typed is None else typed.get(field.path, ""), counts, problems.get(field.path, ""))
        for field in FIELDS
        for counts in (shown(field, values.get(field.path)),)
    ]
    return [(group, list(members)) for group, members in groupby(made, key=lambda entry: entry.field.group)]


def shown(field: RecipeField, value: Any) -> str:
    """A value as its field takes it."""
    if value is None:
        return ""
    if field.kind == "switch":
        return "1" if value else ""
    if field.kind == "names":
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed_of(form: Mapping[str, str]) -> dict[str, str]:
    """The texts of all fields in a form; a switch that is off is not sent."""
    return {field.path: form.get(field.path, "").strip()[:400] for field in FIELDS}


def changes_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """What the texts mean. What cannot be read stays a text, and is refused by its name."""
    return {path: _value(BY_PATH[path], text) for path, text in typed.items()}


def _value(field: RecipeField, text: str) -> Any:
    if field.kind == "switch":
        return bool(text)
    if field.kind == "names":
        return [part.strip() for part in text.split(",") if part.strip()]
    return number(text) if field.kind in ("whole", "number") else text


def number(text: str) -> Any:
    """A whole number, a number, or the text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return text


_ALPHAS = tuple(rule.value for rule in AlphaRule)


@dataclass(frozen=True, slots=True)
class SweepFields:
    """The part of the form for a sweep, as it was typed: two fields with the values to try in each."""

    name: str = ""
    rank: str = ""
    rate: str = ""
    path: str = ""
    values: str = ""
    alpha: str = AlphaRule.FIXED.value

    @classmethod
    def of(cls, form: Mapping[str, str]) -> SweepFields:
        """Out of a form."""
        told = {name: form.get(f"sweep-{name}", "").strip()[:200] for name in ("name", "rank", "rate", "path", "values", "alpha")}
        return cls(**{**told, "alpha": told["alpha"] if told["alpha"] in _ALPHAS else AlphaRule.FIXED.value})

    @property
    def axes(self) -> dict[str, list[Any]]:
        """What is to be varied; empty for a single run."""
        told = {"lora.rank": self.rank, "schedule.learning_rate": self.rate, self.path: self.values}
        return {path: [number(part.strip()) for part in text.split(",") if part.strip()] for path, text in told.items() if path and text}
