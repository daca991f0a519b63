"""Real guesses of a trained adapter: synthetic invoices read by the product and said by plain ``generate``. Imports torch."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.gpu.devices import Peak
from benchmarks.gpu.floors import reading_floor
from benchmarks.gpu.measuring import emptied, timed
from benchmarks.gpu.plan import TrainedCase
from benchmarks.gpu.reading_latency import plain_generate
from benchmarks.gpu.shapes import Shape
from mlcore.artifacts import load_artifact
from mlcore.base_model.loading import load_base
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText
from mlcore.inference.model_reader import ModelReader
from mlcore.page_text import page_text
from mlcore.prompts import build_prompt
from mlcore.serving import base_of
from mlcore.training.memory import peak_memory

SEED = 22


def measure_trained(case: TrainedCase, artifact_folder: Path, models: Path, peak: Peak | None, device: str | None) -> dict[str, Any]:
    """One row. ``seconds`` (product) and ``plain`` are of all documents, after one batch that is not counted.

    The adapter is on in both ways. ``generate`` has no grammar and says to every document of a batch as many tokens as the longest answer
    has that the product read there. ``floor`` is that of plain decoding, batch by batch, at mean lengths.
    """
    artifact = load_artifact(artifact_folder)
    base = load_base(base_of(artifact, models), "auto" if device != "cpu" else "fp32", device)
    most = artifact.description.recipe.max_tokens
    reader = ModelReader(base, artifact.adapter, artifact.form, max_tokens=most, batch=case.batch)

    def prompt_of(document: DocumentText) -> list[int]:
        text = build_prompt(page_text(document).text, artifact.form)
        tokens: list[int] = base.tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    every = (document.text for document in generate(10 * case.documents + 10, SEED, vendor_catalogue(composed=100)))
    whole = [(one, prompt) for one in every if len(prompt := prompt_of(one)) <= most // 2]
    chosen = sorted(islice(whole, case.documents), key=lambda entry: len(entry[1]))
    batches = [chosen[at : at + case.batch] for at in range(0, len(chosen), case.batch)]
    shape = Shape.of(artifact.description.base.name, base.model.config)
    emptied(base.device)
    reader.read([document for document, _ in batches[0]])
    seconds, plain, floor = 0.0, 0.0, 0.0
    tokens, passes = [], []
    for batch in batches:
        readings, spent = timed(base.device, lambda batch=batch: reader.read([document for document, _ in batch]))  # type: ignore[misc]
        seconds += spent
        tokens += [one.tokens for one in readings]
        passes += [one.passes for one in readings]
        longest = max(one.tokens for one in readings)
        prompts = [prompt for _, prompt in batch]
        _, spent = timed(base.device, lambda prompts=prompts, longest=longest: plain_generate(base, prompts, longest))  # type: ignore[misc]
        plain += spent
        least = reading_floor(shape, base.precision, len(batch), sum(map(len, prompts)) // len(prompts), longest, peak)
        floor += least.seconds if least else 0.0
    return {
        "precision": base.precision,
        "model": artifact.model_id,
        "documents": len(chosen),
        "seconds": seconds,
        "plain": plain,
        "floor": floor if peak else None,
        "prompt_tokens": sum(len(prompt) for _, prompt in chosen),
        "tokens": sum(tokens),
        "passes": sum(passes),
        "memory": peak_memory(base.device),
    }
