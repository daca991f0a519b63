"""Settings: every fault at once, secrets never shown, production takes no defaults for what must be chosen."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import REQUIRED, embedded_secret_key, read_environment

GOOD = {
    "COUNTERSIGN_SECRET_KEY": "k7Jq0w-Zr3mX9uV2bN5cT8yP1dF4gH6jL0sA3qW7eR9tY2uI5oP8",
    "COUNTERSIGN_DATABASE_URL": "postgres://countersign:secret@db:5432/countersign",
    "COUNTERSIGN_BROKER_URL": "redis://broker:6379/0",
    "COUNTERSIGN_ALLOWED_HOSTS": "countersign.example.org",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the caller's shell."""
    for name in [name for name in os.environ if name.startswith("COUNTERSIGN_")]:
        monkeypatch.delenv(name)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_the_embedded_default_needs_nothing() -> None:
    found = read_environment(production=False)
    assert (found.broker_url, found.database_url, found.session_idle_seconds) == ("", "", 900)


def test_production_names_everything_that_is_missing() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment(production=True)
    message = str(caught.value)
    assert message.startswith("4 settings are wrong")
    for name, remedy in REQUIRED.items():
        assert f"COUNTERSIGN_{name} is not set: {remedy}" in message


def test_production_takes_what_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **GOOD)
    assert read_environment(production=True).allowed_hosts == ["countersign.example.org"]


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + "abcdefghijklmnopqrstuvwxyz0123456789abcdefgh"])
def test_a_weak_secret_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    given(monkeypatch, **GOOD | {"COUNTERSIGN_SECRET_KEY": key})
    with pytest.raises(ImproperlyConfigured, match="openssl rand") as caught:
        read_environment(production=True)
    assert key not in str(caught.value)


def test_all_faults_are_told_together_with_value_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        COUNTERSIGN_MAX_PAGES="0",
        COUNTERSIGN_LEASE_SECONDS="soon",
        COUNTERSIGN_DATABASE_URL="mysql://root:hunter2@db/x",
        COUNTERSIGN_WATCHED_FOLDER="/nowhere",
        COUNTERSIGN_LOG_LEVEL="LOUD",
    )
    with pytest.raises(ImproperlyConfigured) as caught:
        read_environment(production=False)
    message = str(caught.value)
    assert message.startswith("5 settings are wrong")
    assert "COUNTERSIGN_MAX_PAGES = '0': Give a whole number from 1 to 5000." in message
    assert "COUNTERSIGN_LEASE_SECONDS = 'soon': Not a valid integer." in message
    assert "postgres://" in message
    assert "hunter2" not in message


def test_idle_logoff_must_come_before_the_absolute_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, COUNTERSIGN_SESSION_IDLE_SECONDS="7200", COUNTERSIGN_SESSION_ABSOLUTE_SECONDS="3600")
    with pytest.raises(ImproperlyConfigured, match="make it the shorter one"):
        read_environment(production=False)


@pytest.mark.parametrize("hosts", ["*", "a.example.org,*", ",", "a.example.org,,b.example.org", " "])
def test_host_names_are_names(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    given(monkeypatch, **GOOD | {"COUNTERSIGN_ALLOWED_HOSTS": hosts})
    with pytest.raises(ImproperlyConfigured, match="host names people use"):
        read_environment(production=True)


def test_processes_that_start_together_take_one_secret(tmp_path: Path) -> None:
    together = threading.Barrier(12)

    def start(_: int) -> str:
        together.wait()
        return embedded_secret_key(tmp_path)

    with ThreadPoolExecutor(12) as pool:
        keys = set(pool.map(start, range(12)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_data_folder_gets_a_secret_of_its_own(tmp_path: Path) -> None:
    first, again, other = (embedded_secret_key(tmp_path / name) for name in ("a", "a", "b"))
    assert first == again != other
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "a" / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://gpu", "http://me:hunter2@gpu:8000"])
def test_an_address_of_a_model_server_that_is_none_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    given(monkeypatch, COUNTERSIGN_MODEL_SERVER=url)
    with pytest.raises(ImproperlyConfigured, match="COUNTERSIGN_MODEL_SERVER") as caught:
        read_environment(production=False)
    assert "hunter2" not in str(caught.value)


def test_a_model_server_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, COUNTERSIGN_MODEL_SERVER="https://gpu.internal/v1", COUNTERSIGN_MODEL_SERVER_TIMEOUT="30")
    found = read_environment(production=False)
    assert (found.model_server, found.model_server_model, found.model_server_timeout) == ("https://gpu.internal/v1", "", 30)
