"""Why a run failed, in words and with the remedy."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone

from modelops.models import RunLine, RunState, TrainingRun
from modelops.runs.children import Ended
from modelops.runs.faults import RunFailed

OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)
_FULL = "cannot be written to"


def failure_of(ended: Ended, command: str, log: Path) -> RunFailed:
    """What it means that the child process of ``python -m mlcore COMMAND`` ended like that. Pure.

    Only sentences that ``mlcore`` designed are passed on; any other output may quote a document and stays in ``log``.
    """
    sentence = _sentence(ended.tail, command)
    if any("OutOfMemoryError" in line for line in ended.tail):
        return RunFailed(
            "out_of_memory",
            "Memory of the device ran out, also after the micro-batch was halved. Take fewer max_tokens, checkpointing, or nf4; "
            "or a device with more memory. Resumed as it is, the run goes on from its last checkpoint and meets the same limit.",
        )
    if _FULL in sentence:
        return RunFailed("disk_full", sentence.replace("the same command", "the run, when it is resumed,"))
    if sentence:
        return RunFailed("training_refused" if command == "train" else f"{command}_refused", sentence)
    if ended.status < 0:
        name = signal.Signals(-ended.status).name
        return RunFailed(
            "process_killed",
            f"The process was ended by {name}, most often because the memory of the machine ran out. Free some, or take fewer max_tokens; "
            "resumed, the run goes on from what was saved last.",
        )
    return RunFailed(
        "process_failed", f"The process ended with exit status {ended.status}. What it said is in {log}; resumed, the run tries again."
    )


def disk_failure(error: OSError, folder: Path) -> RunFailed:
    """The worker itself could not write."""
    told = error.strerror or type(error).__name__
    return RunFailed(
        "disk_full",
        f"Nothing can be written to {error.filename or folder} ({told}). Make room there, then resume the run: it goes on from what was "
        "saved last.",
    )


def fail_run(run_id: int, code: str, message: str) -> bool:
    """Put down a run whose work is dead, in the caller's transaction. ``False`` when it had ended already."""
    values = {"state": RunState.FAILED, "error_code": code[:60], "error_message": message[:600], "eta_seconds": None}
    if not TrainingRun.objects.filter(pk=run_id, state__in=OPEN).update(finished_at=timezone.now(), **values):
        return False
    RunLine.objects.create(run_id=run_id, text=message[:600])
    return True


def _sentence(tail: Sequence[str], command: str) -> str:
    """The last line that begins as a designed error of that command does."""
    mark = f"{command}: "
    return next((line.removeprefix(mark) for line in reversed(tail) if line.startswith(mark)), "")
