"""From a GGUF file to a plain safetensors directory. Runs once; imports torch and transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def convert(source: Path, folder: Path) -> None:
    """Load the weights dequantised and write model and tokenizer into ``folder`` at bfloat16 (two bytes a weight)."""
    model: Any = AutoModelForCausalLM.from_pretrained(str(source.parent), gguf_file=source.name, dtype=torch.float32)
    tokenizer: Any = AutoTokenizer.from_pretrained(str(source.parent), gguf_file=source.name)
    model.hf_quantizer = None  # the weights are plain numbers now, but the model remembers how they were packed and refuses to be saved
    for name in ("quantization_method", "is_quantized"):
        if hasattr(model, name):
            delattr(model, name)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.to(torch.bfloat16).save_pretrained(folder, safe_serialization=True)
    tokenizer.init_kwargs["local_files_only"] = False  # true under $HF_HUB_OFFLINE, and the hash is over it too
    tokenizer.save_pretrained(folder)
