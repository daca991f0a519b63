"""The type of a line item, from its words and codes and from what the vendor's confirmed lines say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from mlcore.schema import ItemType, LineItem
from mlcore.tables.vocabulary import column_word

_COMPOUND = re.compile(r"\b(?:compound(?:ed|ing)?|cmpd|cpd|extemporaneous|magistral|topical compound)\b", re.IGNORECASE)
_RENTAL = re.compile(r"\b(?:rental|rent|rented|lease|dme|monthly|month\(s\)|per month|/mo|wheelchair|walker|hospital bed|cpap|bipap|"
                     r"oxygen concentrator|nebuli[sz]er|crutch(?:es)?|patient lift|commode|location|miete)\b", re.IGNORECASE)  # fmt: skip
_BUNDLE = re.compile(
    r"\b(?:bundled?|package|pkg|panel|kit w/|global|per diem|program|all[- ]inclusive|visit package|case rate|forfait)\b", re.IGNORECASE
)
_RENTAL_CODE = re.compile(r"^[EK]\d{4}(?:-?[A-Z0-9]{2})?$")
MIN_SUPPORT = 2


def infer_type(description: str, procedure: str | None, learned: Mapping[str, str]) -> tuple[ItemType, float]:
    """The type with a confidence. ``learned`` as in ``TableTemplate.types``."""
    known = _from_learned(description, procedure, learned)
    if known is not None:
        return known, 0.97
    if _COMPOUND.search(description):
        return ItemType.COMPOUND_MEDICATION, 0.9
    if procedure and _RENTAL_CODE.match(procedure.upper()):
        return ItemType.DME_RENTAL, 0.93
    if _RENTAL.search(description):
        return ItemType.DME_RENTAL, 0.85
    if _BUNDLE.search(description):
        return ItemType.BUNDLED_SERVICE, 0.85
    return ItemType.STANDARD_MEDICATION, 0.9


def _from_learned(description: str, procedure: str | None, learned: Mapping[str, str]) -> ItemType | None:
    if procedure and procedure in learned:
        return ItemType(learned[procedure])
    votes = Counter(learned[word] for word in type_words(description) if word in learned)
    if len(votes) == 1:
        return ItemType(next(iter(votes)))
    return None


def type_words(description: str) -> set[str]:
    """The words of a description that may say its type."""
    return {word for word in (column_word(part) for part in description.split()) if len(word) > 2 and not any(c.isdigit() for c in word)}


def learn_types(items: Iterable[LineItem]) -> dict[str, str]:
    """Codes and words that go with one type only, where the general rules would say otherwise.

    A word counts when at least ``MIN_SUPPORT`` lines have it (one line is enough for a procedure code).
    """
    words: dict[str, Counter[str]] = {}
    codes: dict[str, Counter[str]] = {}
    for item in items:
        if item.type is None:
            continue
        if item.cpt_code:
            codes.setdefault(item.cpt_code, Counter())[item.type.value] += 1
        for word in type_words(item.description or ""):
            words.setdefault(word, Counter())[item.type.value] += 1
    learned = {code: next(iter(votes)) for code, votes in sorted(codes.items()) if len(votes) == 1}
    for word, votes in sorted(words.items()):
        kind = next(iter(votes))
        if len(votes) == 1 and kind != ItemType.STANDARD_MEDICATION and votes[kind] >= MIN_SUPPORT:
            learned[word] = kind
    return learned
