"""Model servers as processes, on a tiny base with an adapter, and the local reader of the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlcore.base_model.loading import load_base
from tests.architecture.source import ROOT
from tests.mlcore.tiny import write_adapter, write_tiny_base

NAME = "tiny-adapter"


@dataclass
class Running:
    """A model server. ``port`` stays its own when it is started again."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


Start = Callable[..., Running]


def start_server(folder: Path, *options: str, adapter: Path | None = None, model: str = NAME) -> Running:
    """A server that answers; the caller stops it."""
    words = [str(folder), "--model", model, *(["--adapter", str(adapter)] if adapter else []), *options]
    command = [sys.executable, "-m", "tests.mlcore.inference.remote.completions_server", *words]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    return Running(process, int(process.stdout.readline()))


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_base(tmp_path_factory.mktemp("served") / "base")


@pytest.fixture(scope="session")
def tiny_adapter(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_adapter(load_base(tiny_base, "fp32", "cpu"), tmp_path_factory.mktemp("adapter"), seed=3)


@pytest.fixture
def start(tiny_base: Path, tiny_adapter: Path) -> Iterator[Start]:
    """``start("--kind", "lax")``: a server of its own for one test."""
    running: list[Running] = []

    def begin(*options: str) -> Running:
        running.append(start_server(tiny_base, *options, adapter=tiny_adapter))
        return running[-1]

    yield begin
    for one in running:
        one.stop()


@pytest.fixture(scope="session")
def vllm_like(tiny_base: Path, tiny_adapter: Path) -> Iterator[Running]:
    """A server that takes grammars, shared by tests that leave it as it was."""
    one = start_server(tiny_base, adapter=tiny_adapter)
    yield one
    one.stop()


@pytest.fixture(scope="session", params=["strict", "lax"])
def without_grammars(request: pytest.FixtureRequest, tiny_base: Path, tiny_adapter: Path) -> Iterator[Running]:
    """A server that refuses parameters beyond the API, and one that ignores them; shared likewise."""
    one = start_server(tiny_base, "--kind", request.param, adapter=tiny_adapter)
    yield one
    one.stop()
