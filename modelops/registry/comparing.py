"""Two models on the documents that both have read: field by field, vendor by vendor, and what changed in which document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mlcore.errors import EvaluationError
from mlcore.evaluation.metrics import restricted
from mlcore.evaluation.paired import Paired, compare_systems
from mlcore.evaluation.paired_groups import VendorPair, by_vendor, changed_documents
from mlcore.evaluation.scores import DocumentScore, Estimate, Evaluation
from mlcore.gate import System
from modelops.errors import NotFound, Refused
from modelops.folders import evaluation_folder
from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion
from modelops.registry.evidence import ANSWERS, EVIDENCE, system_from
from modelops.registry.wrong_values import Answered, answered


@dataclass(frozen=True)
class Comparison:
    """``first`` and ``second`` are both restricted to the documents that both have read; ``paired`` is second less first.

    ``changed`` has the documents whose scores differ, the lost ones first.
    """

    dataset: DatasetVersion
    evaluations: tuple[ModelEvaluation, ModelEvaluation]
    first: Evaluation
    second: Evaluation
    paired: Paired
    vendors: tuple[VendorPair, ...]
    changed: tuple[tuple[DocumentScore, DocumentScore], ...]


def common_versions(first: ModelVersion | None, second: ModelVersion | None) -> list[DatasetVersion]:
    """Versions on which both were evaluated, the newest first: one statement."""
    ours = ModelEvaluation.objects.filter(model=first).values("dataset")
    return list(DatasetVersion.objects.filter(pk__in=ours, evaluations__model=second).distinct().order_by("-number"))


def compare(first: ModelVersion | None, second: ModelVersion | None, dataset: DatasetVersion | None = None) -> Comparison:
    """Compare on ``dataset``, else on the newest version that both were evaluated on (``None`` for a model: the templates alone).

    Three statements. Raises ``NotFound`` (``no_common_version``) when there is none, ``Refused`` when what was kept cannot be read or was
    scored against other labels.
    """
    shared = common_versions(first, second)
    chosen = next((one for one in shared if dataset is None or one == dataset), None)
    if chosen is None:
        raise NotFound(
            "no_common_version",
            "The two were never evaluated on the same data set version. Evaluate both on one, then compare them.",
        )
    rows = {row.model_id: row for row in ModelEvaluation.objects.filter(dataset=chosen) if row.model_id in (_pk(first), _pk(second))}
    one, other = rows[_pk(first)], rows[_pk(second)]
    systems = _system(one), _system(other)
    ids = {document.id for document in systems[0].evaluation.documents} & {document.id for document in systems[1].evaluation.documents}
    try:
        ours, theirs = (restricted(system.evaluation, ids) for system in systems)
        paired = compare_systems(ours, theirs, (systems[0].name, systems[1].name))
    except EvaluationError as error:
        raise Refused("not_comparable", f"The two cannot be compared: {error}") from error
    vendors, changed = by_vendor(ours, theirs), changed_documents(ours, theirs)
    return Comparison(chosen, (one, other), ours, theirs, paired, tuple(vendors), tuple(changed))


def field_rows(found: Comparison) -> list[tuple[str, Estimate, Estimate, Estimate]]:
    """Name of a field, its accuracy with both, and the difference."""
    ours, theirs = ({field.name: field.accuracy for field in side.fields} for side in (found.first, found.second))
    nothing = Estimate(None)
    return [
        (name, ours.get(name, nothing), theirs.get(name, nothing), found.paired.differences.get(f"field:{name}", nothing))
        for name in dict.fromkeys([*ours, *theirs])
    ]


def answers_of(evaluation: ModelEvaluation) -> dict[str, Answered]:
    """What was wrong in each document, by its id. Raises ``Refused``."""
    return answered(evaluation_folder(evaluation) / ANSWERS)


def gold_ids(ids: Sequence[str]) -> dict[str, int]:
    """Ids of gold records by the ids of their lines in a data set (``gold-7``); synthetic documents have none."""
    return {one: int(one[5:]) for one in ids if one.startswith("gold-") and one[5:].isdecimal() and len(one) < 20}


def _pk(model: ModelVersion | None) -> int | None:
    return model.pk if model is not None else None


def _system(evaluation: ModelEvaluation) -> System:
    """Computed once for each state of the file: screens page through the same comparison."""
    path = evaluation_folder(evaluation) / EVIDENCE
    try:
        state = path.stat()
    except OSError:
        return system_from(evaluation)
    return _kept(path, state.st_mtime_ns, state.st_size, evaluation.folder)


@lru_cache(maxsize=4)
def _kept(_path: Path, _changed: int, _size: int, folder: str) -> System:
    return system_from(ModelEvaluation(folder=folder))
