"""How long a model takes to read a document, by way of decoding, beside plain ``generate`` of as many tokens. Imports torch.

Every document is read in every way, one after the other, so that other work on the machine slows all ways alike. What serves is the last
way; the others say what each idea of the decoding is worth.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import Any, TypeVar

import torch

from mlcore.answers import AnswerForm
from mlcore.base_model.loading import LoadedBase
from mlcore.documents import DocumentText
from mlcore.inference.asking import Asking, Guesses
from mlcore.inference.branching import branch_log_probabilities
from mlcore.inference.decoding import Said, decode_batch
from mlcore.inference.windows import readable_page
from mlcore.page_text import PageText
from mlcore.prompts import build_prompt
from mlcore.rescoring.branches import tree_of
from mlcore.rescoring.open_fields import open_fields
from mlcore.templates.extractor import TemplateExtractor

PLAIN, FORCED, LOOKUP, SERVES = (
    "plain generate",
    "grammar, forced tokens skipped",
    "and looked up in the prompt",
    "and what the page suggests",
)
WEIGHING = "weighing candidates"
WAYS = (PLAIN, FORCED, LOOKUP, SERVES, WEIGHING)

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Measured:
    """One document read in one way. ``seconds`` are of the CPU where the model is on one, else by the clock, ``wall`` always by the clock;
    ``same`` counts the values that are those which the grammar alone gives (without guesses)."""

    way: str
    seconds: float
    wall: float
    passes: int
    same: int


@dataclass
class SpeedTable:
    """What was measured, by way in the order of ``WAYS``; ``values`` is how many the answers have, ``cut`` how many answers had no room."""

    rows: dict[str, list[Measured]] = field(default_factory=dict)
    values: int = 0
    cut: int = 0
    tokens: list[tuple[int, int]] = field(default_factory=list)
    """Of each document, tokens of its prompt and of its answer."""

    def add(self, one: Measured) -> None:
        """One more."""
        self.rows.setdefault(one.way, []).append(one)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types: medians, and the least and most of the seconds over those of plain ``generate``, document by document."""
        plain = [one.seconds for one in self.rows.get(PLAIN, ())]
        return {
            "documents": len(self.tokens),
            "values": self.values,
            "cut": self.cut,
            "prompt_tokens": median(prompt for prompt, _ in self.tokens) if self.tokens else 0,
            "answer_tokens": median(answer for _, answer in self.tokens) if self.tokens else 0,
            "ways": {way: _told(self.rows[way], plain) for way in WAYS if way in self.rows},
        }


def _told(rows: Sequence[Measured], plain: Sequence[float]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "documents": len(rows),
        "passes": median(one.passes for one in rows),
        "seconds": median(one.seconds for one in rows),
        "wall_seconds": median(one.wall for one in rows),
        "same": sum(one.same for one in rows),
    }
    if len(plain) == len(rows):
        shares = [one.seconds / other for one, other in zip(rows, plain, strict=True)]
        told["times_plain"] = [min(shares), median(shares), max(shares)]
    return told


class SpeedBench:
    """Reads documents with a base, whatever adapter it has on, and an answer form; prompt and answer have at most ``max_tokens`` tokens."""

    def __init__(self, base: LoadedBase, form: AnswerForm, max_tokens: int) -> None:
        """The model is run once, because the first run of all pays for more than itself."""
        base.model.eval()
        self._base = base
        self._form = form
        self._max_tokens = max_tokens
        self._asking = Asking(base, form)
        self._tokens = self._asking.tokens
        self._plain(self._tokens.encode(build_prompt("", form)), 2)

    def prompt_of(self, document: DocumentText) -> list[int]:
        """The tokens that a document is asked with when it is read at once."""
        return self._tokens.encode(build_prompt(readable_page(document).text, self._form))

    @property
    def longest(self) -> int:
        """Tokens of the longest prompt that is read at once; a longer document is read in windows, which this does not measure."""
        return int(self._max_tokens * self._form.prompt_share)

    def measure(self, document: DocumentText, table: SpeedTable, *, plain: bool = True) -> None:
        """Read one document in every way and add that to the table; ``plain`` says whether plain ``generate`` is among them."""
        page, prompt = readable_page(document), self.prompt_of(document)
        wanted: dict[str, str] = {}
        for way, guesses in ((FORCED, Guesses.NONE), (LOOKUP, Guesses.PROMPT), (SERVES, Guesses.PAGE)):
            said, seconds, wall = self._timed(partial(self._said, page, prompt, guesses))
            values = self._values(said)
            if way == FORCED:
                wanted = values
                table.values += len(wanted)
                table.cut += said.cut
                table.tokens.append((len(prompt), len(said.tokens)))
            same = sum(values.get(path) == text for path, text in wanted.items())
            table.add(Measured(way, seconds, wall, said.passes, same))
        if plain:
            size = table.tokens[-1][1]
            _, seconds, wall = self._timed(partial(self._plain, prompt, size))
            table.add(Measured(PLAIN, seconds, wall, size, 0))
        tree = tree_of(open_fields(TemplateExtractor().look(document)), self._form, self._tokens)
        if tree.branches:
            _, seconds, wall = self._timed(partial(branch_log_probabilities, self._base.model, prompt, tree))
            table.add(Measured(WEIGHING, seconds, wall, 2, 0))

    def _said(self, page: PageText, prompt: list[int], guesses: Guesses) -> Said:
        (said,) = decode_batch(self._base.model, [self._asking.asked(page, prompt, self._max_tokens - len(prompt), guesses)])
        return said

    def _plain(self, prompt: list[int], tokens: int) -> None:
        ids = torch.tensor([prompt], device=self._base.device)
        told = {"attention_mask": torch.ones_like(ids), "max_new_tokens": tokens, "min_new_tokens": tokens}
        with torch.inference_mode():
            self._base.model.generate(ids, do_sample=False, use_cache=True, pad_token_id=self._tokens.end, **told)

    def _values(self, said: Said) -> dict[str, str]:
        text = self._tokens.decode([token for token in said.tokens if token != self._tokens.end])
        return {one.path: one.text for one in self._form.read(text)}

    def _timed(self, run: Callable[[], _Answer]) -> tuple[_Answer, float, float]:
        """What it gives, its seconds as in ``Measured``, and those of the clock."""
        self._finish()
        cpu, begun = time.process_time(), time.perf_counter()
        answer = run()
        self._finish()
        wall, spent = time.perf_counter() - begun, time.process_time() - cpu
        return answer, spent if self._base.device.type == "cpu" else wall, wall

    def _finish(self) -> None:
        if self._base.device.type == "cuda":
            torch.cuda.synchronize(self._base.device)
