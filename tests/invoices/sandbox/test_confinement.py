"""What a confined process can no longer do. Each attempt runs in a forked child of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from invoices.sandbox.confinement import SandboxLevel, sandbox_level

ATTEMPTS = {
    "read the home of somebody": "open('{data}/secret').read()",
    "write outside the scratch folder": "open('{data}/new', 'w')",
    "list the data folder": "os.listdir('{data}')",
    "open a connection": "socket.create_connection(('127.0.0.1', 9), 1)",
    "open a local socket": "socket.socket(socket.AF_UNIX)",
    "start a program": "subprocess.run(['/usr/bin/env'])",
    "fork": "os.fork()",
    "signal another process": "os.kill(os.getppid(), 0)",
    "watch another process": "kernel.syscall(101, 16, os.getppid(), 0, 0)",
    "take its parent's limits away": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (9999, 9999))",
    "raise its own memory limit": "resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))",
    "raise its own CPU limit": "resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))",
    "slow its parent down": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "share memory by name": "kernel.syscall(29, 1234, 4096, 0o1600)",
    "queue messages by name": "kernel.syscall(68, 1234, 0o1600)",
    "set the clock": "kernel.syscall(227, 0, 0)",
    "read its parent's environment": "open(f'/proc/{{os.getppid()}}/environ').read()",
    "read the list of users": "open('/etc/passwd').read()",
    "make a folder": "os.mkdir('{scratch}/folder')",
    "make a link": "os.symlink('/etc/passwd', '{scratch}/link')",
    "write a huge file": "open('{scratch}/big', 'wb').write(b'0' * 100_000_000)",
    "take all memory": "bytearray(4_000_000_000)",
    "open a hundred files": "[open('/dev/null') for _ in range(100)]",
}

PROGRAM = """
import os, resource, socket, subprocess, sys
from invoices.sandbox import kernel
from invoices.sandbox.confinement import confine
from invoices.sandbox.limits import Limits
confine(Limits(), {scratch!r}, programs=[])
assert open({scratch!r} + '/allowed', 'w').write('x') == 1
assert open(os.devnull, 'w').write('x') == 1, 'Tesseract crashes when it cannot'
try:
    {attempt}
except (OSError, MemoryError, ValueError):  # setrlimit says ValueError for "not permitted"
    os._exit(7)
os._exit(0)
"""

full_only = pytest.mark.skipif(sandbox_level() is not SandboxLevel.FULL, reason="this kernel has no Landlock or is not Linux x86_64")


@full_only
@pytest.mark.parametrize("attempt", list(ATTEMPTS))
def test_a_confined_process_cannot(attempt: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Jane Roe")
    with tempfile.TemporaryDirectory() as scratch:
        code = ATTEMPTS[attempt].format(data=tmp_path, scratch=scratch)
        program = PROGRAM.format(scratch=scratch, attempt=code)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
        done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 7, done.stderr


def test_the_level_is_one_that_the_health_page_knows() -> None:
    assert sandbox_level() in set(SandboxLevel)
    assert resource.getrlimit(resource.RLIMIT_CORE), "asking changes nothing here"
