"""A new evaluation against one that was kept: champion and challenger on the documents that both have read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlcore.errors import EvaluationError
from mlcore.evaluation.metrics import evaluation_from_json, restricted
from mlcore.evaluation.paired import Paired, compare_systems
from mlcore.evaluation.scores import Evaluation
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS

CRITICAL_FIELDS = tuple(
    [one.name for one in HEADER_FIELDS if one.critical] + [f"line_items.{one.name}" for one in LINE_ITEM_FIELDS if one.critical]
)
"""Fields in which a challenger may not be worse; their differences are ``Paired.differences["field:" + name]``."""


def kept_evaluations(data: Mapping[str, Any]) -> dict[str, Evaluation]:
    """The systems of a kept ``evaluation.json`` by name. Raises ``EvaluationError``."""
    try:
        return {str(one["name"]): evaluation_from_json(one["evaluation"]) for one in data["systems"]}
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"This is no kept evaluation ({error!r}); give an evaluation.json of python -m mlcore evaluate.") from error


def champion_for(name: str, kept: Mapping[str, Evaluation], wanted: str = "") -> str:
    """The kept system that ``name`` is held against: ``wanted``, else the one of the same name, else the only one.

    Raises ``EvaluationError`` that lists the names where none of these is there.
    """
    chosen = wanted or name
    if not wanted and name not in kept and len(kept) == 1:
        chosen = next(iter(kept))
    if chosen not in kept:
        there = ", ".join(map(repr, kept)) or "none"
        raise EvaluationError(f"The kept evaluation has no system {chosen!r}; it has {there}. Name the one to compare with after @.")
    return chosen


def against(name: str, challenger: Evaluation, champion_name: str, champion: Evaluation) -> Paired:
    """The challenger (``second``) less the champion (``first``), on the documents that both have.

    Raises ``EvaluationError`` when they have none in common, or when a common document was scored against other labels.
    """
    shared = {document.id for document in champion.documents} & {document.id for document in challenger.documents}
    if not shared:
        raise EvaluationError(f"No document was read by both {name!r} and the kept {champion_name!r}; evaluate on the same file.")
    ours, theirs = restricted(challenger, shared), restricted(champion, shared)
    return compare_systems(theirs, ours, (f"{champion_name} (kept)", name))
