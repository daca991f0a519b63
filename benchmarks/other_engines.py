"""What another engine makes of plain greedy generation on a CPU: CTranslate2, float32 and eight bits, beside transformers in the same run.

    pip install ctranslate2
    OMP_NUM_THREADS=1 python -m benchmarks.other_engines [--artifact DIR] [--models DIR] [--count 4] [--tokens 200]

The adapter is added to the weights, because CTranslate2 knows none. No grammar, no guesses: each engine says ``--tokens`` tokens after the
same prompts of synthetic invoices. CPU seconds, one thread; "same" is the share of the tokens up to the first that transformers does not
say.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import torch

from mlcore.artifacts import load_artifact
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.inference.adapters import Adapters
from mlcore.page_text import page_text
from mlcore.prompts import build_prompt
from mlcore.serving import base_of
from mlcore.shipped import SHIPPED

SEED = 21
LONGEST = 900
WEIGHTS = ("float32", "int8")

Says = Callable[[list[int], int], list[int]]


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artifact", type=Path, default=SHIPPED)
    parser.add_argument("--models", type=Path, default=Path("data/models"))
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=200)
    options = parser.parse_args()
    try:
        ctranslate2 = importlib.import_module("ctranslate2")
    except ImportError:
        print("CTranslate2 is not installed, and no part of the product needs it: pip install ctranslate2", file=sys.stderr)
        return 1
    artifact = load_artifact(options.artifact)
    base = load_base(base_of(artifact, options.models), "fp32", "cpu")
    adapters = Adapters(base)
    adapters.load("measured", artifact.adapter)
    adapters.use("measured")
    base.model.eval()

    def encoded(text: str) -> list[int]:
        tokens: list[int] = base.tokenizer(build_prompt(text, artifact.form), add_special_tokens=False)["input_ids"]
        return tokens

    documents = generate(10 * options.count, SEED, vendor_catalogue(composed=100))
    every = (encoded(page_text(document.text).text) for document in documents)
    prompts = list(islice((prompt for prompt in every if len(prompt) <= LONGEST), options.count))
    with tempfile.TemporaryDirectory() as kept:
        engines: dict[str, Says] = {"transformers": _by_transformers(base)}
        engines |= {f"CTranslate2, {weights}": _converted(ctranslate2, base, Path(kept), weights) for weights in WEIGHTS}
        _compare(engines, prompts, options.tokens)
    return 0


def _compare(engines: dict[str, Says], prompts: list[list[int]], tokens: int) -> None:
    shares: dict[str, list[float]] = {name: [] for name in engines}
    same: dict[str, list[float]] = {name: [] for name in engines}
    for number, prompt in enumerate(prompts, start=1):
        plain, wanted = 0.0, list[int]()
        for name, says in engines.items():
            begun = time.process_time()
            said = says(prompt, tokens)
            spent = time.process_time() - begun
            plain, wanted = plain or spent, wanted or said
            if len(said) != tokens:
                raise SystemExit(f"{name} said {len(said)} tokens instead of {tokens}, so its time says nothing.")
            alike = next((place for place, (one, other) in enumerate(zip(said, wanted, strict=True)) if one != other), tokens)
            shares[name].append(spent / plain)
            same[name].append(alike / tokens)
            print(f"{number} of {len(prompts)}, prompt of {len(prompt)}: {name} {spent:.1f} s", file=sys.stderr, flush=True)
    for name, found in shares.items():
        print(f"{name:24} times transformers {median(found):.2f} ({min(found):.2f} to {max(found):.2f})  same {median(same[name]):.0%}")


def _by_transformers(base: LoadedBase) -> Says:
    def says(prompt: list[int], tokens: int) -> list[int]:
        ids = torch.tensor([prompt])
        told = {"attention_mask": torch.ones_like(ids), "max_new_tokens": tokens, "min_new_tokens": tokens}
        with torch.inference_mode():
            found: list[int] = base.model.generate(ids, do_sample=False, pad_token_id=base.tokenizer.eos_token_id, **told)[0].tolist()
        return found[len(prompt) :]

    return says


def _converted(ctranslate2: Any, base: LoadedBase, kept: Path, weights: str) -> Says:
    """The model with its adapter as CTranslate2 reads it; it counts tokens by their texts."""
    source = kept / "source"
    if not source.exists():
        base.model.save_pretrained(source)
        base.tokenizer.save_pretrained(source)
    target = kept / weights
    ctranslate2.converters.TransformersConverter(str(source)).convert(str(target), quantization=weights)
    engine = ctranslate2.Generator(str(target), device="cpu", intra_threads=1, inter_threads=1)

    def says(prompt: list[int], tokens: int) -> list[int]:
        texts = base.tokenizer.convert_ids_to_tokens(prompt)
        told = {"max_length": tokens, "min_length": tokens, "sampling_topk": 1, "include_prompt_in_result": False}
        found: list[int] = list(engine.generate_batch([texts], **told)[0].sequences_ids[0])
        return found

    return says


if __name__ == "__main__":
    sys.exit(main())
