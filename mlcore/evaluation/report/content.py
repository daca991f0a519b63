"""What a report holds, before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from mlcore.evaluation.charts import ChartSet
from mlcore.evaluation.metrics import restricted
from mlcore.evaluation.paired import Paired, compare_systems
from mlcore.evaluation.scores import Evaluation

FORMAT = 1


@dataclass(frozen=True, slots=True)
class DataSource:
    """The evaluated file: name, SHA-256 (hex) and number of documents."""

    name: str
    sha256: str
    documents: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "sha256": self.sha256, "documents": self.documents}


@dataclass(frozen=True)
class SystemResult:
    """A system and how it did on every document that it read."""

    name: str
    evaluation: Evaluation


@dataclass(frozen=True)
class Report:
    """One run of ``evaluate``. ``made`` is an ISO 8601 time, ``command`` what repeats the run.

    ``common`` has every system on the documents that all of them read; it is empty when that is what ``systems`` has. ``against`` holds
    systems against those of a kept evaluation.
    """

    made: str
    command: str
    data: DataSource
    systems: tuple[SystemResult, ...]
    common: tuple[SystemResult, ...] = ()
    pairs: tuple[Paired, ...] = ()
    charts: ChartSet = field(default_factory=ChartSet)
    against: tuple[Paired, ...] = ()

    @classmethod
    def of(
        cls,
        made: str,
        command: str,
        data: DataSource,
        systems: Sequence[SystemResult],
        charts: ChartSet,
        against: Sequence[Paired] = (),
    ) -> Report:
        """Compares every two systems on the documents that all of them read, if there are any."""
        ids = [{document.id for document in system.evaluation.documents} for system in systems]
        shared = set.intersection(*ids)
        whole = all(len(read) == len(shared) for read in ids)
        same = tuple(systems if whole else (SystemResult(s.name, restricted(s.evaluation, shared)) for s in systems if shared))
        pairs = tuple(compare_systems(a.evaluation, b.evaluation, (a.name, b.name)) for a, b in combinations(same, 2))
        return cls(made, command, data, tuple(systems), () if whole else same, pairs, charts, tuple(against))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; the evaluations of ``systems`` can be read back with ``metrics.evaluation_from_json``."""
        common = [{"name": s.name, "overall": {n: e.to_json() for n, e in s.evaluation.overall.items()}} for s in self.common]
        return {
            "format": FORMAT,
            "made": self.made,
            "command": self.command,
            "data": self.data.to_json(),
            "systems": [{"name": system.name, "evaluation": system.evaluation.to_json()} for system in self.systems],
            "common": {"documents": len(self.common[0].evaluation.documents) if self.common else self.data.documents, "systems": common},
            "pairs": [pair.to_json() for pair in self.pairs],
            "against": [pair.to_json() for pair in self.against],
            **self.charts.to_json(),
        }
