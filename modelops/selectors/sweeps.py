"""Sets of runs that differ in a few fields: what each tried, what it came to, and which came to the best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from modelops.errors import NotFound
from modelops.models import RunState, TrainingRun, TrainingSweep
from modelops.runs.recipe_fields import BY_PATH
from modelops.selectors.run_outcomes import ACCURACY, estimate_of, evaluations_of, recipe_value
from modelops.selectors.runs import RunRow, row_of, with_outcome

PAGE_SIZE: Final = 20
_NEWEST: Final = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One run of a sweep; ``values`` are what it tried, in the order of the axes. ``right`` is the share of values right on the held-out
    documents of its data set, with ``low`` and ``high``; ``None`` until it was evaluated."""

    row: RunRow
    values: tuple[Any, ...]
    right: Mapping[str, Any] | None

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
    def least(self) -> SweepRow | None:
        """The run with the least validation loss so far."""
        known = [row for row in self.rows if row.run.validation_loss is not None]
        return min(known, key=lambda row: (row.run.validation_loss or 0.0, row.run.pk)) if known else None

    @property
    def most_right(self) -> SweepRow | None:
        """The run with the most values right so far."""
        known = [row for row in self.rows if row.right is not None]
        return max(known, key=lambda row: (_value(row), -row.run.pk)) if known else None

    @property
    def finished(self) -> int:
        """How many are."""
        return sum(row.run.state == RunState.FINISHED for row in self.rows)

    @property
    def seconds(self) -> float:
        """On the clock, of all runs."""
        return sum(row.run.seconds for row in self.rows)

    @property
    def cost(self) -> Decimal | None:
        """Of all runs; ``None`` where no rate is known."""
        known = [row.row.cost for row in self.rows if row.row.cost is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def datasets(self) -> tuple[int, ...]:
        """Numbers of the data sets that were learned from."""
        return tuple(sorted({row.run.dataset.number for row in self.rows}))

    @property
    def tried(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """What was varied: the label of each axis with its values."""
        return tuple((label, tuple(self.sweep.axes[path])) for path, label in zip(self.paths, self.labels, strict=True))

    def ordered(self, by: str) -> tuple[SweepRow, ...]:
        """The rows by one of ``ORDERS``, the best first; what is not known comes last. Anything else: by what they tried."""
        key = _KEYS.get(by)
        return self.rows if key is None else tuple(sorted(self.rows, key=lambda row: _last(key(row))))


ORDERS: Final[Mapping[str, str]] = {
    "tried": "By what was tried",
    "loss": "By validation loss",
    "right": "By values right",
    "time": "By time",
    "cost": "By cost",
}
_KEYS: Final[Mapping[str, Callable[[SweepRow], float | Decimal | None]]] = {
    "loss": lambda row: row.run.validation_loss,
    "right": lambda row: -_value(row) if row.right is not None else None,
    "time": lambda row: row.run.seconds or None,
    "cost": lambda row: row.row.cost,
}


@dataclass(frozen=True)
class SweepList:
    """One page."""

    rows: list[Swept]
    next: str
    previous: str


def sweep_list(cursor: str, size: int = PAGE_SIZE) -> SweepList:
    """One page, the newest first, each with its runs. Three statements."""
    page = slice_of(TrainingSweep.objects.select_related("created_by"), _NEWEST, read_cursor(cursor), size)
    return SweepList(_told(page.rows), page.next, page.previous)


def swept(sweep_id: int) -> Swept:
    """Three statements. Raises ``NotFound``."""
    told = _told(TrainingSweep.objects.select_related("created_by").filter(pk=sweep_id))
    if not told:
        raise NotFound("sweep_not_found", f"There is no sweep {sweep_id}.")
    return told[0]


def _told(sweeps: Iterable[TrainingSweep]) -> list[Swept]:
    listed = list(sweeps)
    runs = list(with_outcome(TrainingRun.objects.filter(sweep__in=listed).defer("preflight")).order_by("pk")) if listed else []
    evaluated = evaluations_of(runs)
    found = []
    for sweep in listed:
        paths = tuple(sweep.axes)
        rows = [
            SweepRow(row_of(run), tuple(recipe_value(run.recipe, path) for path in paths), estimate_of(evaluated[run.pk], ACCURACY))
            for run in runs
            if run.sweep_id == sweep.pk
        ]
        rows.sort(key=lambda row: tuple((value is None, value) for value in row.values))
        found.append(Swept(sweep, paths, tuple(BY_PATH[path].label if path in BY_PATH else path for path in paths), tuple(rows)))
    return found


def _value(row: SweepRow) -> float:
    return float(row.right["value"]) if row.right is not None else 0.0


def _last(key: float | Decimal | None) -> tuple[bool, float]:
    return key is None, float(key or 0)
