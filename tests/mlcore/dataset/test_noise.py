"""Noise without rendering: repeatable, of the measured kinds, and nothing else changes."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from mlcore.dataset.noise import noisy, with_noise
from mlcore.dataset.ocr_errors import ocr_errors
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText, TextSource

_DOCUMENTS = [document.text for document in generate(40, 5, vendor_catalogue(20, 8))]


def _texts(document: DocumentText) -> list[str]:
    return [word.text for page in document.pages for word in page.words]


def test_the_same_seed_gives_the_same_page_and_another_seed_another() -> None:
    one, again, other = (noisy(_DOCUMENTS[0], random.Random(seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_a_noisy_page_is_a_page() -> None:
    for document in _DOCUMENTS:
        damaged = noisy(document, random.Random(3), 2.0)
        assert [page.number for page in damaged.pages] == [page.number for page in document.pages]
        for page in damaged.pages:
            assert page.source is TextSource.OCR
            for word in page.words:
                assert word.text
                assert not word.text.isspace()
                assert 0 <= word.box.x0 < word.box.x1 <= 1
                assert 0 <= word.box.y0 < word.box.y1 <= 1
                assert 0 <= word.confidence <= 1
            assert all(a.line <= b.line for a, b in pairwise(page.words))


def test_every_word_knows_what_it_was_made_of_and_every_kind_of_error_happens() -> None:
    kinds = {"merged": 0, "split": 0, "damaged": 0, "lost": 0, "right": 0}
    for number, document in enumerate(_DOCUMENTS):
        made = with_noise(document, random.Random(number))
        for before, after, sources in zip(document.pages, made.document.pages, made.sources, strict=True):
            assert len(sources) == len(after.words)
            told = [old for source in sources for old in source]
            assert all(0 <= old < len(before.words) for old in told)
            kinds["lost"] += len(set(range(len(before.words))) - set(told))
            kinds["split"] += len(told) - len(set(told))
            kinds["merged"] += sum(len(source) > 1 for source in sources)
            singles = [
                (before.words[s[0]].text, word.text)
                for s, word in zip(sources, after.words, strict=True)
                if len(s) == 1 == told.count(s[0])
            ]
            kinds["right"] += sum(a == b for a, b in singles)
            kinds["damaged"] += sum(a != b for a, b in singles)
    assert all(kinds.values()), kinds
    assert kinds["right"] > 0.8 * sum(kinds.values())


def test_more_noise_leaves_fewer_words_whole() -> None:
    def whole(level: float) -> int:
        return sum(len(set(_texts(d)) & set(_texts(noisy(d, random.Random(n), level)))) for n, d in enumerate(_DOCUMENTS))

    assert whole(0.0) > whole(1.0) > whole(3.0)


def test_words_of_different_owners_are_never_merged() -> None:
    for number, document in enumerate(_DOCUMENTS):
        owners = [[str(index % 2) for index in range(len(page.words))] for page in document.pages]
        made = with_noise(document, random.Random(number), 5.0, owners)
        assert all(len(source) == 1 for sources in made.sources for source in sources)


def test_damaged_words_are_said_with_less_confidence() -> None:
    errors, rng = ocr_errors(), random.Random(4)
    right, wrong = (sum(errors.confidence(ok, rng) for _ in range(500)) / 500 for ok in (True, False))
    assert right > wrong + 0.2


@pytest.mark.parametrize(("word", "taken_for"), [("100", "1O0"), ("12.50", "1250"), ("5", "S")])
def test_what_tesseract_takes_for_another_is_among_the_errors(word: str, taken_for: str) -> None:
    rng = random.Random(6)
    assert taken_for in {ocr_errors().damaged(word, rng) for _ in range(3_000)}
