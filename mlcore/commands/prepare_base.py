"""``python -m mlcore prepare-base --models DIR``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mlcore.base_model import find_base, identity_of


def main(arguments: Sequence[str]) -> int:
    """Make the base model ready and say what it is."""
    parser = argparse.ArgumentParser(prog="python -m mlcore prepare-base", description="Writes the default base model as safetensors.")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default data/models)")
    parser.add_argument("--base", default=None, help="check this model directory instead of the default base")
    options = parser.parse_args(arguments)
    folder = find_base(options.models, options.base)
    identity = identity_of(folder)
    print(f"{identity.name} {identity.revision}\nsha256 {identity.sha256}\n{folder}")
    return 0
