"""A base model is known by the bytes of its files, not by its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlcore.base_model import identity_of
from mlcore.base_model.identity import MARKER
from mlcore.errors import BaseModelError
from tests.mlcore.full_disk import no_more_than
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


def test_a_marker_that_finds_no_room_leaves_the_old_one_and_its_names(tmp_path: Path) -> None:
    folder = write_tiny_base(tmp_path / "base")
    marker = folder / MARKER
    marker.write_text(json.dumps({"name": "Tiny", "revision": "wheel-1"}))
    with no_more_than(100):
        identity = identity_of(folder)
    assert (identity.name, identity.revision) == ("Tiny", "wheel-1")
    assert json.loads(marker.read_text()) == {"name": "Tiny", "revision": "wheel-1"}
    assert not list(folder.glob("*.part*"))
    assert identity_of(folder) == identity
    assert "files" in json.loads(marker.read_text())
