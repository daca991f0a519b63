"""Sets of runs that differ in a few fields: what each tried, what it came to, and which came to the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q

from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of
from modelops.errors import NotFound
from modelops.models import RunState, TrainingRun, TrainingSweep
from modelops.runs.recipe_fields import BY_PATH
from modelops.selectors.runs import RunRow, row_of, with_outcome

PAGE_SIZE: Final = 20
_NEWEST: Final = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One run of a sweep; ``values`` are what it tried, in the order of the axes. ``best`` has the least validation loss so far."""

    row: RunRow
    values: tuple[Any, ...]
    best: bool

    @property
    def run(self) -> TrainingRun:
        """The run."""
        return self.row.run


@dataclass(frozen=True)
class Swept:
    """A sweep. ``labels`` name the axes; rows stand in the order of their values."""

    sweep: TrainingSweep
    paths: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[SweepRow, ...]

    @property
    def best(self) -> int | None:
        """Id of the best run."""
        return next((row.run.pk for row in self.rows if row.best), None)

    @property
    def finished(self) -> int:
        """How many are."""
        return sum(row.run.state == RunState.FINISHED for row in self.rows)


def sweep_list(cursor: str, size: int = PAGE_SIZE) -> Slice[TrainingSweep]:
    """One page, the newest first, with ``total`` and ``done`` runs of each. One statement."""
    done = Count("runs", filter=Q(runs__state=RunState.FINISHED))
    sweeps = TrainingSweep.objects.select_related("created_by").annotate(total=Count("runs"), done=done)
    return slice_of(sweeps, _NEWEST, read_cursor(cursor), size)


def swept(sweep_id: int) -> Swept:
    """Two statements. Raises ``NotFound``."""
    sweep = TrainingSweep.objects.select_related("created_by").filter(pk=sweep_id).first()
    if sweep is None:
        raise NotFound("sweep_not_found", f"There is no sweep {sweep_id}.")
    runs = list(with_outcome(TrainingRun.objects.filter(sweep=sweep)).order_by("pk"))
    measured = [run for run in runs if run.validation_loss is not None]
    best = min(measured, key=lambda run: (run.validation_loss, run.pk)).pk if measured else None
    paths = tuple(sweep.axes)
    rows = [SweepRow(row_of(run), tuple(recipe_value(run.recipe, path) for path in paths), run.pk == best) for run in runs]
    rows.sort(key=lambda row: tuple((value is None, value) for value in row.values))
    return Swept(sweep, paths, tuple(BY_PATH[path].label if path in BY_PATH else path for path in paths), tuple(rows))


def recipe_value(recipe: dict[str, Any], path: str) -> Any:
    """What a stored recipe has at a path; ``None`` where it has nothing."""
    found: Any = recipe
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
