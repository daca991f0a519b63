from __future__ import annotations

import json

import pytest

from mlcore.errors import TemplateError
from mlcore.normalize import NumberStyle
from mlcore.readers.dates import DateForm
from mlcore.templates import VendorTemplate
from mlcore.templates.model import Anchor, FieldRule, LayoutTemplate, Sighting

TEMPLATE = VendorTemplate(
    "acme",
    (
        LayoutTemplate(
            frozenset({"invoice@3", "total@6"}),
            2,
            {
                "total": FieldRule((Sighting("total due", "", "0.0", 0.5, 0.8, 0, 1, (Anchor("terms", -3.5, 2.0),)),), 2, 0),
                "vendor.name": FieldRule((), 2, 0, "Acme, Inc."),
            },
            (DateForm.DAY_MONTH_YEAR,),
            NumberStyle.COMMA,
        ),
    ),
)


def test_json_and_back_is_the_same_template() -> None:
    restored = VendorTemplate.from_json(json.loads(json.dumps(TEMPLATE.to_json())))
    assert restored == TEMPLATE
    assert restored.template_id == TEMPLATE.template_id


def test_the_id_follows_the_content() -> None:
    assert VendorTemplate("acme").template_id != VendorTemplate("other").template_id
    assert len(TEMPLATE.template_id) == 16


def test_the_id_survives_a_database_that_drops_the_sign_of_zero() -> None:
    def at(dx: float) -> VendorTemplate:
        sighting = Sighting("total due", "", "0.0", 0.5, 0.8, 0, 1, (Anchor("hour", dx, 2.0),))
        return VendorTemplate("acme", (LayoutTemplate(frozenset(), 1, {"total": FieldRule((sighting,), 1, 0)}),))

    stored = json.dumps(at(-0.0).to_json())
    assert "-0.0" not in stored
    assert VendorTemplate.from_json(json.loads(stored)).template_id == at(-0.0).template_id == at(0.0).template_id


@pytest.mark.parametrize(
    "data",
    [{}, {"format": 99, "vendor_key": "a", "layouts": []}, {"format": 1, "vendor_key": "a", "layouts": [{}]}, {"format": 1, "layouts": 7}],
)
def test_anything_else_is_refused_with_a_remedy(data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match="again"):
        VendorTemplate.from_json(data)
