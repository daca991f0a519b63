"""Every variable that the product reads is explained in docs/operations.md, and nothing else is."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT, python_files

VARIABLE = re.compile(r"COUNTERSIGN_[A-Z_]+[A-Z]")


def test_documentation_and_code_name_the_same_variables() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config/env.py").read_text()))
    named = {f"COUNTERSIGN_{name}" for name in read}
    for path in python_files(tests=True):
        named |= set(VARIABLE.findall(path.read_text()))
    documented = set(VARIABLE.findall((ROOT / "docs/operations.md").read_text()))
    assert named
    assert documented == named
