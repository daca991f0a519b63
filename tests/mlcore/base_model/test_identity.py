"""A base model is known by the bytes of its files, not by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlcore.base_model import identity_of
from mlcore.errors import BaseModelError
from tests.mlcore.tiny import write_tiny_base


def test_a_base_is_known_by_its_bytes(tmp_path: Path) -> None:
    one, other = write_tiny_base(tmp_path / "a"), write_tiny_base(tmp_path / "b", seed=2)
    assert identity_of(one).sha256 != identity_of(other).sha256
    assert identity_of(one) == identity_of(one)
    weights = other / "model.safetensors"
    weights.write_bytes((one / "model.safetensors").read_bytes())
    assert identity_of(other).sha256 == identity_of(one).sha256
    weights.rename(other / "pytorch_model.bin")
    with pytest.raises(BaseModelError, match="safetensors"):
        identity_of(other)
