"""From confirmed examples to token sequences with a weight for each token that is to be learned."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mlcore.answers.form import AnswerForm, Part
from mlcore.answers.printed import TYPE_SIGNS, Printed, printed_record
from mlcore.documents import GoldExample
from mlcore.page_text import page_text
from mlcore.prompts import Example, build_prompt
from mlcore.schema import ItemType, split_item_path

_RARE = frozenset(sign for kind, sign in TYPE_SIGNS.items() if kind is not ItemType.STANDARD_MEDICATION)
"""What an answer says of a line of a rare type."""


class Tokenizer(Protocol):
    """What is needed of a tokenizer of transformers."""

    eos_token_id: int

    def __call__(self, text: str, **options: Any) -> Any:
        """Token ids and, when asked, the characters that each covers."""
        ...


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """``weights[i]`` is how much predicting ``tokens[i]`` counts: 0 for the prompt and for what nobody labeled.

    ``pieces[i]`` counts the pieces of the answer: each ends with a value, what leads to the value included; the last is the end of the
    answer. ``-1`` in the prompt. ``part`` counts the windows of a document that is trained on in several, from 0.
    """

    name: str
    tokens: tuple[int, ...]
    weights: tuple[float, ...]
    pieces: tuple[int, ...]
    part: int = 0


def training_example(
    name: str,
    gold: GoldExample,
    form: AnswerForm,
    tokenizer: Tokenizer,
    *,
    rare_weight: float = 1.0,
    shown: Sequence[Example] = (),
    weight: float = 1.0,
) -> TrainingExample:
    """Prompt, answer and the end sign. The end is a token like any other, told by its place: a padding of the same id is none.

    ``weight`` multiplies the loss of every token: how far the labels of the document are trusted.
    """
    told = (page_text(gold.document).text, printed_record(gold), gold.label_fields)
    return example_of(name, *told, form, tokenizer, rare_weight=rare_weight, shown=shown, weight=weight)


def example_of(
    name: str,
    page: str,
    printed: Printed,
    label_fields: Collection[str] | None,
    form: AnswerForm,
    tokenizer: Tokenizer,
    *,
    rare_weight: float,
    shown: Sequence[Example] = (),
    weight: float = 1.0,
    part: int = 0,
) -> TrainingExample:
    """As ``training_example``, of the text of a page, or of a part of it, and what is printed there."""
    parts = form.spell(printed, label_fields)
    answer = "".join(one.text for one in parts)
    prompt: list[int] = tokenizer(build_prompt(page, form, shown), add_special_tokens=False)["input_ids"]
    told = tokenizer(answer, add_special_tokens=False, return_offsets_mapping=True)
    row_weights = {
        cell[0]: rare_weight for path, text in printed.items() if (cell := split_item_path(path)) and cell[1] == "type" and text in _RARE
    }
    spans = [*told["offset_mapping"], (len(answer), len(answer) + 1)]
    counted = weights_of(spans, parts, row_weights)
    tokens = (*prompt, *told["input_ids"], tokenizer.eos_token_id)
    pieces = (*(-1 for _ in prompt), *_pieces([start for start, _ in spans], parts))
    return TrainingExample(name, tokens, (*(0.0 for _ in prompt), *(one * weight for one in counted)), pieces, part)


def pieces_of(gold: GoldExample, form: AnswerForm) -> tuple[str, ...]:
    """The field paths of the pieces of an answer in their order, and ``""`` for its end: what ``TrainingExample.pieces`` counts."""
    parts = form.spell(printed_record(gold), gold.label_fields)
    return (*(part.path for part in parts if _ends_piece(part)), "")


def _ends_piece(part: Part) -> bool:
    return bool(part.path and part.text)


def _pieces(starts: Sequence[int], parts: Sequence[Part]) -> list[int]:
    ends, place = [], 0
    for part in parts:
        place += len(part.text)
        if _ends_piece(part):
            ends.append(place)
    return [bisect_right(ends, start) for start in starts]


def weights_of(spans: Sequence[tuple[int, int]], parts: Sequence[Part], row_weights: dict[int, float]) -> list[float]:
    """Of each token, by its characters ``start .. end``, the end sign last.

    A token counts as the part that it begins in. What spells an unlabeled part counts nothing, nor does the sign after it, which says
    "absent", be it the end, nor one that goes on over the place of a part without text.
    """
    placed: list[tuple[int, int, Part]] = []
    place = 0
    for part in parts:
        placed.append((place, place + len(part.text), part))
        place += len(part.text)
    hidden = [(start, end) for start, end, part in placed if not part.labeled]
    rows = [(end, part.row) for _, end, part in placed if part.text]
    weights = []
    current = 0
    for start, end in spans:
        while current < len(rows) and rows[current][0] <= start:
            current += 1
        row = rows[current][1] if current < len(rows) else None
        masked = any(start <= last and end > first for first, last in hidden)
        weights.append(0.0 if masked else row_weights.get(row, 1.0) if row is not None else 1.0)
    return weights
