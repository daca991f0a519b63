"""Which worker a process belongs to, and whether another one has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from workers import instance
from workers.instance import has_ended, set_instance, worker_of

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process began")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The tests' own process is no worker before and after."""
    before = instance.this.name
    yield
    instance.this.name = before


def test_an_instance_is_named_after_its_worker() -> None:
    set_instance("documents@host#1")
    assert worker_of(instance.this.name) == "documents@host#1"
    assert f"#{os.getpid()}." in instance.this.name


def test_a_process_that_lives_has_not_ended() -> None:
    set_instance("documents@host")
    assert not has_ended(instance.this.name)


@linux_only
def test_a_process_that_is_gone_has_ended_and_so_has_one_whose_number_was_given_away() -> None:
    set_instance("documents@host")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = instance.this.name
    assert has_ended(mine.replace(f"#{os.getpid()}.", f"#{gone.pid}."))
    begin, place = mine.rpartition(".")[2].split("@")
    assert has_ended(mine.replace(f".{begin}@", f".{int(begin) - 1}@")), "the same number, another start"
    assert not has_ended(mine.replace(f"@{place}", "@elsewhere")), "another machine cannot be judged from here"


@pytest.mark.parametrize("name", ["", "documents@host", "documents@host#12", "documents@host#x.1@y"])
def test_what_is_no_instance_is_never_taken_for_dead(name: str) -> None:
    assert not has_ended(name)
