"""Guesses what comes next by looking it up in the prompt: most of an answer is a copy of the page."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_KEY = 4
SHORTEST_KEY = 1


class Lookup:
    """Places of every run of up to ``LONGEST_KEY`` tokens of a prompt. Pure."""

    def __init__(self, prompt: Sequence[int], stops: frozenset[int]) -> None:
        """``stops`` are tokens that end a copied value (tab, newline): a guess does not run past one."""
        self._prompt = list(prompt)
        self._stops = stops
        self._places: dict[tuple[int, ...], int] = {}
        for end in range(1, len(self._prompt)):
            for size in range(SHORTEST_KEY, min(LONGEST_KEY, end) + 1):
                self._places.setdefault(tuple(self._prompt[end - size : end]), end)

    def guess(self, said: Sequence[int], most: int) -> list[int]:
        """Up to ``most`` tokens that followed the longest run of the prompt that ends like ``said``."""
        for size in range(min(LONGEST_KEY, len(said)), SHORTEST_KEY - 1, -1):
            key = tuple(said[len(said) - size :])
            if any(token in self._stops for token in key):
                continue
            place = self._places.get(key)
            if place is not None:
                return self._until_stop(place, most)
        return []

    def _until_stop(self, place: int, most: int) -> list[int]:
        guessed: list[int] = []
        for token in self._prompt[place : place + most]:
            if token in self._stops:
                break
            guessed.append(token)
        return guessed
