"""Vendors by chance: reproducible, different from each other, printed without collisions."""

from __future__ import annotations

import itertools

import pytest

from mlcore.dataset.synthetic import generate, major_minor_weights, vendor_catalogue
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.documents import Word

HAND_MADE = len(vendor_catalogue())


def test_the_catalogue_of_forty_has_fifteen_major_and_twenty_five_minor_vendors() -> None:
    makers = vendor_catalogue(composed=13)

    assert len(makers) == 40
    assert sum(maker.major for maker in makers) == 15
    assert sum(major_minor_weights(makers)) == pytest.approx(1.0)


def test_a_composed_vendor_is_always_the_same_company() -> None:
    assert compose_vendor(5, 1) == compose_vendor(5, 1)
    assert compose_vendor(5, 1) != compose_vendor(5, 2)
    assert vendor_catalogue(6, 1)[-1] == compose_vendor(5, 1)


def test_hundreds_of_layouts_differ() -> None:
    makers = vendor_catalogue(300, 4)[HAND_MADE:]

    assert len({repr(maker.layout) for maker in makers}) == 300
    assert len({maker.key for maker in makers}) == 300


def test_composed_paper_prints_every_field_it_must_without_collisions() -> None:
    makers = vendor_catalogue(40, 5)[HAND_MADE:]
    for maker in makers:
        for document in generate(3, 6, [maker]):
            for path in ("invoice_number", "date", "total"):
                assert len(document.evidence[path]) == 1, (maker.key, path)
            assert document.record.vendor.name
            assert document.record.vendor.address
            for page in document.text.pages:
                for word in page.words:
                    assert 0.0 < word.box.x0 < word.box.x1 < 1.0, (maker.key, word)
                    assert 0.0 < word.box.y0 < word.box.y1 < 1.0, (maker.key, word)
                assert collisions(page.lines) == [], maker.key


def collisions(lines: tuple[tuple[Word, ...], ...]) -> list[tuple[str, str]]:
    """Neighbours on one line that overlap."""
    return [(left.text, right.text) for line in lines for left, right in itertools.pairwise(line) if left.box.x1 > right.box.x0 + 0.0005]
