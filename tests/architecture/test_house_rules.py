"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import ROOT, files, python_files, shown

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
BINARY = {".png", ".jpg", ".jpeg", ".pdf", ".ico", ".woff2", ".tif", ".tiff"}


def text_files() -> list[tuple[str, str]]:
    return [(shown(path), path.read_text(errors="replace")) for path in files() if path.suffix not in BINARY]


def test_no_file_is_too_long() -> None:
    sources = [*python_files(tests=True), *files(".js"), *files(".css"), *files(".html")]
    counts = {shown(path): len(path.read_text().splitlines()) for path in sources}
    assert {name: count for name, count in counts.items() if count > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for path in python_files(tests=True):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_FUNCTION_LINES:
                    long[f"{shown(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_names_say_what_things_are() -> None:
    sources = [*python_files(tests=True), *files(".js"), *files(".css")]
    parts = {shown(path): {part.partition(".")[0] for part in path.relative_to(ROOT).parts} for path in sources}
    assert {name for name, words in parts.items() if words & FORBIDDEN_NAMES} == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [shown(path) for path in python_files() if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_nothing_is_left_unfinished() -> None:
    sources = {shown(path): path.read_text() for path in [*python_files(), *files(".js"), *files(".html"), *files(".css")]}
    assert {name for name, text in sources.items() if UNFINISHED.search(text)} == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"/work/(main|shared)",
        "/opt/" + "cs",
        "pypi" + r"\.org",
        "download" + r"\.pytorch",
        "registry" + r"\.npmjs",
        "hugging" + r"face\.co",
        r"cdn\.jsdelivr|unpkg\.com|cdnjs",
    ],
)
def test_no_machine_paths_and_no_registry_hosts(pattern: str) -> None:
    own = shown(ROOT / "tests/architecture/test_house_rules.py")
    found = re.compile(pattern)
    assert {name for name, text in text_files() if name != own and found.search(text)} == set()


def test_type_ignores_name_their_error() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[[a-z-]+)")
    own = shown(ROOT / "tests/architecture/test_house_rules.py")
    assert {shown(p) for p in python_files(tests=True) if bare.search(p.read_text()) and shown(p) != own} == set()
