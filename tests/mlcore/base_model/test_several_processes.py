"""Several processes of one training run, none of which finds the base model ready."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from mlcore.base_model import prepare
from mlcore.base_model.identity import MARKER
from mlcore.errors import BaseModelError
from tests.mlcore.tiny import write_tiny_base


def test_the_others_wait_until_the_first_has_made_it_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.delenv(prepare.VARIABLE, raising=False)
    made = write_tiny_base(tmp_path / "elsewhere")
    (made / MARKER).write_text(json.dumps({"name": prepare.DEFAULT_NAME, "revision": "1"}))
    first = threading.Timer(0.3, lambda: made.rename(tmp_path / prepare.DEFAULT_NAME))
    first.start()
    assert prepare.find_base(tmp_path) == tmp_path / prepare.DEFAULT_NAME
    first.join()


def test_they_say_so_when_the_first_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.delenv(prepare.VARIABLE, raising=False)
    monkeypatch.setattr(prepare, "LONGEST_WAIT", 0)
    with pytest.raises(BaseModelError, match="prepare-base before"):
        prepare.find_base(tmp_path)
