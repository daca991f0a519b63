"""``scripts/test`` and ``scripts/check``: run the checks, say how long each took and what was left out, exit with 0 only when all passed.

Without ``--all`` tests marked ``thorough`` are left out, and on PostgreSQL are run those alone in which much depends on the database.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.checks.left_out import left_out
from scripts.checks.services import postgresql
from scripts.checks.system import ensure_programs
from scripts.station.environment import DEVELOPMENT, ensure_environment
from scripts.station.progress import PhaseFailed, say

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "workers", "modelops", "labeling", "invoices", "mlcore", "scripts", "benchmarks", "tests")
FAST = "not service and not e2e and not gpu and not slow"
TWO_PROCESSES = ("-n", "2")
ON_POSTGRESQL = ("tests/workers", "tests/labeling", "tests/modelops")
OF_THE_DATABASE = (
    "tests/labeling/agreement/test_counting_races.py",
    "tests/labeling/assignment",
    "tests/labeling/test_drafts.py",
    "tests/labeling/test_pair_races.py",
    "tests/labeling/test_trail.py",
    "tests/labeling/trials/test_races.py",
    "tests/modelops/alerts/test_races.py",
    "tests/modelops/datasets/test_held_out.py",
    "tests/modelops/deployment/test_chain.py",
    "tests/modelops/deployment/test_two_admins.py",
    "tests/modelops/monitoring/test_counting.py",
    "tests/modelops/test_serving_slots.py",
    "tests/workers/tasks/test_fences.py",
    "tests/workers/test_ledger.py",
    "tests/workers/test_reaper.py",
    "tests/workers/test_succession.py",
    "tests/workers/test_together.py",
)
"""Of these, what depends on the database most: claims and leases, locks and races, constraints and triggers, sums counted at once."""


@dataclass(slots=True)
class Run:
    """The Python in use, whether thorough tests are run, and how each step ended: ``(name, seconds, passed)``."""

    python: Path
    everything: bool = False
    results: list[tuple[str, float, bool]] = field(default_factory=list)

    def step(self, name: str, *commands: list[str], env: Mapping[str, str] | None = None) -> None:
        """Run commands one after the other, all of them also after a failure; their output goes to the terminal."""
        say(f"\n── {name}")
        begun = time.monotonic()
        codes = [self._one(command, env or {}) for command in commands]
        self.results.append((name, time.monotonic() - begun, not any(codes)))

    def pytest(self, name: str, marked: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """One run of pytest, of tests with these marks."""
        marked = marked if self.everything else f"{marked} and not thorough"
        self.step(name, ["pytest", "-q", "-p", "no:cacheprovider", "-m", marked, *arguments], env=env)

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
    """The tests that need no server and no browser, on SQLite."""
    run.pytest("unit tests", FAST, *TWO_PROCESSES)


def services(run: Run) -> None:
    """Tests that need a real PostgreSQL and a real Redis, and the database tests once more on PostgreSQL."""
    with postgresql() as database:
        env = {"COUNTERSIGN_DATABASE_URL": database}
        run.pytest("service tests", "service and not slow", "tests/services", env=env)
        paths = ON_POSTGRESQL if run.everything else OF_THE_DATABASE
        run.pytest("database tests on PostgreSQL", FAST, *TWO_PROCESSES, *paths, env=env)


def browser(run: Run) -> None:
    """Tests that drive a real Chromium."""
    run.pytest("browser tests", "e2e and not slow", *TWO_PROCESSES, "tests/e2e")


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
        run = Run(ensure_environment(ROOT, DEVELOPMENT), options.all)
        installed = time.monotonic() - begun
        for name in chosen:
            STEPS[name](run)
    except PhaseFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    return _summary(run, chosen, installed, time.monotonic() - begun)


def _summary(run: Run, chosen: Sequence[str], installed: float, total: float) -> int:
    say(f"\n── summary\n  {'environment':<32} {installed:7.1f} s")
    for name, seconds, passed in run.results:
        say(f"  {name:<32} {seconds:7.1f} s  {'passed' if passed else 'FAILED'}")
    say(f"  {'total':<32} {total:7.1f} s")
    say(left_out(chosen, STEPS, everything=run.everything))
    failed = [name for name, _, passed in run.results if not passed]
    say(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/test", description="Installs what the checks need, then runs them.")
    parser.add_argument("--all", action="store_true", help="also the tests marked thorough, and all database tests on PostgreSQL")
    parser.add_argument("--quick", action="store_true", help="only what needs no database server and no browser")
    parser.add_argument("--only", nargs="+", choices=tuple(STEPS), metavar="STEP", help=f"only these steps: {', '.join(STEPS)}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
