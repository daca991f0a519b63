"""The words that stand beside values, in English, French, German, Malay and Spanish.

A label has a class (``labels.json``). Some classes name a field, the others are its decoys: a due date, an account number,
the change of a cash payment. Phrases are folded (lower case, no accents) and matched word by word; a word
that OCR has damaged matches its nearest neighbour.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources

from rapidfuzz import fuzz, process

from mlcore.readers.layout import fold

_MAX_WORDS = 6
_FUZZY_LENGTH = 5
_FUZZY_SCORE = 84


def _phrases() -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    text = resources.files("mlcore.readers").joinpath("labels.json").read_text(encoding="utf-8")
    for label, phrases in json.loads(text).items():
        for phrase in phrases:
            words = tuple(word for word in (label_word(part) for part in phrase.split()) if word)
            if not words:
                continue
            table.setdefault(words, label)
            if len(words) > 1:
                table.setdefault(("".join(words),), label)
    return table


@lru_cache(maxsize=65536)
def label_word(text: str) -> str:
    """The form in which one word of a label is compared: folded, without marks; ``""`` for marks, rates and currencies."""
    folded = _RATE.sub("", fold(text))
    if folded in ("", ":"):
        return "#" if "#" in text else ""
    word = folded.translate(_DROPPED)
    return "" if word in _CURRENCIES else word


_RATE = re.compile(r"@?\d+(?:[.,]\d+)?%$")
_DROPPED = str.maketrans("", "", ".:()[]°*,'’`´;-/=")
_CURRENCIES = frozenset({"rm", "myr", "usd", "eur", "€", "$", "us$", "@", "chf"})
_PHRASES = _phrases()
_WORDS = sorted({word for words in _PHRASES for word in words})
_WORD_SET = frozenset(_WORDS)
_FUZZY_WORDS = [word for word in _WORDS if len(word) >= _FUZZY_LENGTH]
_STARTS = frozenset(words[0] for words in _PHRASES)


@lru_cache(maxsize=16384)
def known_word(word: str) -> str:
    """The label word that ``word`` is, or is a misreading of; ``""`` when it is none."""
    if word in _WORD_SET:
        return word
    if len(word) < _FUZZY_LENGTH or sum(char.isdigit() for char in word) > 1:
        return ""
    found = process.extractOne(word, _FUZZY_WORDS, scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE)
    return found[0] if found else ""


def find_labels(words: list[str]) -> list[tuple[str, int, int]]:
    """Labels in a row of ``label_word`` forms: ``(class, first, after last)``, longest first, not overlapping.

    Empty forms (marks, rates, currencies) may stand inside a label.
    """
    places = [i for i, word in enumerate(words) if word]
    known = [known_word(words[i]) for i in places]
    hits = []
    i = 0
    while i < len(known):
        if known[i] not in _STARTS:
            i += 1
            continue
        for size in range(min(_MAX_WORDS, len(known) - i), 0, -1):
            label = _PHRASES.get(tuple(known[i : i + size]))
            if label is not None:
                hits.append((label, places[i], places[i + size - 1] + 1))
                i += size
                break
        else:
            i += 1
    return hits
