"""A directory is there whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlcore.new_folder import new_folder


def test_it_appears_with_all_that_was_put_into_it(tmp_path: Path) -> None:
    with new_folder(tmp_path / "models" / "one") as half:
        (half / "weights").write_text("1")
        assert not (tmp_path / "models" / "one").exists()
    assert [path.name for path in (tmp_path / "models").rglob("*")] == ["one", "weights"]


def test_nothing_is_left_of_one_that_failed(tmp_path: Path) -> None:
    def fail() -> None:
        with new_folder(tmp_path / "one") as half:
            (half / "weights").write_text("1")
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert not list(tmp_path.iterdir())


def test_the_first_of_two_stays(tmp_path: Path) -> None:
    def second() -> None:
        with new_folder(tmp_path / "one") as half:
            (half / "weights").write_text("second")
            (tmp_path / "one").mkdir()
            (tmp_path / "one" / "weights").write_text("first")

    with pytest.raises(OSError, match="not empty"):
        second()
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one" / "weights").read_text() == "first"
