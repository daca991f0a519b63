"""Shapes of Llama-like models: how many weights they have, what those weigh, what a token adds to the cache. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlcore.training.config import ALL_LINEAR

_NF4_BITS = 4 + 8 / 64 + 32 / (64 * 256)
"""Bits of a packed weight: four, a scale of eight for every 64 weights, and one of 32 for every 256 scales (double quantisation)."""
_BYTES = {"fp32": 4.0, "mixed": 4.0, "bf16": 2.0, "fp16": 2.0}


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes as in the ``config.json`` of a Llama model; the head is the embedding (tied) unless ``tied`` is false."""

    name: str
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocabulary: int
    tied: bool = True

    @classmethod
    def of(cls, name: str, config: Any) -> Shape:
        """The shape that a configuration of transformers describes."""
        return cls(
            name,
            config.hidden_size,
            config.num_hidden_layers,
            config.num_attention_heads,
            config.num_key_value_heads,
            getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
            config.intermediate_size,
            config.vocab_size,
            bool(config.tie_word_embeddings),
        )

    @property
    def linears(self) -> Mapping[str, tuple[int, int]]:
        """The linear layers of one block: name -> (inputs, outputs)."""
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        return {
            "q_proj": (self.hidden, queries),
            "k_proj": (self.hidden, keys),
            "v_proj": (self.hidden, keys),
            "o_proj": (queries, self.hidden),
            "gate_proj": (self.hidden, self.intermediate),
            "up_proj": (self.hidden, self.intermediate),
            "down_proj": (self.intermediate, self.hidden),
        }

    @property
    def block_weights(self) -> int:
        """Weights of the linear layers of all blocks: the N of every estimate here. Embedding and head are not in it."""
        return self.layers * sum(inputs * outputs for inputs, outputs in self.linears.values())

    @property
    def head_weights(self) -> int:
        """Weights of the language-model head."""
        return self.vocabulary * self.hidden

    @property
    def weights(self) -> int:
        """All weights, norms included."""
        return self.block_weights + self.head_weights * (1 if self.tied else 2) + (2 * self.layers + 1) * self.hidden

    @property
    def cache_bytes(self) -> int:
        """Bytes that a token adds to the cache: keys and values of all layers, two bytes a number."""
        return 2 * 2 * self.layers * self.kv_heads * self.head_dim

    def weight_bytes(self, precision: str) -> float:
        """Bytes of all weights. ``nf4`` packs the linear layers of the blocks; the rest keeps two bytes a weight."""
        if precision == "nf4":
            return self.block_weights * _NF4_BITS / 8 + (self.weights - self.block_weights) * 2
        return self.weights * _BYTES[precision]

    def adapter_weights(self, rank: int, targets: Sequence[str]) -> int:
        """Weights of a low-rank adapter: ``rank * (inputs + outputs)`` of every adapted layer."""
        adapted = self.linears if ALL_LINEAR in targets else {name: self.linears[name] for name in targets}
        return self.layers * rank * sum(inputs + outputs for inputs, outputs in adapted.values())


SHAPES = {
    "3b": Shape("3b", 3072, 28, 24, 8, 128, 8192, 128_256),
    "tiny": Shape("tiny", 128, 2, 4, 2, 32, 256, 49_152),
}
"""``3b`` is Llama-3.2-3B; ``tiny`` proves on any machine that everything runs."""
