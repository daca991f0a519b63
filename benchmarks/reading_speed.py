"""How long a model takes to read a document on a CPU, by way of decoding, beside plain ``generate`` in the same run.

    OMP_NUM_THREADS=1 python -m benchmarks.reading_speed MODEL [--adapter WEIGHTS] [--count 6] [--longest 1000] [--form keyed-1]

``MODEL`` is a base model directory (``python -m mlcore prepare-base``), ``WEIGHTS`` the adapter of a run (``best.safetensors``) or of an
artifact. Every document is read in every way, one after the other; CPU seconds, one thread. "same" counts the values that are the same text
as under the grammar without guesses at float32. Plain ``generate`` has no grammar and says as many tokens as that answer has. "weighing" is
what it takes beside reading to weigh the candidates of the template reader (``mlcore.rescoring``), where it is not sure of a field.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import torch

from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText
from mlcore.inference.adapters import Adapters
from mlcore.inference.ahead import Ahead
from mlcore.inference.branching import branch_log_probabilities
from mlcore.inference.decoding import Said, decode
from mlcore.inference.grammar import Grammars
from mlcore.inference.guessing import PageGuesses
from mlcore.inference.lookup import Lookup
from mlcore.inference.tokens import LoadedTokens
from mlcore.page_text import PageText, page_text
from mlcore.prompts import build_prompt
from mlcore.rescoring.branches import tree_of
from mlcore.rescoring.open_fields import open_fields
from mlcore.templates.extractor import TemplateExtractor

Answer = TypeVar("Answer")
SEED = 21
LIMIT = 1500


class _Bench:
    def __init__(self, options: argparse.Namespace) -> None:
        self.form = FORMS[options.form]
        self.fp32 = self._base(options, "fp32")
        self.half = self._base(options, "bf16")
        self.tokenizer = self.fp32.tokenizer
        self.grammars = Grammars(self.tokenizer, self.fp32.model.config.vocab_size)
        self.stops = frozenset(self.encode("\t\n"))

    def _base(self, options: argparse.Namespace, precision: str) -> LoadedBase:
        base = load_base(options.model, precision, "cpu")
        base.model.eval()
        if options.adapter:
            adapters = Adapters(base)
            adapters.load("measured", options.adapter)
            adapters.use("measured")
        return base

    def encode(self, text: str) -> list[int]:
        tokens: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def said(self, base: LoadedBase, page: PageText, prompt: list[int], guesses: str) -> Said:
        guide = self.grammars.guide(self.form, page.text)
        lookup: Any = Lookup(prompt, self.stops) if guesses else None
        if guesses == "page":
            lookup = PageGuesses(Ahead(page, self.form), lookup, guide, self.encode, self.tokenizer.decode)
        return decode(base.model, prompt, guide, limit=LIMIT, lookup=lookup)

    def plain(self, prompt: list[int], tokens: int) -> None:
        with torch.inference_mode():
            ids = torch.tensor([prompt])
            self.fp32.model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, use_cache=True
            )

    def measure(self, page: PageText, prompt: list[int], table: _Table) -> None:
        """Read one document in every way."""
        forced, spent = _timed(partial(self.said, self.fp32, page, prompt, ""))
        wanted = self.values(forced)
        table.values += len(wanted)
        size = len(forced.tokens)
        _, plain = _timed(partial(self.plain, prompt, size))
        table.add("plain generate", plain, plain, size, 0)
        table.add("grammar, forced tokens", spent, plain, forced.passes, len(wanted))
        ways = {
            "+ prompt lookup": partial(self.said, self.fp32, page, prompt, "lookup"),
            "+ page guesses": partial(self.said, self.fp32, page, prompt, "page"),
            "all, bfloat16": partial(self.said, self.half, page, prompt, "page"),
        }
        for name, way in ways.items():
            said, spent = _timed(way)
            values = self.values(said)
            table.add(name, spent, plain, said.passes, sum(values.get(path) == text for path, text in wanted.items()))

    def weigh(self, document: DocumentText, prompt: list[int], table: _Table) -> None:
        """Weigh what the template reader is not sure of, if anything; after ``measure``."""
        tree = tree_of(open_fields(TemplateExtractor().look(document)), self.form, LoadedTokens(self.tokenizer))
        if tree.branches:
            _, spent = _timed(partial(branch_log_probabilities, self.fp32.model, prompt, tree))
            table.add("weighing", spent, table.seconds["plain generate"], 2, 0)

    def values(self, said: Said) -> dict[str, str]:
        tokens = [token for token in said.tokens if token != self.tokenizer.eos_token_id]
        return {one.path: one.text for one in self.form.read(self.tokenizer.decode(tokens))}


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--longest", type=int, default=1000, help="longest prompt in tokens (default %(default)s)")
    parser.add_argument("--form", choices=sorted(FORMS), default="keyed-1")
    options = parser.parse_args()
    bench = _Bench(options)
    table = _Table()
    for document in generate(options.count, SEED, vendor_catalogue(composed=100)):
        page = page_text(document.text)
        prompt = bench.encode(build_prompt(page.text, bench.form))
        if len(prompt) <= options.longest:
            print(f"{document.id}: prompt of {len(prompt)} tokens", flush=True)
            bench.measure(page, prompt, table)
            bench.weigh(document.text, prompt, table)
            table.show()


@dataclass
class _Table:
    """For each way of decoding, by document: CPU seconds over those of plain ``generate``, passes, values that are the same."""

    rows: dict[str, list[tuple[float, int, int]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    values: int = 0

    def add(self, name: str, seconds: float, plain: float, passes: int, same: int) -> None:
        self.rows.setdefault(name, []).append((seconds / plain, passes, same))
        self.seconds[name] = seconds

    def show(self) -> None:
        for name, rows in self.rows.items():
            shares, passes, same = zip(*rows, strict=True)
            times = f"last {self.seconds[name]:6.1f} s   times plain {median(shares):.2f}   passes {median(passes):4.0f}"
            print(f"  {name:24} {times}   same {sum(same)} of {self.values}", flush=True)


def _timed(way: Callable[[], Answer]) -> tuple[Answer, float]:
    begun = time.process_time()
    answer = way()
    return answer, time.process_time() - begun


if __name__ == "__main__":
    main()
