"""Documents a CPU second of one process: generated, with noise, with every augmentation, as lines of a dataset.

    python -m benchmarks.dataset_speed [--count 300]

Synthetic invoices of 100 composed layouts. Each row does what the rows above it do not: the whole pipeline is the last one.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable

from mlcore.dataset.augment import AUGMENTATIONS, augmented
from mlcore.dataset.dedupe import SeenTexts
from mlcore.dataset.directory import Entry
from mlcore.dataset.relabel import noisy_example
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import GoldExample

SEED = 23


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=300)
    count = parser.parse_args().count
    makers = [maker for maker in vendor_catalogue(100, SEED) if maker.key.startswith("composed")]
    golds: list[GoldExample] = []
    seen = SeenTexts()

    def noise(number: int) -> None:
        noisy_example(golds[number], random.Random(number))

    def alone(step: str) -> Callable[[int], object]:
        return lambda number: augmented(golds[number], (step,), random.Random(number))

    def line(number: int) -> None:
        json.dumps(Entry(str(number), "", golds[number], "synthetic").to_json(), ensure_ascii=False, separators=(",", ":"))

    def whole(number: int) -> None:
        seen.add(str(number), golds[number].document)
        noise(number)
        line(number)

    begun = time.process_time()
    golds.extend(document.gold for document in generate(count, SEED, makers))
    generating = time.process_time() - begun
    print(f"{'generate':34} {count / generating:7.0f}")
    steps: dict[str, Callable[[int], object]] = {
        "noise, labels included": noise,
        "duplicates": lambda n: SeenTexts().add("", golds[n].document),
    }
    steps |= {f"augmentation {name}": alone(name) for name in AUGMENTATIONS if name != "noise"}
    steps["JSON"] = line
    for name, step in steps.items():
        print(f"{name:34} {count / _seconds(step, count):7.0f}")
    print(f"{'generate, compare, noise, JSON':34} {count / (generating + _seconds(whole, count)):7.0f}")


def _seconds(step: Callable[[int], object], count: int) -> float:
    begun = time.process_time()
    for number in range(count):
        step(number)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
