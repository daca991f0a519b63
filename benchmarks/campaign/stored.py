"""What the machine said about every document of a station, and what became gold:  python -m benchmarks.campaign.stored

Runs in a process of its own with the environment of the station; one JSON object. Nothing here is shown to the simulated people.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def readings() -> list[dict[str, Any]]:
    """Every prediction in the order in which it was made."""
    from invoices.models import Prediction

    rows = Prediction.objects.order_by("pk").values("document_id", "model_id", "record", "route", "created_at")
    return [{**row, "created_at": row["created_at"].timestamp()} for row in rows.iterator()]


def golds() -> list[dict[str, Any]]:
    """Every gold record that counts: of which document, when it was settled first, what it says, and the words it was read from."""
    from labeling.gold import all_examples
    from labeling.models import GoldRecord
    from mlcore.documents import gold_to_json

    first: dict[int, float] = {}
    for document, at in GoldRecord.objects.order_by("-pk").values_list("document_id", "created_at"):
        first[document] = at.timestamp()
    return [
        {"document": gold.document_id, "at": first[gold.document_id], "record": gold.record, "example": gold_to_json(example)}
        for gold, example in all_examples()
    ]


def models() -> dict[str, str]:
    """Artifact directories by the names of their models."""
    from modelops.folders import artifact_folder
    from modelops.models import ModelVersion

    return {model.model_id: str(artifact_folder(model)) for model in ModelVersion.objects.order_by("pk")}


if __name__ == "__main__":
    django.setup()
    json.dump({"readings": readings(), "golds": golds(), "models": models()}, sys.stdout)
