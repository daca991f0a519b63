"""``scripts/test`` and ``scripts/check``: run the checks, say how long each took, exit with 0 only when all passed."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.checks.services import postgresql
from scripts.checks.system import ensure_programs
from scripts.station.environment import DEVELOPMENT, ensure_environment
from scripts.station.progress import PhaseFailed, say

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "workers", "modelops", "labeling", "invoices", "mlcore", "scripts", "benchmarks", "tests")
FAST = "not service and not e2e and not gpu and not slow"
ON_POSTGRESQL = ("tests/workers", "tests/labeling", "tests/modelops")
LEFT_OUT = "Left out: tests marked gpu (they need a CUDA device) and slow (.venv/bin/python -m pytest -m slow runs them)."


@dataclass(slots=True)
class Run:
    """The Python in use and how each step ended: ``(name, seconds, passed)``."""

    python: Path
    results: list[tuple[str, float, bool]] = field(default_factory=list)

    def step(self, name: str, *commands: list[str], env: Mapping[str, str] | None = None) -> None:
        """Run commands one after the other, all of them also after a failure; their output goes to the terminal."""
        say(f"\n── {name}")
        begun = time.monotonic()
        codes = [self._one(command, env or {}) for command in commands]
        self.results.append((name, time.monotonic() - begun, not any(codes)))

    def pytest(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """One run of pytest."""
        self.step(name, ["pytest", "-q", "-p", "no:cacheprovider", *arguments], env=env)

    def _one(self, command: list[str], env: Mapping[str, str]) -> int:
        """Run a program of the virtual environment, free of settings that the caller's shell may carry.

        Programs that compute do so with one thread each: test processes already fill the cores, and threads that wait for each other
        take many times as long with models as small as those of the tests.
        """
        program, *arguments = command
        kept = {key: value for key, value in os.environ.items() if not key.startswith("COUNTERSIGN_") and key != "PYTHONPATH"}
        kept |= {"DJANGO_SETTINGS_MODULE": "config.settings.test", "OMP_NUM_THREADS": "1", **env}
        path = self.python if program == "manage.py" else self.python.parent / program
        full = [str(path), *([program] if program == "manage.py" else []), *arguments]
        return subprocess.run(full, cwd=ROOT, env=kept, check=False).returncode


def lint(run: Run) -> None:
    """Style, templates and layers."""
    run.step("lint", ["ruff", "check", "."], ["ruff", "format", "--check", "."])
    run.step("layers", ["lint-imports", "--no-cache"])


def types(run: Run) -> None:
    """Types of everything that has Python files."""
    run.step("types", ["mypy", "--strict", *(name for name in PACKAGES if any((ROOT / name).rglob("*.py")))])


def migrations(run: Run) -> None:
    """Whether the models and the migrations agree."""
    run.step("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"])


def unit(run: Run) -> None:
    """The fast tests, on SQLite."""
    run.pytest("unit tests", "-m", FAST, "-n", "2")


def services(run: Run) -> None:
    """Tests that need a real PostgreSQL and a real Redis, and the database tests once more on PostgreSQL."""
    with postgresql() as database:
        env = {"COUNTERSIGN_DATABASE_URL": database}
        run.pytest("service tests", "-m", "service and not slow", env=env)
        folders = [name for name in ON_POSTGRESQL if (ROOT / name).is_dir()]
        run.pytest("database tests on PostgreSQL", "-m", FAST, *folders, env=env)


def browser(run: Run) -> None:
    """Tests that drive a real Chromium."""
    run.pytest("browser tests", "-m", "e2e and not slow")


STEPS: dict[str, Callable[[Run], None]] = {
    "lint": lint,
    "types": types,
    "migrations": migrations,
    "unit": unit,
    "services": services,
    "browser": browser,
}
QUICK = ("lint", "types", "migrations", "unit")


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen steps. Returns the exit code."""
    options = _parser().parse_args(arguments)
    chosen = options.only or (QUICK if options.quick else tuple(STEPS))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    try:
        if not set(chosen) <= set(QUICK):
            ensure_programs()
        run = Run(ensure_environment(ROOT, DEVELOPMENT))
        installed = time.monotonic() - begun
        for name in chosen:
            STEPS[name](run)
    except PhaseFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    return _summary(run, installed, time.monotonic() - begun)


def _summary(run: Run, installed: float, total: float) -> int:
    say(f"\n── summary\n  {'environment':<32} {installed:7.1f} s")
    for name, seconds, passed in run.results:
        say(f"  {name:<32} {seconds:7.1f} s  {'passed' if passed else 'FAILED'}")
    say(f"  {'total':<32} {total:7.1f} s\n{LEFT_OUT}")
    failed = [name for name, _, passed in run.results if not passed]
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/test", description="Installs what the checks need, then runs them.")
    parser.add_argument("--quick", action="store_true", help="only what needs no database server and no browser")
    parser.add_argument("--only", nargs="+", choices=tuple(STEPS), metavar="STEP", help=f"only these steps: {', '.join(STEPS)}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
