"""The same documents through vLLM itself, where ``COUNTERSIGN_TEST_VLLM`` names its program (a build for CPUs will do)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.base_model.loading import load_base
from mlcore.errors import ModelServerAway
from mlcore.inference.document_reader import DocumentReader
from mlcore.inference.model_reader import ModelReader
from mlcore.inference.remote.client import Client
from mlcore.inference.remote.engine import ServerEngine
from mlcore.inference.remote.probe import Abilities, abilities
from mlcore.inference.remote.server import ModelServer
from mlcore.inference.tokens import tokens_in
from tests.mlcore.inference.remote.conftest import NAME
from tests.mlcore.inference.remote.test_reading import documents, same
from tests.mlcore.tiny import write_adapter, write_tiny_base

_PROGRAM = os.environ.get("COUNTERSIGN_TEST_VLLM", "")
_MOST = 420
_STARTS_WITHIN = 1200.0

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not _PROGRAM, reason="COUNTERSIGN_TEST_VLLM names no vllm program")]


@pytest.fixture(scope="module")
def wide_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its heads are as wide as the narrowest that vLLM attends with."""
    return write_tiny_base(tmp_path_factory.mktemp("wide") / "base", hidden=128)


@pytest.fixture(scope="module")
def adapter(wide_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide") / "adapter"
    weights = write_adapter(load_base(wide_base, "fp32", "cpu"), folder, seed=3)
    shutil.copy(weights, folder / "adapter_model.safetensors")
    return folder


@pytest.fixture(scope="module")
def vllm(wide_base: Path, adapter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running vLLM."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    words = [_PROGRAM, "serve", str(wide_base), "--host", "127.0.0.1", "--port", str(port), "--dtype", "float32", "--enforce-eager"]
    words += ["--max-model-len", "2048", "--enable-lora", "--max-lora-rank", "8", "--lora-modules", f"{NAME}={adapter}"]
    words += ["--generation-config", "vllm", "--structured-outputs-config.backend", "guidance"]
    quiet = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CPU_KVCACHE_SPACE": "1", "TORCHDYNAMO_DISABLE": "1"}
    log = tmp_path_factory.mktemp("vllm") / "log"
    with log.open("wb") as told:
        process = subprocess.Popen(words, stdout=told, stderr=subprocess.STDOUT, env=os.environ | quiet)
        try:
            _wait_for(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    client = Client(ModelServer(url), key="")
    while True:
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-3000:]
        try:
            client.get("/v1/models")
        except ModelServerAway:
            time.sleep(2)
        else:
            return


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_vllm_reads_what_the_model_here_reads(vllm: str, wide_base: Path, adapter: Path, form: AnswerForm) -> None:
    tokens, client = tokens_in(wide_base), Client(ModelServer(vllm, timeout=600.0), key="")
    found = abilities(client, NAME, form, tokens)
    assert found == Abilities(extras=True, grammar=True)
    reader = DocumentReader(ServerEngine(client, NAME, form, tokens, found, in_flight=4), tokens, form, max_tokens=_MOST)
    local = ModelReader(load_base(wide_base, "fp32", "cpu"), adapter, form, max_tokens=_MOST, by_rows=False)
    for one, other in zip(reader.read(documents()), local.read(documents()), strict=True):
        same(one, other)
