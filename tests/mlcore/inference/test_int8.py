"""Linear layers in eight bits: close to the float ones, and a token's result is its own."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from mlcore.base_model.loading import load_base
from mlcore.inference.adapters import Adapters
from mlcore.inference.int8 import Int8Linear, use_int8
from tests.mlcore.tiny import write_adapter, write_tiny_base


def test_a_row_is_computed_alike_in_any_company_and_close_to_floats() -> None:
    torch.manual_seed(3)
    source = nn.Linear(64, 48, bias=False)
    layer = Int8Linear(source)
    rows = torch.randn(2, 9, 64) * torch.logspace(-3, 3, 9)[None, :, None]
    with torch.inference_mode():
        together, wanted = layer(rows), source(rows)
        for place in range(9):
            assert torch.equal(layer(rows[:1, place : place + 1]), together[:1, place : place + 1])
    error = (together - wanted).norm(dim=-1) / wanted.norm(dim=-1)
    assert float(error.max()) < 0.03
    assert torch.equal(layer(torch.zeros(1, 64)), torch.zeros(1, 48))


def test_a_model_in_eight_bits_follows_its_adapters_and_comes_back_exactly(tmp_path: Path) -> None:
    base = load_base(write_tiny_base(tmp_path / "base"), "fp32", "cpu")
    path = write_adapter(load_base(tmp_path / "base", "fp32", "cpu"), tmp_path / "run", seed=5)
    tokens = torch.arange(1, 30)[None]
    floats = load_base(tmp_path / "base", "fp32", "cpu")
    use_int8(base.model)
    with torch.inference_mode():
        bare = base.model(tokens).logits
        assert not torch.equal(bare, floats.model(tokens).logits)
        adapters, beside = Adapters(base), Adapters(floats)
        for one in (adapters, beside):
            one.load("one", path)
            one.use("one")
        adapted, wanted = base.model(tokens).logits, floats.model(tokens).logits
        assert float((adapted - wanted).norm() / wanted.norm()) < 0.2
        assert float((adapted - wanted).norm()) < float((bare - wanted).norm())
        adapters.use(None)
        assert torch.equal(base.model(tokens).logits, bare)
