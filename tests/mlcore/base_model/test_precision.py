"""What ``auto`` becomes on a GPU: what the card computes by itself, not what it can imitate."""

from __future__ import annotations

import pytest
import torch

from mlcore.base_model.loading import compute_type


@pytest.mark.parametrize(("major", "expected"), [(7, torch.float16), (8, torch.bfloat16), (9, torch.bfloat16)])
def test_bfloat16_only_where_the_card_has_it(monkeypatch: pytest.MonkeyPatch, major: int, expected: torch.dtype) -> None:
    """A T4 (7.5) imitates bfloat16, and torch says by default that it supports it."""

    def supported(including_emulation: bool = True) -> bool:
        return major >= 8 or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert compute_type("nf4", torch.device("cuda")) is expected
