"""How long one invoice and a batch take at a shape: plain ``generate``, a static cache, and the product's decoding. Imports torch.

Prompt and answer have exactly the wanted numbers of tokens: a synthetic invoice whose answer is at least as long (cut there), and text of
other invoices before it (as a vendor's example would stand there). All rows of a batch read the same invoice. The product's time has
grammar and guesses in it, made anew for every row; what its model says is ``scripted``. ``generate`` says as many tokens, without a
grammar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu.bases import random_adapter
from benchmarks.gpu.devices import Peak
from benchmarks.gpu.floors import reading_floor
from benchmarks.gpu.measuring import emptied, timed
from benchmarks.gpu.plan import ALL, PLAIN, PRODUCT, STATIC_CACHE, ReadingCase
from benchmarks.gpu.scripted import Scripted, spelled
from benchmarks.gpu.shapes import Shape
from mlcore.answers import FORMS
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.inference.adapters import Adapters
from mlcore.inference.ahead import Ahead
from mlcore.inference.decoding import Asked, Said, decode_batch
from mlcore.inference.grammar import Grammars
from mlcore.inference.guessing import PageGuesses
from mlcore.inference.lookup import Lookup
from mlcore.page_text import PageText, page_text
from mlcore.prompts import build_prompt
from mlcore.training.memory import peak_memory
from mlcore.training.presets import DEFAULT

SEED, LOOKED_AT = 21, 80
REPEATS = 2
_FORM = FORMS[DEFAULT.form]
_ADAPTER = "measured"


@dataclass(frozen=True)
class _Invoice:
    page: PageText
    prompt: list[int]
    script: list[int]


class Latencies:
    """A base of random weights in memory and what is read with it."""

    def __init__(self, folder: Path, shape: Shape, precision: str, peak: Peak | None, device: str | None) -> None:
        """``folder`` holds the base; its adapter is made beside it."""
        self.precision = precision
        self._shape, self._peak = shape, peak
        self._base = load_base(folder, precision, device)
        self._base.model.eval()
        self._adapters = Adapters(self._base)
        self._adapters.load(_ADAPTER, random_adapter(folder.with_name(f"{folder.name}-adapter"), shape, ALL))
        self._grammars = Grammars(self._base.tokenizer, shape.vocabulary)
        self._invoices: dict[tuple[int, int], _Invoice] = {}

    def measure(self, case: ReadingCase) -> dict[str, Any]:
        """One row: ``seconds`` for the whole batch (each repeat), ``passes``, ``floor`` of as many passes as the answer has tokens,
        ``floor_of_passes``, ``as_scripted`` (did every row say the answer), ``memory`` (peak in bytes)."""
        invoice = self._invoice(case.prompt, case.answer)
        self._adapters.use(_ADAPTER if case.adapter else None)
        emptied(self._base.device)
        self._way(case, invoice, case.answer if case.way == STATIC_CACHE else 8)()  # a static cache is compiled for its length
        runs = [timed(self._base.device, self._way(case, invoice, case.answer)) for _ in range(REPEATS)]
        said = runs[-1][0]
        passes = max((one.passes for one in said), default=case.answer)
        precision = self._base.precision
        sizes = (self._shape, precision, case.batch, case.prompt)
        plain, own = (reading_floor(*sizes, count, self._peak) for count in (case.answer, passes))
        return {
            "precision": precision,
            "seconds": [seconds for _, seconds in runs],
            "passes": passes,
            "as_scripted": all(list(one.tokens) == invoice.script for one in said),
            "floor": plain and plain.seconds,
            "floor_of_passes": own and own.seconds,
            "memory": peak_memory(self._base.device),
        }

    def _way(self, case: ReadingCase, invoice: _Invoice, limit: int) -> Callable[[], list[Said]]:
        if case.way == PRODUCT:
            model = Scripted(self._base.model, len(invoice.prompt), invoice.script)
            return lambda: decode_batch(model, [self._asked(invoice, limit) for _ in range(case.batch)])
        prompts = [invoice.prompt] * case.batch
        return partial(_nothing_said, partial(plain_generate, self._base, prompts, limit, static=case.way != PLAIN))

    def _asked(self, invoice: _Invoice, limit: int) -> Asked:
        guide = self._grammars.guide(_FORM, invoice.page.text)
        lookup = Lookup(invoice.prompt, self._stops)
        return Asked(invoice.prompt, guide, limit, PageGuesses(Ahead(invoice.page, _FORM), lookup, guide, self._tokens, self._text))

    def _invoice(self, prompt: int, answer: int) -> _Invoice:
        if (prompt, answer) not in self._invoices:
            self._invoices[prompt, answer] = self._made(prompt, answer)
        return self._invoices[prompt, answer]

    def _made(self, prompt: int, answer: int) -> _Invoice:
        found = []
        for document in generate(LOOKED_AT, SEED, vendor_catalogue(composed=100)):
            text = "".join(part.text for part in _FORM.spell(printed_record(document.gold)))
            found.append((len(self._tokens(text)), text, page_text(document.text)))
        _, text, page = min((one for one in found if one[0] >= answer), key=lambda one: one[0])
        own = self._tokens(build_prompt(page.text, _FORM))
        before = [token for _, _, other in found if other is not page for token in self._tokens(other.text)]
        guide = self._grammars.guide(_FORM, page.text)
        script = spelled(guide, text, self._tokens, self._text, self._base.tokenizer.eos_token_id, answer)
        return _Invoice(page, [*before, *own][-prompt:], script)

    @cached_property
    def _stops(self) -> frozenset[int]:
        return frozenset(self._tokens("\t\n"))

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._base.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def _text(self, tokens: list[int]) -> str:
        text: str = self._base.tokenizer.decode(tokens, clean_up_tokenization_spaces=False)
        return text


def plain_generate(base: LoadedBase, prompts: list[list[int]], tokens: int, *, static: bool = False) -> None:
    """``generate`` as transformers has it, ``tokens`` after every prompt; shorter prompts are padded on the left."""
    width = max(len(prompt) for prompt in prompts)
    end = base.tokenizer.eos_token_id
    ids = torch.tensor([[end] * (width - len(prompt)) + prompt for prompt in prompts], device=base.device)
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=base.device)
    options: dict[str, Any] = {"cache_implementation": "static"} if static else {}
    with torch.inference_mode():
        base.model.generate(
            ids,
            attention_mask=mask,
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            do_sample=False,
            use_cache=True,
            pad_token_id=end,
            **options,
        )


def _nothing_said(way: Callable[[], None]) -> list[Said]:
    way()
    return []
