"""A language model of a few thousand weights with a tokenizer of bytes: real code paths in milliseconds."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from mlcore.base_model.loading import LoadedBase
from mlcore.training.adapter import adapter_config, attach_adapter, trainable, write_weights
from mlcore.training.config import LoraConfig


def write_tiny_base(folder: Path, *, seed: int = 1, layers: int = 2, hidden: int = 32) -> Path:
    """A model directory as ``identity_of`` wants it. Padding is the end sign, as with many real bases. ``hidden`` is of four heads."""
    folder.mkdir(parents=True, exist_ok=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<end>": 0, **{sign: place for place, sign in enumerate(alphabet, start=1)}}
    bytes_only = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bytes_only.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytes_only.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=bytes_only, eos_token="<end>", pad_token="<end>"
    )
    tokenizer.save_pretrained(str(folder))
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        eos_token_id=0,
        pad_token_id=0,
        bos_token_id=0,
        tie_word_embeddings=True,
        initializer_range=0.2,  # so that an adapter can move the answers of weights that were never trained
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def write_adapter(base: LoadedBase, folder: Path, *, seed: int, strength: float = 0.2) -> Path:
    """Weights of an adapter as a training run leaves them, all of them drawn by chance, beside their configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    model = attach_adapter(base, LoraConfig(rank=4, alpha=8.0), seed=seed)
    torch.manual_seed(seed)
    for parameter in trainable(model):
        torch.nn.init.normal_(parameter, std=strength)
    (folder / "adapter_config.json").write_text(json.dumps(adapter_config(model)))
    write_weights(model, folder / "best.safetensors")
    return folder / "best.safetensors"
