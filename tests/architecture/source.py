"""The product's own source files, as git knows them (tracked, or new and not ignored)."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "workers", "modelops", "labeling", "invoices", "mlcore", "scripts", "benchmarks")


def files(suffix: str = "") -> list[Path]:
    """All files of the product with this suffix."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted(path for path in {ROOT / name for name in names} if path.name.endswith(suffix) and path.is_file())


def python_files(*, tests: bool = False) -> list[Path]:
    """Python files of the product, migrations left out; with the tests when asked for."""
    wanted = (*PACKAGES, "tests") if tests else PACKAGES
    return [path for path in files(".py") if path.relative_to(ROOT).parts[0] in wanted and "migrations" not in path.parts]


def shown(path: Path) -> str:
    """Path as a person writes it."""
    return str(path.relative_to(ROOT))
