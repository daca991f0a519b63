"""The model card: what a person should know before an adapter serves, told from facts alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlcore.artifacts.description import Description

_BASE_LICENCES = {"SmolLM2-135M-Instruct": "Apache-2.0"}
_SOURCES = {
    "synthetic": "synthetic invoices, made by the generator of this product; no real document and no patient is in them",
    "dataset": "a data set that `python -m mlcore build-dataset` made of files of labeled documents",
    "gold": "a file of confirmed records",
}
_LIMITS = """\
- Reads invoices that were printed in English, as text with its layout; handwriting and pictures are not read.
- A value is copied from the page or absent, so an invented number is impossible, a wrong one is not: a person confirms.
- What it was not trained on it reads worse: other languages, other kinds of documents, layouts unlike all it has seen.
- Not for medical, legal or payment decisions without a person."""


def model_card(
    description: Description,
    metrics: Mapping[str, Any] | None,
    thresholds: Mapping[str, Any] | None,
    size: int,
    learned: Mapping[str, Any] | None = None,
) -> str:
    """Markdown. ``size`` is that of the weights in bytes, ``learned`` the ``report`` of a confidence: what the scorer was learned from."""
    base, recipe = description.base, description.recipe
    licence = _BASE_LICENCES.get(base.name, "that of the base model: see there")
    return "\n".join(
        (
            f"# Invoice adapter `{recipe.name}` for {base.name}",
            "",
            f"A low-rank adapter ({size / 1e6:.1f} MB, float16, format of peft) that copies the fields of a medical invoice from its text.",
            "",
            "| | |",
            "|---|---|",
            f"| base model | {base.name}, revision {base.revision}, SHA-256 `{base.sha256}` |",
            f"| licence of the base | {licence} |",
            "| licence of the adapter | Apache-2.0, as far as the base and the documents allow |",
            *_lineage_rows(description),
            f"| answer form, prompt | `{description.form}`, `{description.prompt_version}` |",
            *_data_rows(description),
            *_training_rows(description.training),
            *_learned_rows(learned or {}),
            "",
            "## Recipe",
            "",
            "```json",
            json.dumps(recipe.to_json(), indent=2),
            "```",
            "",
            "## Epochs",
            "",
            *_epochs(description.training.get("epochs") or []),
            "",
            "## Measured",
            "",
            *_measured(metrics),
            "",
            "## Thresholds",
            "",
            *_thresholds(thresholds),
            "",
            "## Limits",
            "",
            _LIMITS,
            "",
        )
    )


def _lineage_rows(description: Description) -> list[str]:
    if not description.lineage:
        return []
    told = [f"`{one.model_id}` ({one.documents} documents, {one.source or 'source not said'})" for one in description.lineage]
    return [f"| started from | {', '.join(told)}; what these were trained on it has learned from too |"]


def _data_rows(description: Description) -> list[str]:
    data = description.data
    source = _SOURCES.get(str(data.get("source")), "not said")
    counts = ", ".join(f"{data[name]} {name}" for name in ("documents", "vendors", "layouts") if name in data)
    return [f"| documents | {source}{f': {counts}' if counts else ''} |", f"| hash of the documents | `{description.data_hash}` |"]


def _training_rows(training: Mapping[str, Any]) -> list[str]:
    rows = []
    if "documents" in training:
        rows.append(f"| trained on, validated on | {training['documents']} and {training.get('validation_documents', 0)} documents |")
    if "tokens" in training:
        ended = "" if training.get("finished") else " (the run was not ended)"
        rows.append(f"| steps, tokens | {training.get('steps')} of {training.get('total_steps')}{ended}, {training['tokens']:,} |")
    if "wall_seconds" in training:
        where = f"{training.get('processes')} x {training.get('device')}, {training.get('precision')}"
        cost = f", cost {training['cost']:.2f}" if "cost" in training else ""
        rows.append(f"| took | {training['wall_seconds']:.0f} s ({where}), {training.get('memory', 0) / 2**30:.1f} GiB{cost} |")
    if "trainable" in training:
        rows.append(f"| weights that learned | {training['trainable']:,} of {training['parameters']:,} |")
    return rows


def _epochs(epochs: list[Mapping[str, Any]]) -> list[str]:
    if not epochs:
        return ["No epoch was completed."]
    rows = ["| epoch | step | training loss | validation loss | kept |", "|---|---|---|---|---|"]
    best = max((place for place, end in enumerate(epochs) if end["best"]), default=None)
    for place, end in enumerate(epochs):
        loss = "-" if end["validation_loss"] is None else f"{end['validation_loss']:.4f}"
        rows.append(f"| {end['epoch'] + 1} | {end['step']} | {end['train_loss']:.4f} | {loss} | {'yes' if place == best else ''} |")
    return rows


def _learned_rows(report: Mapping[str, Any]) -> list[str]:
    parts = [report.get(name) for name in ("learned", "tested")]
    counts = [f"{part['documents']} documents of {part['vendors']} vendors" for part in parts if isinstance(part, Mapping)]
    if len(counts) < len(parts):
        return []
    sources = ", ".join(str(name) for name in report.get("sources", ()))
    rows = [f"| confidence learned from, tested on | {' and '.join(counts)}{f' ({sources})' if sources else ''} |"]
    if report.get("reads") is False:
        rows.append("| serves | by weighing the template reader's candidates; it reads nothing itself |")
    return rows


def _measured(data: Mapping[str, Any] | None) -> list[str]:
    """Of an evaluation the accuracies of its systems, of any other object what is plain in it."""
    if not data:
        return ["Nothing is measured in this artifact."]
    if isinstance(data.get("systems"), list):
        rows = ["| | documents | fields | end to end |", "|---|---|---|---|"]
        for system in data["systems"]:
            overall = system["evaluation"]["overall"]
            shares = " | ".join(f"{overall[name]['value']:.1%}" for name in ("field_accuracy", "end_to_end"))
            rows.append(f"| {system['name']} | {system['evaluation']['count']} | {shares} |")
        return [*rows, "", f"`{data['command']}`; with intervals in the file of that name beside this card."]
    short = {name: value for name, value in data.items() if _is_plain(value)}
    rows = [f"| {name} | {value} |" for name, value in short.items()]
    return ["| | |", "|---|---|", *rows] if rows else ["In the file of that name beside this card."]


def _thresholds(data: Mapping[str, Any] | None) -> list[str]:
    rows = ["| documents | certified | with n = | from score | accepted |", "|---|---|---|---|---|"]
    for name, one in ((name, (data or {}).get(name)) for name in ("accepted", "review")):
        if isinstance(one, Mapping) and one.get("certified"):
            share = f"{one['accepted']} of {one['count']}"
            rows.append(
                f"| {name} | {one['precision']:.0%} at {one['confidence']:.0%} | {one['count']} | {one['threshold']:.4f} | {share} |"
            )
        elif isinstance(one, Mapping):
            rows.append(f"| {name} | not certifiable with n = {one['count']} | {one['count']} | - | - |")
    return rows if len(rows) > 2 else ["No threshold is certified: every document is for a person to see."]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
