"""The measurements themselves on a tiny shape: the product's loop and the product's decoding, with nothing in their place."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from benchmarks.gpu.bases import random_base
from benchmarks.gpu.devices import Peak
from benchmarks.gpu.floors import training_flops
from benchmarks.gpu.plan import ALL, BATCH, PLAIN, PRODUCT, STATIC_CACHE, ReadingCase, Size, TrainingCase
from benchmarks.gpu.reading_latency import Latencies
from benchmarks.gpu.shapes import Shape
from benchmarks.gpu.training_speed import measure_training
from mlcore.base_model.loading import load_base
from mlcore.training.adapter import attach_adapter, trainable
from mlcore.training.config import Precision
from mlcore.training.presets import GUIDE
from tests.mlcore.tiny import write_tiny_base

SHAPE = Shape("hand", 96, 2, 4, 2, 24, 64, 300)
SIZE = Size(40, 24, ((60, 30),), 2, 1, 2, (1, 2), 100, 4, 1536)
PEAK = Peak(1e12, 1e11)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("gpu")
    return random_base(place / "random", SHAPE, write_tiny_base(place / "tokenizer"), torch.device("cpu"))


def test_a_shape_counts_the_weights_that_its_base_has(folder: Path) -> None:
    base = load_base(folder, "fp32", "cpu")
    assert Shape.of("hand", base.model.config) == SHAPE
    assert base.model.num_parameters() == SHAPE.weights
    for lora in (ALL, GUIDE.lora):
        assert lora is not None
        learned = sum(one.numel() for one in trainable(attach_adapter(load_base(folder, "fp32", "cpu"), lora)))
        assert learned == SHAPE.adapter_weights(lora.rank, lora.targets)


@pytest.mark.thorough
@pytest.mark.parametrize("case", [TrainingCase("nf4", ALL, Precision.NF4), TrainingCase("full", None, Precision.FP32, 8, True)])
def test_training_is_measured_without_its_first_step(folder: Path, case: TrainingCase) -> None:
    row = measure_training(case, folder, SHAPE, SIZE, PEAK, "cpu")
    assert (row["steps"], row["tokens"]) == (2, 2 * BATCH * 64)
    adapter = SHAPE.adapter_weights(16, ALL.targets) if case.lora else None
    assert row["flops"] == pytest.approx(2 * BATCH * training_flops(SHAPE, 64, 24, adapter))
    assert row["mfu"] == pytest.approx(row["flops"] / row["seconds"] / PEAK.flops)
    assert row["learned"] == (adapter or SHAPE.weights)


@pytest.fixture(scope="module")
def latencies(folder: Path) -> Latencies:
    return Latencies(folder, SHAPE, "fp32", PEAK, "cpu")


@pytest.mark.thorough
@pytest.mark.parametrize(("batch", "adapter"), [(1, False), (2, True)])
def test_the_product_says_the_given_answer_in_fewer_passes_than_tokens(latencies: Latencies, batch: int, adapter: bool) -> None:
    row = latencies.measure(ReadingCase(PRODUCT, Precision.FP32, batch, 60, 30, adapter))
    assert row["as_scripted"]
    assert row["passes"] < 30
    assert 0 < row["floor_of_passes"] < row["floor"]
    assert len(row["seconds"]) == 2


@pytest.mark.thorough
@pytest.mark.parametrize("way", [PLAIN, STATIC_CACHE])
def test_generate_makes_a_pass_a_token(latencies: Latencies, way: str) -> None:
    row = latencies.measure(ReadingCase(way, Precision.FP32, 2, 60, 30))
    assert row["passes"] == 30
    assert row["floor"] == row["floor_of_passes"]
