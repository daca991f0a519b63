"""Runs the product's commands one after another, as somebody would type them, and keeps a log of them and of their times."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TIMES = "times.jsonl"
LOG = "commands.log"


@dataclass(frozen=True, slots=True)
class LoggedCommands:
    """Commands whose log is in ``folder``, with more ``environment``. At ``until`` (seconds since 1970) the one under way is stopped."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    until: float = math.inf

    def run(self, module: str, *arguments: str) -> None:
        """``python -m module arguments``. Raises ``SystemExit`` with the reason when it does not end well; call it again to go on."""
        command, name = [sys.executable, "-m", module, *arguments], arguments[0] if module == "mlcore" else module
        if time.time() >= self.until:
            raise SystemExit(f"No time is left for {name}; the same call goes on from here.")
        self._log(command)
        begun = time.monotonic()
        with subprocess.Popen(command, env={**os.environ, **self.environment}) as process:
            try:
                status = process.wait(None if math.isinf(self.until) else self.until - time.time())
            except subprocess.TimeoutExpired:
                process.terminate()  # training saves where it is, reading has kept what it read
                status = process.wait()
        with (self.folder / TIMES).open("a", encoding="utf-8") as times:
            call = {"command": name, "seconds": round(time.monotonic() - begun, 1), "status": status}
            times.write(json.dumps(call) + "\n")
        if status:
            raise SystemExit(f"{shlex.join(command)} ended with {status}; the same call goes on from here.")

    def times(self) -> dict[str, float]:
        """Seconds that each command took so far, by its name, broken-off calls included."""
        spent: dict[str, float] = {}
        file = self.folder / TIMES
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            call = json.loads(line)
            spent[call["command"]] = spent.get(call["command"], 0.0) + call["seconds"]
        return spent

    def _log(self, command: Sequence[str]) -> None:
        line = shlex.join(["python", *command[1:]])
        print(f"$ {line}", flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOG).open("a", encoding="utf-8") as log:
            log.write(line + "\n")
