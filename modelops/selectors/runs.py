"""Training runs as an admin reads them: a page of them, and one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import BooleanField, Count, Exists, F, OuterRef, QuerySet, Subquery

from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from modelops.errors import NotFound
from modelops.models import GateOverride, GateResult, RunState, TrainingRun
from modelops.runs.costs import cost_of

PAGE_SIZE: Final = 25
TABS: Final[dict[str, tuple[str, tuple[RunState, ...]]]] = {
    "all": ("All", ()),
    "open": ("Under way", (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)),
    "finished": ("Finished", (RunState.FINISHED,)),
    "ended": ("Stopped or failed", (RunState.STOPPED, RunState.FAILED)),
}
_NEWEST: Final = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What was asked for. Values that do not exist are left out, so any address works."""

    tab: str = "all"
    dataset: int | None = None
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> RunFilter:
        """Read ``?tab=&dataset=&cursor=``."""
        tab, dataset = query.get("tab", "all"), query.get("dataset", "")
        number = int(dataset) if dataset.isascii() and dataset.isdigit() and len(dataset) < 10 else None
        return cls(tab if tab in TABS else "all", number, query.get("cursor", ""))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with what became of it. ``verdict``: passed | failed | let through | "" (the gate has not been asked).

    ``start`` is the number of the model that it started from, ``None`` for the base.
    """

    run: TrainingRun
    verdict: str
    model: int | None
    cost: Decimal | None
    start: int | None = None

    @property
    def percent(self) -> int:
        """How far the training is, 0..100."""
        return min(100, 100 * self.run.step // self.run.steps) if self.run.steps else 0

    @property
    def is_open(self) -> bool:
        """Whether something may still happen by itself."""
        return self.run.state in TABS["open"][1]


@dataclass(frozen=True)
class RunList:
    """One page, with a number for each tab."""

    rows: list[RunRow]
    next: str
    previous: str
    counts: dict[str, int]


def run_list(wanted: RunFilter, size: int = PAGE_SIZE) -> RunList:
    """One page, the newest first: two statements."""
    runs = TrainingRun.objects.all()
    if wanted.dataset is not None:
        runs = runs.filter(dataset__number=wanted.dataset)
    by_state: dict[str, int] = dict(runs.order_by().values_list("state").annotate(Count("pk")))
    counts = {name: sum(by_state.values()) if not states else sum(by_state.get(s, 0) for s in states) for name, (_, states) in TABS.items()}
    states = TABS[wanted.tab][1]
    page = slice_of(with_outcome(runs.filter(state__in=states) if states else runs), _NEWEST, read_cursor(wanted.cursor), size)
    return RunList([row_of(run) for run in page.rows], page.next, page.previous, counts)


def run_row(run_id: int) -> RunRow:
    """One run. One statement. Raises ``NotFound``."""
    return row_of(found(with_outcome(TrainingRun.objects.all()), run_id))


def found(runs: QuerySet[TrainingRun], run_id: int) -> TrainingRun:
    """Raises ``NotFound``."""
    run = runs.filter(pk=run_id).first()
    if run is None:
        raise NotFound("run_not_found", f"There is no training run {run_id}. The list of runs has those that there are.")
    return run


def row_of(run: TrainingRun) -> RunRow:
    """Of a run that ``with_outcome`` has read."""
    passed, overridden = getattr(run, "gate_passed", None), getattr(run, "gate_overridden", False)
    verdict = "" if passed is None else "passed" if passed else "let through" if overridden else "failed"
    model = getattr(run, "model", None)
    return RunRow(run, verdict, model.number if model else None, cost_so_far(run), getattr(run, "start_number", None))


def cost_so_far(run: TrainingRun) -> Decimal | None:
    """What a run did cost until now; ``None`` where no rate is known."""
    if not run.hourly_rate:
        return None
    return run.cost if run.cost is not None else cost_of(run.seconds, run.hourly_rate)


def with_outcome(runs: QuerySet[TrainingRun]) -> QuerySet[TrainingRun]:
    """With all that ``row_of`` tells, in the same statement."""
    newest = GateResult.objects.filter(model__run=OuterRef("pk")).order_by("-pk")
    let_through = GateOverride.objects.filter(result__model__run=OuterRef("pk"))
    return runs.select_related("dataset", "asked_by", "sweep", "model").annotate(
        gate_passed=Subquery(newest.values("passed")[:1], output_field=BooleanField(null=True)),
        gate_overridden=Exists(let_through),
        start_number=F("start_model__number"),
    )
