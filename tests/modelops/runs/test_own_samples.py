"""Confidence of a model that may know the generator's companies is learned from the station's own documents, where they are enough."""

from __future__ import annotations

from dataclasses import replace

from mlcore.confidence.sample import ConfidenceSample
from modelops.runs.calibrating_stage import own_samples
from tests.mlcore.confidence.simulated import simulated_samples


def of(kind: str, documents: int, vendors: int) -> list[ConfidenceSample]:
    """So many documents, of these vendors in turn."""
    [one] = simulated_samples(1, 1)
    return [replace(one, document_id=f"{kind}-{n}", vendor_key=f"{kind}:{n % vendors}") for n in range(documents)]


def test_enough_of_its_own_are_taken_alone() -> None:
    own = of("gold", 20, 5)
    assert own_samples([*own, *of("synthetic", 60, 30)]) == own


def test_too_few_of_its_own_are_filled_up() -> None:
    for few in (of("gold", 19, 5), of("gold", 20, 4), []):
        everything = [*few, *of("synthetic", 60, 30)]
        assert own_samples(everything) == everything


def test_a_document_that_comes_in_twice_counts_once() -> None:
    twice = of("gold", 10, 5) * 2 + of("synthetic", 60, 30)
    assert own_samples(twice) == twice
