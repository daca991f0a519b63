"""What an evaluation left in its folder, read back. Needs no torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from mlcore.errors import MlcoreError
from mlcore.gate import System
from modelops.errors import Refused
from modelops.folders import evaluation_folder
from modelops.models import ModelEvaluation

EVIDENCE: Final = "evidence.json"
"""``mlcore.gate.System.to_json`` with two more keys: ``served`` (routes, quality of the confidences, their histogram) and ``held_out``."""
ANSWERS: Final = "wrong.jsonl"
REPORT: Final = "report.html"
TEMPLATES: Final = "The templates alone"


def is_whole(folder: Path) -> bool:
    """Whether what a verdict and a comparison need is there; the report may have been taken away with a document that it named."""
    return all((folder / name).is_file() for name in (EVIDENCE, ANSWERS))


def evidence_json(evaluation: ModelEvaluation) -> dict[str, Any]:
    """The file as it is: cheap. Raises ``Refused`` (``evidence_missing``)."""
    path = evaluation_folder(evaluation) / EVIDENCE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("evaluation"), dict):
            return found
        problem = "it holds no evaluation"
    except (OSError, ValueError) as error:
        problem = str(error)
    raise Refused("evidence_missing", f"The evidence of an evaluation cannot be read ({problem}). Evaluate the model again.")


def system_from(evaluation: ModelEvaluation) -> System:
    """What the gate is shown; computes every interval again, a second for each few hundred documents. Raises ``Refused``."""
    try:
        return System.from_json(evidence_json(evaluation))
    except MlcoreError as error:
        raise Refused("evidence_missing", f"{error} Evaluate the model again.") from error
