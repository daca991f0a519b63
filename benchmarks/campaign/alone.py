"""What the models say by themselves: each served model reads the documents of its round, without templates, once the day is over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.campaign.measuring import Said
from benchmarks.team.running import Running
from benchmarks.web_station import command
from mlcore.artifacts import load_artifact
from mlcore.evaluation.kept_readings import Kept
from mlcore.serving import reading_name


def read_alone(station: Running, artifact: Path, golds: Iterable[Mapping[str, Any]], folder: Path) -> list[Said]:
    """The model of ``artifact`` on documents of the station, by the product's own command; readings are kept in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {int(gold["document"]): gold["example"] for gold in golds}
    if not wanted:
        return []
    lines, out = folder / "documents.jsonl", folder / "readings.jsonl"
    lines.write_text("".join(json.dumps({"id": str(document), **example}) + "\n" for document, example in wanted.items()))
    models = str(station.data / "models")
    command(station.env, "-m", "mlcore", "read", str(lines), "--artifact", str(artifact), "--out", str(out), "--models", models)
    reader = reading_name(load_artifact(artifact))
    known = {json.loads(line)["id"]: json.loads(line)["document"] for line in out.read_text().splitlines()}
    found = Kept.of([out], reader).read
    return [Said(document, found[known[str(document)]].record) for document in wanted if str(document) in known]
