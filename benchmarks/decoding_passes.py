"""What a pass of several tokens costs next to a pass of one, after a prompt: whether checking guesses can pay on this machine.

    OMP_NUM_THREADS=1 python -m benchmarks.decoding_passes MODEL [--prompt 200] [--repeats 6]

``MODEL`` is a base model directory (``python -m mlcore prepare-base``). The least CPU time of the repeats. One thread, because two that
wait for each other on busy cores count the waiting.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from transformers import DynamicCache

from mlcore.base_model.loading import load_base

SIZES = (1, 2, 4, 11)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--prompt", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=6)
    options = parser.parse_args()
    base = load_base(options.model, device="cpu")
    cache = DynamicCache()
    least: dict[int, float] = {}
    with torch.inference_mode():
        base.model(input_ids=torch.arange(1, options.prompt + 1)[None], past_key_values=cache, use_cache=True, logits_to_keep=1)
        for size in SIZES * options.repeats:
            begun = time.process_time()
            base.model(input_ids=torch.ones((1, size), dtype=torch.long), past_key_values=cache, use_cache=True, logits_to_keep=size)
            spent = time.process_time() - begun
            cache.crop(-size)
            least[size] = min(spent, least.get(size, spent))
    for size, spent in least.items():
        print(f"{size:3} tokens  {1000 * spent:.0f} ms  {spent / least[1]:.1f} times one token")


if __name__ == "__main__":
    main()
