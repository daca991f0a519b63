"""Django's own deployment checks, run as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.config.test_env import GOOD


def check(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTERSIGN_", "DJANGO_"))}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings.production", "COUNTERSIGN_DATA_DIR": str(tmp_path), **variables}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.thorough
def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    done = check(tmp_path, **GOOD)
    assert done.returncode == 0, done.stdout + done.stderr


def test_production_does_not_start_without_its_secrets(tmp_path: Path) -> None:
    done = check(tmp_path)
    assert done.returncode != 0
    assert "4 settings are wrong" in done.stderr
