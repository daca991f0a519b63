"""The demo set that a fresh installation loads."""

from __future__ import annotations

from collections import Counter

import pytest

from mlcore.dataset.synthetic.demo import DemoDocument, demo_set


@pytest.fixture(scope="module")
def demo() -> tuple[DemoDocument, ...]:
    return demo_set(2026)


@pytest.mark.slow
def test_the_demo_set_is_what_the_tour_needs(demo: tuple[DemoDocument, ...]) -> None:
    confirmed = Counter(document.vendor_key for document in demo if document.confirmed)
    waiting = Counter(document.vendor_key for document in demo if not document.confirmed)

    assert 50 <= len(demo) <= 70
    assert len(confirmed) == 12
    assert all(2 <= count <= 4 for count in confirmed.values())
    assert set(confirmed) < set(waiting)
    assert len(set(waiting) - set(confirmed)) == 6
    assert 0.28 < sum(document.scanned for document in demo) / len(demo) < 0.38
    assert sorted(document.turn for document in demo if document.turn) == [90, 180, 270]
    assert any(len(document.text.pages) > 1 for document in demo)
    assert len({document.filename for document in demo}) == len(demo)
    assert len({document.data for document in demo}) == len(demo)


@pytest.mark.slow
def test_files_are_what_their_media_types_say(demo: tuple[DemoDocument, ...]) -> None:
    starts = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG", "image/tiff": b"II*\x00"}
    for document in demo:
        assert document.data.startswith(starts[document.media_type]), document.filename
        assert len(document.data) < 5_000_000
