"""What a run of the checks did not look at, in one line, with the command that would."""

from __future__ import annotations

from collections.abc import Collection

TESTS = {"unit", "services", "browser"}
"""The steps that run tests."""

NEVER = "tests marked slow (.venv/bin/python -m pytest -m slow runs them) and gpu (they need a CUDA device)"


def left_out(ran: Collection[str], steps: Collection[str], *, everything: bool) -> str:
    """``ran``: the steps, of all ``steps``, that were asked for; ``everything``: whether thorough tests were among them."""
    parts = []
    if missing := [name for name in steps if name not in ran]:
        parts.append(f"the step{'s' * (len(missing) > 1)} {', '.join(missing)} (scripts/test runs {'them' if missing[1:] else 'it'})")
    if TESTS & set(ran):
        if not everything:
            most = " and most database tests on PostgreSQL" if "services" in ran else ""
            parts.append(f"tests marked thorough{most} (scripts/test --all runs them)")
        parts.append(NEVER)
    return f"Left out: {'; '.join(parts)}."
