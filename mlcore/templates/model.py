"""What is learned of a vendor: frozen values with a JSON form and a content hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mlcore.errors import TemplateError
from mlcore.normalize import NumberStyle
from mlcore.readers.dates import DateForm
from mlcore.tables.template import TableTemplate

FORMAT = 1
"""Version of the JSON form; a template of another version is learned anew."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word that stays the same, and where it stood from the value: its left edge and middle, in em."""

    word: str
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Sighting:
    """One confirmed place of a field. ``left`` and ``above`` are the folded words beside it; ``x``, ``y`` are
    fractions of the page; pages count from 0 from the front and from the back; ``shape`` as in ``shape_of``."""

    left: str
    above: str
    shape: str
    x: float
    y: float
    page: int
    page_from_end: int
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one header field is read: its sightings, in how many examples it was absent, and its last values.

    ``seen`` counts the examples in which the field was labeled. ``constant`` is the printed value when every
    example has the same one.
    """

    sightings: tuple[Sighting, ...]
    seen: int
    absent: int
    constant: str | None = None


@dataclass(frozen=True)
class LayoutTemplate:
    """One layout of the vendor. ``fingerprint`` is ``word@column``, see ``fingerprint.fingerprint``."""

    fingerprint: frozenset[str]
    examples: int
    rules: Mapping[str, FieldRule]
    date_forms: tuple[DateForm, ...] = ()
    number_style: NumberStyle | None = None
    table: TableTemplate | None = None


@dataclass(frozen=True)
class VendorTemplate:
    """Everything learned of one vendor; layouts with the most examples first."""

    vendor_key: str
    layouts: tuple[LayoutTemplate, ...] = field(default=())

    @cached_property
    def template_id(self) -> str:
        """Content hash: the same examples give the same id."""
        data = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(data.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, the same before and after any database: PostgreSQL does not keep the sign of a negative zero."""
        data = {"format": FORMAT, "vendor_key": self.vendor_key, "layouts": [_layout_to_json(layout) for layout in self.layouts]}
        plain: dict[str, Any] = _without_negative_zero(data)
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> VendorTemplate:
        """Inverse of ``to_json``. Raises ``TemplateError`` for anything that is no template of this version."""
        try:
            if data["format"] != FORMAT:
                raise TemplateError(f"Template format {data['format']}; this version reads {FORMAT}. Learn the template again.")
            return cls(str(data["vendor_key"]), tuple(_layout_from_json(layout) for layout in data["layouts"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TemplateError(f"A stored template cannot be read ({error!r}); learn it again.") from error


def _without_negative_zero(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_negative_zero(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_negative_zero(inner) for inner in value]
    return value + 0.0 if isinstance(value, float) else value


def _layout_to_json(layout: LayoutTemplate) -> dict[str, Any]:
    return {
        "fingerprint": sorted(layout.fingerprint),
        "examples": layout.examples,
        "rules": {name: _rule_to_json(rule) for name, rule in sorted(layout.rules.items())},
        "date_forms": [form.value for form in layout.date_forms],
        "number_style": layout.number_style.value if layout.number_style else None,
        "table": layout.table.to_json() if layout.table else None,
    }


def _layout_from_json(data: Mapping[str, Any]) -> LayoutTemplate:
    return LayoutTemplate(
        fingerprint=frozenset(str(mark) for mark in data["fingerprint"]),
        examples=int(data["examples"]),
        rules={str(name): _rule_from_json(rule) for name, rule in data["rules"].items()},
        date_forms=tuple(DateForm(form) for form in data["date_forms"]),
        number_style=NumberStyle(data["number_style"]) if data["number_style"] else None,
        table=TableTemplate.from_json(data["table"]) if data["table"] else None,
    )


def _rule_to_json(rule: FieldRule) -> dict[str, Any]:
    sightings = [
        [s.left, s.above, s.shape, s.x, s.y, s.page, s.page_from_end, [[a.word, a.dx, a.dy] for a in s.anchors]] for s in rule.sightings
    ]
    return {"sightings": sightings, "seen": rule.seen, "absent": rule.absent, "constant": rule.constant}


def _rule_from_json(data: Mapping[str, Any]) -> FieldRule:
    sightings = tuple(
        Sighting(str(left), str(above), str(shape), float(x), float(y), int(page), int(from_end), _anchors(anchors))
        for left, above, shape, x, y, page, from_end, anchors in data["sightings"]
    )
    constant = data["constant"]
    return FieldRule(sightings, int(data["seen"]), int(data["absent"]), str(constant) if constant is not None else None)


def _anchors(data: Any) -> tuple[Anchor, ...]:
    return tuple(Anchor(str(word), float(dx), float(dy)) for word, dx, dy in data)
