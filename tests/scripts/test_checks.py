"""``scripts/test``: which tests run in which mode, that with ``--all`` none is forgotten, and that it says what it left out.

An environment whose programs only tell how they were called stands in for the one that the checks install.
"""

from __future__ import annotations

import re
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from scripts.checks import __main__ as checks
from scripts.checks.left_out import left_out

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """#!{python}
import os, sys
with open("{told}", "a") as told:
    print(os.path.basename(sys.argv[0]), os.environ.get("COUNTERSIGN_DATABASE_URL", "-"), *map(repr, sys.argv[1:]), sep="\\t", file=told)
"""

Calls = list[tuple[str, str, list[str]]]


class Checks:
    """The checks with programs that only tell."""

    def __init__(self, folder: Path) -> None:
        self.told = folder / "told"
        for name in ("python", "ruff", "lint-imports", "mypy", "pytest"):
            (folder / name).write_text(PROGRAM.format(python=sys.executable, told=self.told))
            (folder / name).chmod(0o755)

    def __call__(self, *arguments: str) -> Calls:
        """Run them: program, database and arguments of each call."""
        self.told.write_text("")
        before = signal.getsignal(signal.SIGTERM)
        try:
            assert checks.main(list(arguments)) == 0
        finally:
            signal.signal(signal.SIGTERM, before)
        calls = [line.split("\t") for line in self.told.read_text().splitlines()]
        return [(program, database, [word[1:-1] for word in words]) for program, database, *words in calls]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checks:
    monkeypatch.setattr(checks, "ensure_programs", lambda: None)
    monkeypatch.setattr(checks, "ensure_environment", lambda *_: tmp_path / "python")
    monkeypatch.setattr(checks, "postgresql", lambda: nullcontext("postgres://there"))
    return Checks(tmp_path)


def runs_of_tests(calls: Calls) -> Calls:
    return [call for call in calls if call[0] == "pytest"]


def selected(call: tuple[str, str, list[str]], *marks: str) -> bool:
    """Whether a test with these marks is run by the call."""
    words = call[2]
    expression = Expression.compile(words[words.index("-m") + 1])

    def has(name: str, /, **_: str | int | bool | None) -> bool:
        return name in marks

    return expression.evaluate(has)


def places(call: tuple[str, str, list[str]]) -> set[str]:
    return {word for word in call[2] if word.startswith("tests/")}


@pytest.mark.parametrize("marks", [(), ("thorough",), ("main_job",)])
def test_with_all_every_test_is_run_once_and_those_of_the_database_twice(run: Checks, marks: tuple[str, ...]) -> None:
    unit, service, database, browser = runs_of_tests(run("--all"))
    assert [selected(one, *marks) for one in (unit, service, database, browser)] == [True, False, True, False]
    assert [selected(one, "service", *marks) for one in (unit, service, database, browser)] == [False, True, False, False]
    assert [selected(one, "e2e", *marks) for one in (unit, service, database, browser)] == [False, False, False, True]
    assert [places(one) for one in (unit, service, database, browser)] == [
        set(), {"tests/services"}, {"tests/workers", "tests/labeling", "tests/modelops"}, {"tests/e2e"},
    ]  # fmt: skip
    assert [one[1] for one in (unit, service, database, browser)] == ["-", "postgres://there", "postgres://there", "-"]


@pytest.mark.parametrize("arguments", [[], ["--all"]])
@pytest.mark.parametrize("mark", ["slow", "gpu"])
def test_slow_tests_and_those_of_a_gpu_are_never_run(run: Checks, arguments: list[str], mark: str) -> None:
    unit, service, database, browser = runs_of_tests(run(*arguments))
    assert not selected(unit, mark)
    assert not selected(database, mark)
    if mark == "slow":
        assert not selected(service, "service", mark)
        assert not selected(browser, "e2e", mark)


def test_without_all_thorough_tests_are_left_out_everywhere(run: Checks) -> None:
    unit, service, database, browser = runs_of_tests(run())
    for call, marks in ((unit, ()), (service, ("service",)), (database, ()), (browser, ("e2e", "main_job"))):
        assert selected(call, *marks)
        assert not selected(call, *marks, "thorough")


def test_the_quick_part_needs_no_server_and_no_browser(run: Checks) -> None:
    for arguments in (["--quick"], ["--quick", "--all"]):
        (unit,) = runs_of_tests(run(*arguments))
        assert unit[1] == "-"
        assert selected(unit, "thorough") == ("--all" in arguments)


def test_both_modes_look_at_style_layers_types_and_migrations(run: Checks) -> None:
    for arguments in ([], ["--all"], ["--quick"]):
        programs = [call[0] for call in run(*arguments)]
        assert programs[:5] == ["ruff", "ruff", "lint-imports", "mypy", "python"]


def test_what_is_named_for_postgresql_is_there_and_run_with_all_too() -> None:
    for place in checks.OF_THE_DATABASE:
        assert (ROOT / place).exists(), place
        assert place.startswith(tuple(f"{folder}/" for folder in checks.ON_POSTGRESQL)), place


def test_tests_of_services_and_of_the_browser_are_in_their_folders_alone() -> None:
    """The steps look nowhere else for them."""
    marked = re.compile(r"mark\.(service|e2e)\b")
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py") if marked.search(path.read_text())}
    assert found == {"tests/services/conftest.py", "tests/e2e/conftest.py"}


def test_continuous_integration_runs_everything() -> None:
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith('/scripts/test" --all')


def test_a_run_says_what_it_left_out_and_what_runs_it(run: Checks, capsys: pytest.CaptureFixture[str]) -> None:
    run()
    told = capsys.readouterr().out
    assert "Left out: tests marked thorough and most database tests on PostgreSQL (scripts/test --all runs them); tests marked slow" in told
    run("--all")
    told = capsys.readouterr().out
    assert "thorough" not in told
    assert "Left out: tests marked slow (.venv/bin/python -m pytest -m slow runs them) and gpu (they need a CUDA device)." in told


def test_steps_that_were_not_asked_for_are_named() -> None:
    assert left_out(("lint",), ("lint", "unit"), everything=False) == "Left out: the step unit (scripts/test runs it)."
    quick = left_out(checks.QUICK, checks.STEPS, everything=False)
    assert quick.startswith("Left out: the steps services, browser (scripts/test runs them); tests marked thorough (scripts/test --all")
