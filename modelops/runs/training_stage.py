"""The first stage: ``python -m mlcore train`` as a child, from the newest complete checkpoint to the end, with everything it tells kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from mlcore.evaluation.kept_readings import cut_torn_end
from mlcore.new_file import write_json
from mlcore.training.outcome import OUTCOME, RECIPE, STOP
from modelops.datasets.leaks import refuse_leaks
from modelops.folders import artifact_folder
from modelops.runs.failing import failure_of
from modelops.runs.faults import RunFailed, RunStopped
from modelops.runs.launching import launcher_named
from modelops.runs.readiness import base_identity, refuse_unready
from modelops.runs.telling import tell
from modelops.runs.work import Work

EVENTS, LOG = "events.jsonl", "train.log"
_STOPPED = 3
"""Exit status of a trainer that was asked to stop and has saved; several together end with 0 (``mlcore.commands.train``)."""
_DEVICE = re.compile(r"(?P<base>\S+) \S+, (?P<precision>\S+) on (?P<device>\S+), \d+ process")


def train(work: Work) -> None:
    """Train to the end. Raises ``RunStopped``, ``RunFailed``, and what ``readiness`` raises."""
    if not _finished(work.folder):
        start = work.run.start_model
        refuse_unready(work.run.dataset, work.recipe, work.run.launcher, start)
        refuse_leaks(work.run.dataset, start=start)
        base = base_identity()
        begun = f"from model {start.number}" if start is not None else "from the base"
        told = f"Trains on data set {work.run.dataset.number} with the recipe {work.recipe.name}, {begun}."
        work.hold.write(told, base=base.to_json())
        _run(work)
    _keep_outcome(work)


def _run(work: Work) -> None:
    (work.folder / STOP).unlink(missing_ok=True)
    cut_torn_end(work.folder / EVENTS)
    write_json(work.folder / RECIPE, work.recipe.to_json())
    command = launcher_named(work.run.launcher).command(_arguments(work))
    watch = _Watch(work)
    ended = work.child(command, LOG, watch.look)
    watch.news()
    if ended.status == _STOPPED or (ended.status == 0 and command.processes > 1 and not _finished(work.folder)):
        raise RunStopped
    if ended.status != 0:
        raise failure_of(ended, "train", work.folder / LOG)


def _arguments(work: Work) -> list[str]:
    paths = ["--out", work.folder, "--config", work.folder / RECIPE, "--dataset", work.dataset, "--models", work.models]
    start = ["--start", str(artifact_folder(work.run.start_model))] if work.run.start_model is not None else []
    rate = ["--cost-per-device-hour", str(work.run.hourly_rate)] if work.run.hourly_rate else []
    return ["train", *map(str, paths), *start, *rate]


class _Watch:
    """Looks after a trainer: keeps its news, passes on the wish to stop, counts checkpoints as progress.

    A database that does not answer is no reason to end a training: what was told is in the file, and is kept when it answers again.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.position = work.run.told_bytes
        self.saved = _saved(work.folder)
        self.device = ""

    def look(self) -> None:
        """Called every second."""
        try:
            if self.work.hold.stop_asked():
                (self.work.folder / STOP).touch()
            self.news()
            self.work.sign()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()

    def news(self) -> None:
        """Keep everything that was told so far."""
        while (position := tell(self.work.hold, self.work.folder / EVENTS, self.position)) != self.position:
            self.position = position
        if not self.device:
            self._see_device()
        saved = _saved(self.work.folder)
        if saved != self.saved:
            self.saved = saved
            self.work.hold.got_on()

    def _see_device(self) -> None:
        found = next(filter(None, map(_DEVICE.match, _head(self.work.folder / LOG))), None)
        if found is not None:
            self.device = device_name(found["device"])
            self.work.hold.write(f"{found['base']} in {found['precision']} on {self.device}.", device=self.device)


def device_name(device: str) -> str:
    """What people call a device of torch: the card's name, or how many cores there are."""
    if device.startswith("cpu"):
        return f"CPU, {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores"
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return device[:80]
    query = [tool, "--query-gpu=name", "--format=csv,noheader"]
    try:
        names = subprocess.run(query, capture_output=True, text=True, check=False, timeout=20).stdout.splitlines()  # noqa: S603 - no input
    except (OSError, subprocess.TimeoutExpired):
        return device[:80]
    number = int(device.partition(":")[2] or 0)
    return names[number][:80] if number < len(names) else device[:80]


def _head(log: Path) -> list[str]:
    """The beginning of the newest start in the log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 20_000))
            return list(reversed(file.read().decode(errors="replace").splitlines()))
    except OSError:
        return []


def _saved(folder: Path) -> frozenset[str]:
    """The complete checkpoints."""
    return frozenset(path.parent.name for path in folder.glob("step-*/COMMIT"))


def outcome_of(folder: Path) -> dict[str, Any]:
    """What the trainer said at the end of an epoch or of the run; empty when it has not said anything yet."""
    try:
        told = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _finished(folder: Path) -> bool:
    return bool(outcome_of(folder).get("finished"))


def _keep_outcome(work: Work) -> None:
    told = outcome_of(work.folder)
    try:
        base, steps, left_out = told["run"]["base"], int(told["steps"]), int(told["left_out"])
        documents, memory = int(told["documents"]), int(told["memory"])
    except (KeyError, TypeError, ValueError) as error:
        raise RunFailed(
            "outcome_missing", f"{work.folder / OUTCOME} does not say how the training ended ({error}); resume the run."
        ) from error
    out = f"; {left_out} were longer than {work.recipe.max_tokens} tokens and left out" if left_out else ""
    work.hold.write(f"Trained {steps} steps on {documents} documents{out}.", base=base, memory=memory, step=steps, eta_seconds=None)
    work.hold.got_on()
