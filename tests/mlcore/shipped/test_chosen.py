"""Which artifact serves."""

from __future__ import annotations

from pathlib import Path

from mlcore.shipped import chosen_artifact


def test_what_is_configured_goes_before_what_is_shipped(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST.json").write_text("{}")
    assert chosen_artifact("/models/ours", tmp_path) == Path("/models/ours")
    assert chosen_artifact("", tmp_path) == tmp_path
    assert chosen_artifact(" None ", tmp_path) is None


def test_a_shipped_folder_without_its_manifest_is_not_there(tmp_path: Path) -> None:
    assert chosen_artifact("", tmp_path) is None
