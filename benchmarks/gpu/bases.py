"""Bases of random weights in a wanted shape, and an adapter for one: what speed and memory need, and nothing to download. Imports torch.

python -m benchmarks.gpu.bases OUT --shape 3b --tokenizer BASE
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig

from benchmarks.gpu.shapes import SHAPES, Shape
from mlcore.base_model.identity import MARKER
from mlcore.new_folder import new_folder
from mlcore.training.config import LoraConfig
from mlcore.training.outcome import ADAPTER_CONFIG, BEST


def random_base(folder: Path, shape: Shape, tokenizer_of: Path, device: torch.device) -> Path:
    """A model directory of the shape, made once: weights drawn on the device, stored at two bytes each, with the tokenizer of another base.

    The tokenizer's vocabulary must not be larger than the shape's; the tokens beyond it are there, cost their time and are never meant.
    """
    if (folder / MARKER).is_file():
        return folder
    tokenizer = AutoTokenizer.from_pretrained(str(tokenizer_of), local_files_only=True)
    if len(tokenizer) > shape.vocabulary:
        raise SystemExit(f"The tokenizer in {tokenizer_of} has {len(tokenizer)} tokens; shape {shape.name} takes {shape.vocabulary}.")
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        max_position_embeddings=131_072,
        tie_word_embeddings=shape.tied,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    torch.manual_seed(1)
    with torch.device(device):
        model: Any = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)  # type: ignore[no-untyped-call]
    with new_folder(folder) as half:
        model.save_pretrained(half)
        tokenizer.save_pretrained(half)
        (half / MARKER).write_text(json.dumps({"name": f"random-{shape.name}", "revision": "1"}))
    return folder


def random_adapter(folder: Path, shape: Shape, lora: LoraConfig) -> Path:
    """The weights of an adapter on all linear layers as a training run leaves them, made once; it changes answers next to nothing."""
    if (folder / BEST).is_file():
        return folder / BEST
    generator = torch.Generator().manual_seed(2)
    weights = {}
    for layer in range(shape.layers):
        for name, (inputs, outputs) in shape.linears.items():
            block = "self_attn" if name in ("q_proj", "k_proj", "v_proj", "o_proj") else "mlp"
            place = f"base_model.model.model.layers.{layer}.{block}.{name}"
            weights[f"{place}.lora_A.weight"] = 1e-3 * torch.randn(lora.rank, inputs, generator=generator)
            weights[f"{place}.lora_B.weight"] = 1e-3 * torch.randn(outputs, lora.rank, generator=generator)
    with new_folder(folder) as half:
        save_file(weights, half / BEST, metadata={"format": "pt"})
        (half / ADAPTER_CONFIG).write_text(json.dumps({"peft_type": "LORA", "bias": "none", "r": lora.rank, "lora_alpha": lora.alpha}))
    return folder / BEST


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shape", choices=sorted(SHAPES), required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="base whose tokenizer is taken")
    options = parser.parse_args()
    random_base(options.out, SHAPES[options.shape], options.tokenizer, torch.device("cuda" if torch.cuda.is_available() else "cpu"))


if __name__ == "__main__":
    main()
