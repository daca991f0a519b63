"""What the template reader may have learned before it reads."""

from __future__ import annotations

from functools import cache

import pytest

from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.evaluation.protocols import template_lessons
from mlcore.evaluation.samples import Sample

SAMPLES = [Sample(d.id, d.gold) for d in generate(10, 3, vendor_catalogue()[:3])]


@cache
def dealt(confirmed: int) -> dict[str, str]:
    return {sample.id: reader.model_id for reader, rest in template_lessons(SAMPLES, confirmed) for sample in rest}


def test_without_confirmed_documents_everything_is_read_without_a_template() -> None:
    assert set(dealt(0)) == {sample.id for sample in SAMPLES}
    assert all(model.endswith("zero-shot") for model in dealt(0).values())


def test_each_vendor_gives_its_first_documents_and_the_rest_is_read_by_what_was_learned() -> None:
    by_vendor: dict[str, int] = {}
    for sample in SAMPLES:
        by_vendor[sample.example.vendor_key] = by_vendor.get(sample.example.vendor_key, 0) + 1
    read = dealt(2)
    assert len(read) == sum(max(0, n - 2) for n in by_vendor.values())
    assert not any(model.endswith("zero-shot") for model in read.values())
    assert len(set(read.values())) == sum(n > 2 for n in by_vendor.values())


def test_more_confirmed_documents_read_a_part_of_what_fewer_read() -> None:
    assert set(dealt(3)) < set(dealt(1)) < set(dealt(0))
    assert dealt(1) == dealt(1)


def test_layouts_of_a_vendor_are_learned_apart() -> None:
    vendor = SAMPLES[0].example.vendor_key
    own = [s for s in SAMPLES if s.example.vendor_key == vendor][:2]
    apart = [Sample(s.id, s.example, layout=str(n)) for n, s in enumerate(own)]
    assert not list(template_lessons(apart, 1))
    assert len(list(template_lessons(own, 1))) == 1


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="the least is 0"):
        list(template_lessons(SAMPLES, -1))
