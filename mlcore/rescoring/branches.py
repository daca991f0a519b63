"""An answer with other values in single places, as tokens: the answer itself is the trunk, every option a branch off it. Pure.

A branch goes from where the options of its field part to where the next value would begin: so what leads to a value, what ends it and the
passing over of an absent one count, in every answer form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.answers.form import AnswerForm
from mlcore.inference.tokens import Tokens
from mlcore.rescoring.open_fields import OpenField, OpenFields


@dataclass(frozen=True, slots=True)
class Branch:
    """``tokens`` that are said after the first ``start`` tokens of the trunk."""

    start: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """``branches`` are those of all options of all fields, in order; ``trunk`` goes as far as any of them needs it."""

    trunk: tuple[int, ...]
    branches: tuple[Branch, ...]

    @property
    def longest(self) -> int:
        """Tokens of the trunk and the branch that together are the longest answer."""
        return max((branch.start + len(branch.tokens) for branch in self.branches), default=0)


def tree_of(opened: OpenFields, form: AnswerForm, tokens: Tokens) -> Tree:
    """The answer that the template would give, and what else it might be."""
    trunk = tokens.encode("".join(part.text for part in form.spell(opened.printed)))
    branches: list[Branch] = []
    for field in opened.fields:
        branches.extend(_branches(field, opened.printed, trunk, form, tokens))
    return Tree(tuple(trunk[: max((branch.start for branch in branches), default=0)]), tuple(branches))


def _branches(field: OpenField, printed: Mapping[str, str], trunk: Sequence[int], form: AnswerForm, tokens: Tokens) -> list[Branch]:
    said = [_said(printed, field.name, option.text, form, tokens) for option in field.options]
    start = max(0, min(min(_common(one, trunk), len(one) - 1) for one in said))
    return [Branch(start, tuple(one[start:])) for one in said]


def _said(printed: Mapping[str, str], path: str, text: str, form: AnswerForm, tokens: Tokens) -> list[int]:
    """The answer with ``text`` for ``path``, up to where the next value begins."""
    others = {name: value for name, value in printed.items() if name != path}
    parts = form.spell({**others, path: text} if text else others)
    place = next(number for number, part in enumerate(parts) if part.path == path)
    following = next((number for number in range(place + 1, len(parts)) if parts[number].path and parts[number].text), None)
    spelled = "".join(part.text for part in parts[:following])
    if following is not None:
        return tokens.encode(spelled.rstrip(" "))  # a space belongs to the token of the value after it
    return tokens.encode(spelled) + ([tokens.end] if tokens.end is not None else [])


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two answers begin with alike."""
    shorter = min(len(one), len(other))
    return next((place for place in range(shorter) if one[place] != other[place]), shorter)
