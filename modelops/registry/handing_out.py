"""A trained model under a name of somebody's choice: ``train_qlora --out ./new-adapters``, which ``evaluate`` and ``deploy`` take."""

from __future__ import annotations

import os
from pathlib import Path

from modelops.errors import Refused

NEW_ADAPTERS = "new-adapters"
"""What the specification's commands call it; ``evaluate`` looks for it beside the test set."""


def refuse_taken(out: Path) -> None:
    """Raises ``Refused`` (``out_taken``) where something else than a link lies, which is never replaced."""
    if out.exists() and not out.is_symlink():
        raise Refused("out_taken", f"{out} is there and is no link to a model; move it away, or name another place.")
    if not out.parent.is_dir():
        raise Refused("out_taken", f"{out.parent} is no folder; make it, or name another place.")


def hand_out(artifact: Path, out: Path) -> None:
    """Make ``out`` a link to an artifact's directory, instead of an earlier link, at once. Raises ``Refused`` as ``refuse_taken``."""
    refuse_taken(out)
    made = out.with_name(f".{out.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    made.symlink_to(artifact.resolve(), target_is_directory=True)
    made.replace(out)
