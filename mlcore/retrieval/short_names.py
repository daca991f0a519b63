"""Names cut to their first words: ``HALVORSEN`` in large print for ``Halvorsen Drug Company``."""

from __future__ import annotations

from collections.abc import Iterator

from mlcore.normalize import comparison_key
from mlcore.retrieval.lines import core_of
from mlcore.schema import ValueKind

SHORTEST = 5
"""Fewer letters and digits than this stand for too many names."""


def short_forms(name: str) -> Iterator[str]:
    """Comparison keys of the first words of a name, without the whole name and what is too short."""
    words = name.split()
    whole = core_of(name)
    for count in range(1, len(words)):
        key = comparison_key(ValueKind.TEXT, " ".join(words[:count]))
        if SHORTEST <= len(key) < len(whole):
            yield key


def is_short_for(short: str, name: str) -> bool:
    """Whether ``short``, its company form aside, is the first words of ``name`` and not all of it."""
    return core_of(short) in set(short_forms(name))
