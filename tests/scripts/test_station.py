"""What ``scripts/run`` refuses, and how it says so; what it does with the virtual environment."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.station import environment, prepare
from scripts.station.environment import ensure_environment
from scripts.station.prepare import Station, claim_data, claim_port
from scripts.station.progress import PhaseFailed, run_logged

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHON": sys.executable}
    return subprocess.run([str(ROOT / "scripts/run"), *arguments], capture_output=True, text=True, env=env, check=False)


def test_help_names_every_flag() -> None:
    done = run("--help")
    assert done.returncode == 0
    for flag in ("--port", "--data", "--no-demo", "--no-model", "--no-install", "--watch", "--help"):
        assert flag in done.stdout


@pytest.mark.parametrize("port", ["80", "70000", "eight"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = run("--port", port)
    assert done.returncode == 2
    assert "is not a port from 1024 to 65535" in done.stderr


def test_a_taken_port_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_free_port_is_taken() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claim_port(port)
    with socket.socket() as server:
        server.bind(("127.0.0.1", port))  # the web server, which comes next, gets it
        server.listen()
        with pytest.raises(PhaseFailed, match=f"Port {port} cannot be used"):
            claim_port(port)


def test_one_data_folder_serves_one_station(tmp_path: Path) -> None:
    with claim_data(tmp_path), pytest.raises(PhaseFailed, match="Another station is running"):
        claim_data(tmp_path)
    claim_data(tmp_path).close()


def test_a_file_in_the_place_of_the_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(PhaseFailed, match="there is a file of that name"):
        claim_data(tmp_path / "data")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "station.lock").mkdir()
    with pytest.raises(PhaseFailed, match="Nothing can be written to the data folder"):
        claim_data(tmp_path)


def test_the_demo_documents_are_loaded_the_first_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr(prepare, "run_logged", lambda command, *args, **kwargs: ran.append(command[2]))
    station = Station(ROOT, tmp_path, Path(sys.executable), 8000)
    prepare.prepare(station, demo=True)
    assert ran == ["prepare_station", "load_demo"]
    (tmp_path / "demo-records.json").write_text("{}")
    prepare.prepare(station, demo=True)
    assert ran[2:] == ["prepare_station"]


def test_a_failed_command_shows_the_end_of_its_output(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)"]
    with pytest.raises(PhaseFailed, match=r"what went wrong(.|\n)*This command failed"):
        run_logged(command, tmp_path / "x.log", cwd=tmp_path)


@pytest.fixture(scope="module")
def bare_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment as the station makes it, made once."""
    folder = tmp_path_factory.mktemp("bare") / ".venv"
    environment._make(folder)
    return folder


@pytest.fixture
def clone(tmp_path: Path, bare_environment: Path) -> Path:
    """A clone that needs no packages, with an environment in which nothing is installed."""
    shutil.copytree(bare_environment, tmp_path / ".venv", symlinks=True)
    for name in ("requirements.txt", "requirements-model.txt", "constraints.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "requirements.txt").write_text("# torch==0\n")
    return tmp_path


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would install packages, recorded instead of run."""
    recorded: list[list[str]] = []
    monkeypatch.setattr(environment, "run_logged", lambda command, *args, **kwargs: recorded.append(list(command)))
    monkeypatch.setattr(environment, "_torch", lambda root: ["torch==0"])
    return recorded


@pytest.mark.thorough
def test_the_environment_is_made_once_and_again_when_the_requirements_change(clone: Path, installs: list[list[str]]) -> None:
    python = ensure_environment(clone, environment.PRODUCT)
    assert python.exists()
    assert [command[-1] for command in installs] == ["torch==0", "requirements.txt", "requirements-model.txt"]
    assert "--no-deps" in installs[-1]
    installs.clear()
    ensure_environment(clone, environment.PRODUCT)
    assert installs == []
    (clone / "constraints.txt").write_text("numpy==2\n")
    ensure_environment(clone, environment.PRODUCT)
    assert len(installs) == 3


@pytest.mark.thorough
def test_a_broken_environment_is_made_again(clone: Path, installs: list[list[str]]) -> None:
    python = ensure_environment(clone, environment.PRODUCT)
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n")
    installs.clear()
    assert ensure_environment(clone, environment.PRODUCT).exists()
    assert installs


@pytest.mark.thorough
def test_an_interrupted_installation_is_done_again(clone: Path, installs: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_environment(clone, environment.PRODUCT)
    stamp = clone / ".venv" / "countersign.json"
    assert set(json.loads(stamp.read_text())) == set(environment.PRODUCT)
    (clone / "requirements.txt").write_text("# torch==1\n")

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "run_logged", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ensure_environment(clone, environment.PRODUCT)
    assert not stamp.exists()
    installs.clear()
    ensure_environment(clone, environment.PRODUCT)
    assert installs


@pytest.mark.thorough
def test_developing_includes_running(clone: Path, installs: list[list[str]]) -> None:
    ensure_environment(clone, environment.DEVELOPMENT)
    installs.clear()
    ensure_environment(clone, environment.PRODUCT)
    assert installs == []
