from __future__ import annotations

import json

import pytest

from mlcore.errors import TemplateError
from mlcore.normalize import NumberStyle
from mlcore.tables.template import AmountRule, Column, TableTemplate, Wrap

TEMPLATE = TableTemplate(
    columns=(Column("description", 0.1, 0.4, 0.05, 0.5, False), Column("total", 0.8, 0.9, 0.7, 1.0, True)),
    header=(("description", 0.12), ("amount", 0.85)),
    style=NumberStyle.COMMA,
    wrap=Wrap.BEFORE,
    amount=AmountRule.COMPUTED,
    required=("total", "quantity"),
    never_items=("sum of",),
    types={"J1885": "standard_medication"},
    absent=("type",),
    line_gap=0.5,
    rows_above=2,
    catalogue=("Gauze",),
    examples=3,
)


def test_survives_json() -> None:
    assert TableTemplate.from_json(json.loads(json.dumps(TEMPLATE.to_json()))) == TEMPLATE


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"wrap": "sideways"},
        {"columns": [{"role": "total"}]},
        {"header": "no"},
        {"required": "total"},
        {"surprise": 1},
        {"types": None},
    ],
)
def test_bad_json_is_a_template_error(change: dict[str, object]) -> None:
    with pytest.raises(TemplateError):
        TableTemplate.from_json({**TEMPLATE.to_json(), **change})


@pytest.mark.parametrize("data", [None, [], "x", {}])
def test_something_else_is_a_template_error(data: object) -> None:
    with pytest.raises(TemplateError, match="learn it again"):
        TableTemplate.from_json(data)


def test_a_missing_key_is_a_template_error() -> None:
    data = TEMPLATE.to_json()
    del data["columns"]
    with pytest.raises(TemplateError):
        TableTemplate.from_json(data)
