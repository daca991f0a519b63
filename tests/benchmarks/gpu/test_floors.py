"""The numbers that measurements are set beside, against figures worked out elsewhere: Llama-3.2-3B on a T4 and an H200."""

from __future__ import annotations

import pytest

from benchmarks.gpu.devices import peak_of
from benchmarks.gpu.floors import reading_floor, training_flops, utilisation
from benchmarks.gpu.shapes import SHAPES, Shape

LLAMA = SHAPES["3b"]
T4, H200 = "Tesla T4", "NVIDIA H200"


def test_the_shape_is_that_of_llama() -> None:
    assert LLAMA.weights == 3_212_749_824
    assert LLAMA.cache_bytes == 114_688
    assert LLAMA.adapter_weights(8, ("q_proj", "v_proj")) == 2_293_760
    assert LLAMA.adapter_weights(16, ("all-linear",)) == 24_313_856
    assert LLAMA.weight_bytes("bf16") == 2 * LLAMA.weights
    assert LLAMA.weight_bytes("nf4") == pytest.approx(2.24e9, rel=0.01)


@pytest.mark.parametrize(
    ("device", "batch", "prompt", "answer", "expected"),
    [
        (T4, 1, 1500, 300, 2.4),
        (T4, 32, 1500, 300, 0.38),
        (H200, 1, 1500, 300, 0.16),
        (H200, 32, 1500, 300, 0.025),
        (T4, 1, 800, 150, 1.17),
        (T4, 32, 800, 150, 0.15),
        (H200, 1, 800, 150, 0.08),
        (H200, 32, 800, 150, 0.010),
    ],
)
def test_floors_of_nf4_seconds_an_invoice(device: str, batch: int, prompt: int, answer: int, expected: float) -> None:
    floor = reading_floor(LLAMA, "nf4", batch, prompt, answer, peak_of(device))
    assert floor is not None
    assert floor.seconds / batch == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("device", "hours"), [(T4, 2.1), (H200, 8 / 60)])
def test_an_adapter_takes_four_flops_a_weight_and_token(device: str, hours: float) -> None:
    peak = peak_of(device)
    assert peak is not None
    without_attention = training_flops(LLAMA, 1, 0, 0) - 12 * LLAMA.heads * LLAMA.head_dim * LLAMA.layers
    assert 43.2e6 * without_attention / peak.flops / 3600 == pytest.approx(hours, rel=0.03)


def test_flops_of_a_shape_that_can_be_counted_by_hand() -> None:
    shape = Shape("hand", 2, 1, 1, 1, 2, 3, 5)
    blocks = 4 * (2 * 2) + 3 * (2 * 3)
    assert shape.block_weights == blocks
    attention = 12 * (1 + 2 + 3) * 2
    assert training_flops(shape, 3, 2, 7) == 3 * (4 * blocks + 6 * 7) + 4 * 2 * 10 + attention
    assert training_flops(shape, 3, 2, None) == 3 * 6 * blocks + 6 * 2 * 10 + attention


def test_utilisation_is_a_share_of_the_peak() -> None:
    peak = peak_of(T4)
    assert peak is not None
    assert utilisation(peak.flops, 2.0, peak) == 0.5
    assert utilisation(1.0, 1.0, None) is None
    assert reading_floor(LLAMA, "bf16", 1, 10, 10, None) is None


@pytest.mark.parametrize(
    ("name", "flops", "bandwidth"),
    [
        ("NVIDIA H100 80GB HBM3", 989e12, 3.35e12),
        ("NVIDIA H100 PCIe", 756e12, 2e12),
        ("NVIDIA A100-SXM4-80GB", 312e12, 2.039e12),
        ("NVIDIA A100-PCIE-40GB", 312e12, 1.555e12),
        ("NVIDIA L4", 121e12, 0.3e12),
        ("NVIDIA A10G", 70e12, 0.6e12),
    ],
)
def test_devices_by_the_names_that_cuda_gives_them(name: str, flops: float, bandwidth: float) -> None:
    peak = peak_of(name)
    assert peak is not None
    assert (peak.flops, peak.bandwidth) == pytest.approx((flops, bandwidth))


@pytest.mark.parametrize("name", ["x86_64 CPU", "NVIDIA GeForce GTX 1080", "NVIDIA T400"])
def test_a_device_that_is_not_in_the_table_has_no_peak(name: str) -> None:
    assert peak_of(name) is None
