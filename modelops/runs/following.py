"""Following a run from outside, as a command line shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelops.models import RunLine, RunStage, TrainingRun

_MOST = 200


@dataclass(slots=True)
class Follower:
    """Says each new line of a run's log once, and where its training is whenever it has got on by a twentieth."""

    run_id: int
    say: Callable[[str], None]
    _line: int = 0
    _step: int = 0

    def look(self) -> None:
        """Two queries."""
        for line in RunLine.objects.filter(run_id=self.run_id, pk__gt=self._line).order_by("pk")[:_MOST]:
            self._line = line.pk
            self.say(line.text)
        run = TrainingRun.objects.get(pk=self.run_id)
        if run.stage == RunStage.TRAINING and run.step - self._step >= max(1, run.steps // 20) and run.loss is not None:
            self._step = run.step
            self.say(progress_of(run))


def progress_of(run: TrainingRun) -> str:
    """Where the training is, in one line."""
    pace = f", {run.tokens_per_second:.0f} tokens/s" if run.tokens_per_second else ""
    left = f", {run.eta_seconds / 60:.1f} min left" if run.eta_seconds is not None else ""
    return f"step {run.step}/{run.steps}, loss {run.loss:.4f}{pace}{left}, {run.memory / 2**30:.1f} GiB"
