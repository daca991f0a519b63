"""A tiny training run, a training worker as a real process, and what became of the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fault_rig import ROOT, Rig
from modelops.folders import dataset_folder, run_folder
from modelops.models import TrainingRun


@dataclass(slots=True)
class TrainingRig:
    """The station's processes for training; files are in the data folder of ``rig``."""

    rig: Rig
    kills: int = 0
    worker: subprocess.Popen[bytes] | None = None
    trainers: list[int] = field(default_factory=list)

    def start_worker(self, name: str = "training") -> subprocess.Popen[bytes]:
        """A worker of the training queue, as ``scripts/run`` starts one."""
        lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
        alone = ["--concurrency", "1", "--max-tasks-per-child", "1", "--hostname", f"{name}@%h"]
        command = [sys.executable, "-m", "celery", "--app", "workers.celery", "worker", "--queues", "training", *alone, *lonely]
        with (self.rig.folder / f"{name}.log").open("ab") as log:
            self.worker = subprocess.Popen(command, cwd=ROOT, env=self.rig.env, stdout=log, stderr=log, start_new_session=True)
        return self.worker

    def kill_worker(self) -> None:
        """SIGKILL for the worker's process group. The trainer is of a group of its own: the kernel ends it."""
        assert self.worker is not None
        self.trainers += trainers_in(str(self.rig.folder))
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.kills += 1

    def stop(self) -> None:
        """End what is left."""
        if self.worker is not None and self.worker.poll() is None:
            self.kill_worker()


def trainers_in(folder: str) -> list[int]:
    """Process ids of trainers that work below ``folder``."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            line = (place / "cmdline").read_bytes().split(b"\0")
            state = (place / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if b"train" in line and b"mlcore" in line and any(part.startswith(folder.encode()) for part in line) and state not in "ZX":
            found.append(int(place.name))
    return found


def events(run: TrainingRun) -> list[dict[str, Any]]:
    """Everything that the trainer told; torn lines are left out."""
    found = []
    for line in (run_folder(run) / "events.jsonl").read_text().split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def told_lines(run: TrainingRun) -> int:
    """Lines that the trainer has told so far."""
    path = run_folder(run) / "events.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def steps_after(run: TrainingRun, lines: int) -> int:
    """Steps that were told after so many lines."""
    path = run_folder(run) / "events.jsonl"
    return sum(b'"progress"' in line for line in path.read_bytes().split(b"\n")[lines:]) if path.exists() else 0


def losses_at_kills(run: TrainingRun) -> list[int]:
    """For each time that the training went on, or began again: how many steps had been made behind what it went on from."""
    found, last = [], 0
    for event in events(run):
        if event["kind"] == "notice" and str(event["message"]).startswith("Goes on from step"):
            found.append(last - int(event["step"]))
            last = int(event["step"])
        elif event["kind"] == "progress":
            if int(event["step"]) <= last:
                found.append(last - int(event["step"]) + 1)
            last = int(event["step"])
    return found


def undisturbed(run: TrainingRun, folder: Path, env: dict[str, str]) -> bytes:
    """The weights of the same training in one go."""
    files = ["--out", str(folder), "--config", str(run_folder(run) / "recipe.json"), "--dataset", str(dataset_folder(run.dataset))]
    command = [sys.executable, "-m", "mlcore", "train", *files, "--every", "1000"]
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    return (folder / "best.safetensors").read_bytes()
