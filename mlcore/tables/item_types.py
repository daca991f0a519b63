"""The type of a line item, from its words and codes and from what the vendor's confirmed lines say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from mlcore.schema import ItemType, LineItem
from mlcore.tables.vocabulary import column_word

_WORDS: tuple[tuple[ItemType, re.Pattern[str], float], ...] = (
    (
        ItemType.COMPOUND_MEDICATION,
        re.compile(r"\b(?:(?:non-?)?compound(?:ed|ing|s)?|cmpd|cpd|extemporaneous|magistral\w*|rezeptur)\b", re.IGNORECASE),
        0.92,
    ),
    (
        ItemType.DME_RENTAL,
        re.compile(r"\b(?:rental|rent|rented|lease|leased|per month|mo\. rental|miete|location mensuelle)\b", re.IGNORECASE),
        0.92,
    ),
    (
        ItemType.BUNDLED_SERVICE,
        re.compile(
            r"\b(?:bundled?|package(?!\s*\d|\s+(?:of|insert))|panel|per diem|all[- ]inclusive|global (?:fee|period|service)|case rate|"
            r"visit pkg|service pkg|(?:supplies|kit|materials|equipment) included|forfait|pauschale)\b",
            re.IGNORECASE,
        ),
        0.9,
    ),
    (
        ItemType.DME_RENTAL,
        re.compile(
            r"\b(?:wheelchair|walker|rollator|hospital bed|cpap|bipap|oxygen concentrator|nebuli[sz]er compressor|patient lift|commode|"
            r"infusion pump|dme)\b",
            re.IGNORECASE,
        ),
        0.8,
    ),
)
_CODES: tuple[tuple[ItemType, re.Pattern[str]], ...] = (
    (ItemType.COMPOUND_MEDICATION, re.compile(r"^J799[59]")),
    (ItemType.DME_RENTAL, re.compile(r"^[EK]\d{4}")),
    (ItemType.BUNDLED_SERVICE, re.compile(r"^S9(?:[3-5]\d\d)")),
)
MIN_SUPPORT = 2


def infer_type(description: str, procedure: str | None, learned: Mapping[str, str]) -> tuple[ItemType, float]:
    """The type with a confidence. ``learned`` as in ``TableTemplate.types``."""
    if procedure and procedure in learned:
        return ItemType(learned[procedure]), 0.97
    votes = Counter(
        learned[word] for word in type_words(description) if learned.get(word, ItemType.STANDARD_MEDICATION) != "standard_medication"
    )
    if len(votes) == 1:
        return ItemType(next(iter(votes))), 0.95
    for kind, pattern, confidence in _WORDS:
        match = pattern.search(description)
        if match and learned.get(column_word(match[0])) != ItemType.STANDARD_MEDICATION:
            return kind, confidence
    for kind, code in _CODES:
        if procedure and code.match(procedure.upper()):
            return kind, 0.92
    return ItemType.STANDARD_MEDICATION, 0.9


def type_words(description: str) -> set[str]:
    """The words of a description that may say its type."""
    return {word for word in (column_word(part) for part in description.split()) if len(word) > 2 and not any(c.isdigit() for c in word)}


def learn_types(items: Iterable[LineItem]) -> dict[str, str]:
    """Codes, words and phrases that go with one type only.

    A word of a rare type counts when at least ``MIN_SUPPORT`` lines have it. What makes the general rules take a line for a rare type
    counts as standard when it does so in standard lines alone: ``package price`` is not told by ``package 10 vials``.
    """
    words: dict[str, Counter[str]] = {}
    codes: dict[str, Counter[str]] = {}
    told: dict[str, set[ItemType]] = {}
    for item in items:
        if item.type is None:
            continue
        if item.cpt_code:
            codes.setdefault(item.cpt_code, Counter())[item.type.value] += 1
        for word in type_words(item.description or ""):
            words.setdefault(word, Counter())[item.type.value] += 1
        for _, pattern, _ in _WORDS:
            if match := pattern.search(item.description or ""):
                told.setdefault(column_word(match[0]), set()).add(item.type)
    learned = {code: next(iter(votes)) for code, votes in sorted(codes.items()) if len(votes) == 1}
    for word, votes in sorted(words.items()):
        kind = next(iter(votes))
        if len(votes) == 1 and kind != ItemType.STANDARD_MEDICATION and votes[kind] >= MIN_SUPPORT:
            learned[word] = kind
    misleading = sorted(phrase for phrase, types in told.items() if types == {ItemType.STANDARD_MEDICATION})
    return {**learned, **dict.fromkeys(misleading, ItemType.STANDARD_MEDICATION.value)}
