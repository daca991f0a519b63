"""Loads a base model on the device that is there, at a precision that it can compute in. Imports torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from mlcore.base_model.identity import BaseIdentity, identity_of
from mlcore.errors import BaseModelError


@dataclass(frozen=True)
class LoadedBase:
    """A base model in memory. ``precision`` is what ``auto`` became."""

    model: Any
    tokenizer: Any
    identity: BaseIdentity
    device: torch.device
    precision: str


def load_base(folder: Path, precision: str = "auto", device: str | None = None) -> LoadedBase:
    """Load model and tokenizer of a checked directory. Raises ``BaseModelError``.

    ``auto`` is bf16 on GPUs that have it and fp16 on older ones. On a CPU it is ``mixed`` (weights in fp32, products in bf16) where
    the CPU multiplies bf16 by itself, else fp32. ``nf4`` holds what it does not pack (norms, embeddings) as ``auto`` would.
    """
    identity = identity_of(folder)
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    chosen = _usual(place) if precision == "auto" else precision
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(str(folder), local_files_only=True, **_options(chosen, place))
        tokenizer: Any = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError, SafetensorError) as error:
        raise BaseModelError(f"The base model in {folder} cannot be loaded: {error}") from error
    if chosen != "nf4":
        model.to(place)
    model.config.use_cache = False
    return LoadedBase(model, tokenizer, identity, place, chosen)


def compute_type(precision: str, place: torch.device) -> torch.dtype:
    """The type that matrices are multiplied in."""
    if precision == "nf4":
        return compute_type(_usual(place), place)
    return {"fp32": torch.float32, "mixed": torch.bfloat16, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]


def _usual(place: torch.device) -> str:
    if place.type != "cuda":
        return "mixed" if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported() else "fp32"
    return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"  # a T4 emulates it, at a fraction of its speed


def _options(precision: str, place: torch.device) -> dict[str, Any]:
    held = _usual(place) if precision == "nf4" else precision
    dtype = torch.float32 if held == "mixed" else compute_type(held, place)
    if precision != "nf4":
        return {"dtype": dtype}
    packed: Any = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )
    return {"quantization_config": packed, "device_map": {"": str(place)}, "dtype": dtype}
