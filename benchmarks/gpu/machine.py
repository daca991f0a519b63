"""What the measurements are made on, as JSON on stdout. Imports torch; a process of its own, so that no other one holds the device.

python -m benchmarks.gpu.machine
"""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

LIBRARIES = ("torch", "transformers", "bitsandbytes", "peft", "llguidance")


def machine() -> dict[str, Any]:
    """``cuda`` (is there one), ``device`` (its name), ``memory`` (its bytes, or ``None``), ``versions``."""
    cuda = torch.cuda.is_available()
    return {
        "cuda": cuda,
        "device": torch.cuda.get_device_name() if cuda else f"{platform.machine()} CPU, {os.cpu_count()} cores",
        "memory": torch.cuda.get_device_properties(0).total_memory if cuda else None,
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def _version(name: str) -> str:
    try:
        return torch.__version__ if name == "torch" else version(name)  # torch says which build it is
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    print(json.dumps(machine()))
