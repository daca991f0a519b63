"""What is known before a run begins, as plain values: what ``preflight_rules`` decides from, and what a person is shown. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from mlcore.gate import GatePolicy
from modelops.runs.expectations import PastRun


@dataclass(frozen=True, slots=True)
class Share:
    """How many of something have a name."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Correction:
    """One field, or one vendor: ``values`` in new gold records, and how many of them people had to put right.

    ``corrected``: the pre-fill was wrong; ``typed``: it had none; ``settled``: two people differed.
    """

    name: str
    values: int
    corrected: int = 0
    typed: int = 0
    settled: int = 0

    @property
    def changed(self) -> int:
        """All that people had to do something about."""
        return self.corrected + self.typed + self.settled


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is in a data set that the last one trained on had not. ``since`` is its number, ``None`` when none was trained on."""

    since: int | None = None
    records: int = 0
    fields: tuple[Correction, ...] = ()
    vendors: tuple[Correction, ...] = ()
    vendor_count: int = 0

    @property
    def changed(self) -> int:
        """Values that people put right."""
        return sum(one.changed for one in self.fields)


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """A version and its directory. ``documents``, ``vendors`` and ``types`` are by split; ``types`` counts rows by line type.

    ``usable``: it is frozen and its directory can be read. ``leak`` says what is tested on and learned from; ``gold`` counts gold records
    by side, ``largest`` the training vendors with the most of them. ``newer`` is the number of a newer frozen version.
    """

    number: int
    usable: bool = True
    leak: str = ""
    documents: Mapping[str, int] = field(default_factory=dict)
    vendors: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    gold: Mapping[str, int] = field(default_factory=dict)
    largest: tuple[Share, ...] = ()
    newer: int | None = None


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """How sure the labels are. ``unadjudicated`` documents wait for a senior and are in no data set; ``disputed`` records of this one are
    suspect now, by side; ``superseded`` ones have been put right since."""

    unadjudicated: int = 0
    waits_for_third: int = 0
    disputed: Mapping[str, int] = field(default_factory=dict)
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that waits or goes on. ``start`` is the number of the model that it starts from, ``None`` for the base."""

    id: int
    who: str
    state: str
    dataset: int
    recipe: Mapping[str, Any]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class StartFacts:
    """The model that the run starts from. ``leak`` says what it has learned from and must not know here, ``""`` for nothing.

    ``documents`` are behind it, 0 where nobody says how many; ``unknown``: nor is it known whose. ``same_dataset``: it, or one that it
    started from, was trained on this very version. ``generated`` validation documents are of the generator, whose documents it has learned
    from too; 0 where confidence can be learned without them. ``rate`` is the usual peak rate for going on from it, 0 where its recipe is
    not known.
    """

    number: int
    documents: int = 0
    leak: str = ""
    unknown: bool = False
    same_dataset: bool = False
    generated: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Where it would run. ``workers`` of the queue are alive, ``None`` where nobody watches them; ``disk_free`` is in bytes."""

    workers: int | None
    disk_free: int
    open_runs: tuple[OpenRun, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """What the gate will do with the outcome. ``leaked`` counts held-out vendors that the champion has learned from.

    ``judged_vendors`` held-out vendors have enough documents to be judged by themselves; ``evaluated``: the champion has read these
    documents already.
    """

    policy: GatePolicy = field(default_factory=GatePolicy)
    champion: int | None = None
    leaked: int = 0
    judged_vendors: int = 0
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. ``trained_before`` is the newest finished run on this very data set from the same ``start``, ``None``: the base."""

    dataset: DatasetFacts
    place: PlaceFacts
    corrections: Corrections = field(default_factory=Corrections)
    labels: LabelFacts = field(default_factory=LabelFacts)
    comparison: ComparisonFacts = field(default_factory=ComparisonFacts)
    past: tuple[PastRun, ...] = ()
    reading: tuple[float, int] | None = None
    hourly_rate: Decimal = Decimal(0)
    every_days: int = 91
    trained_before: int | None = None
    start: StartFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, without what has its own place in a preflight."""
        told = {name: asdict(getattr(self, name)) for name in ("dataset", "corrections", "labels", "comparison")}
        told["corrections"]["changed"] = self.corrections.changed
        place = {"workers": self.place.workers, "disk_free": self.place.disk_free}
        waiting = [{"id": run.id, "who": run.who, "state": run.state, "dataset": run.dataset} for run in self.place.open_runs]
        start = asdict(self.start) if self.start else None
        return {**told, "place": {**place, "open_runs": waiting}, "trained_before": self.trained_before, "start": start}
