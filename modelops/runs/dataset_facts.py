"""What is known of a data set before a run: its rows, its directory, and whether what it is tested on was learned from."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, F

from labeling.models import Adjudication
from labeling.suspects.disputed import IN_DISPUTE
from mlcore.dataset.directory import read_manifest
from mlcore.dataset.leaks import check_leaks
from mlcore.errors import DatasetError
from modelops.datasets.leaks import refuse_leaks
from modelops.errors import Refused
from modelops.folders import dataset_folder
from modelops.models import DatasetItem, DatasetVersion, Side
from modelops.runs.facts import DatasetFacts, LabelFacts, Share

LARGEST: Final = 8
LEAKS: Final = "dataset_leaks"


def dataset_facts(version: DatasetVersion) -> tuple[DatasetFacts, dict[str, Any]]:
    """The facts and its manifest (empty where there is none). Nine statements; the directory is read through once for each state of it."""
    manifest = _manifest(version)
    items = DatasetItem.objects.filter(version=version, removed_at=None)
    splits = manifest.get("splits", {})
    newer = DatasetVersion.objects.filter(number__gt=version.number, state=DatasetVersion.State.FROZEN).order_by("-number")
    facts = DatasetFacts(
        number=version.number,
        usable=bool(manifest),
        leak=_leak(version) if manifest else "",
        documents={name: int(told["documents"]) for name, told in splits.items()},
        vendors={name: len(told["vendors"]) for name, told in splits.items()},
        types={name: dict(told["line_types"]) for name, told in splits.items()},
        gold=dict(items.order_by().values_list("side").annotate(Count("pk"))),
        largest=tuple(_largest(version)),
        newer=newer.values_list("number", flat=True).first(),
    )
    return facts, manifest


def label_facts(version: DatasetVersion) -> LabelFacts:
    """Three statements."""
    states = Adjudication.objects.exclude(state=Adjudication.State.RESOLVED).order_by().values_list("state").annotate(Count("pk"))
    waiting = Counter(dict(states))
    items = DatasetItem.objects.filter(version=version, removed_at=None)
    disputed = items.filter(gold__suspicion__state__in=IN_DISPUTE).order_by().values_list("side").annotate(Count("pk"))
    superseded = items.filter(gold__is_current=False).count()
    return LabelFacts(sum(waiting.values()), waiting[Adjudication.State.WAITING], dict(disputed), superseded)


def judged_vendors(version: DatasetVersion, least: int) -> int:
    """How many held-out vendors have at least so many gold records. One statement."""
    items = DatasetItem.objects.filter(version=version, side=Side.TEST, removed_at=None).order_by()
    return items.values("vendor_key").annotate(documents=Count("pk")).filter(documents__gte=least).count()


def _largest(version: DatasetVersion) -> list[Share]:
    items = DatasetItem.objects.filter(version=version, side=Side.TRAIN, removed_at=None)
    rows = items.values("vendor_key", name=F("vendor__name")).annotate(documents=Count("pk")).order_by("-documents", "vendor_key")
    return [Share(row["name"] or row["vendor_key"], row["documents"]) for row in rows[:LARGEST]]


def _manifest(version: DatasetVersion) -> dict[str, Any]:
    """What its directory says; empty where it is not frozen, or not what was frozen: ``readiness`` says which."""
    if version.state != DatasetVersion.State.FROZEN:
        return {}
    try:
        manifest = read_manifest(dataset_folder(version))
    except DatasetError:
        return {}
    return manifest if manifest["data_hash"] == version.data_hash else {}


def _leak(version: DatasetVersion) -> str:
    """What is learned from and tested on, in a sentence; ``""`` for nothing. Sides may have changed since it was frozen."""
    try:
        refuse_leaks(version, files=False)
    except Refused as error:
        return error.detail if error.code == LEAKS else ""  # whatever else it refuses, ``readiness`` does too
    folder = dataset_folder(version)
    stamps = tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.iterdir()) if path.is_file())
    return _leak_of(str(folder), version.data_hash, stamps)


@lru_cache(maxsize=32)
def _leak_of(folder: str, _data_hash: str, _stamps: tuple[tuple[str, int, int], ...]) -> str:
    """Reads the whole directory: seconds for thousands of documents, so it is kept for as long as no file of it changes."""
    try:
        check_leaks(Path(folder))
    except DatasetError as error:
        return str(error).replace(folder, "directory")
    return ""
