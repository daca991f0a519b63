"""Putting a version together and freezing it: rows and directory appear together, or not at all."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from mlcore.errors import DatasetError
from modelops.datasets.rules import Rules
from modelops.datasets.sorting import LeftOut, Sorted, sort_gold
from modelops.datasets.synthetic_numbers import synthetic_of
from modelops.datasets.writing import Written, counts_of, write_version
from modelops.errors import Refused
from modelops.folders import datasets_folder
from modelops.models import DatasetItem, DatasetVersion, DocumentRemoval, Side

Fence = Callable[[], None]
"""Called inside each transaction that writes; raises to refuse a late result."""

_AT_ONCE = 500
_TORN_AFTER = 86_400
"""Seconds after which a half-written directory of a process that died is taken away."""


class DocumentRemoved(Refused):
    """A document was removed while the version was put together: begin again."""


def freeze(version_id: int, fence: Fence | None = None) -> DatasetVersion:
    """Put a version together, hold it against leaks, and freeze it. Slow; for workers and commands.

    Idempotent: a version that is done already is answered as it is. When an earlier version holds exactly the same, that one is answered,
    and this one says so (``same_as``). A version that cannot be made (nothing to learn from, or it would leak) is ``failed`` and says why.
    Raises ``DatasetVersion.DoesNotExist``, ``DocumentRemoved`` (try again), ``OSError`` where the disk refuses, and what ``fence`` raises.
    """
    version = DatasetVersion.objects.get(pk=version_id)
    if version.state != DatasetVersion.State.COLLECTING:
        return version.same_as or version
    removed = DocumentRemoval.objects.count()
    rules = _rules(version)
    with _half_made(version.number) as half:
        found = sort_gold(version, rules, fence)
        try:
            written = write_version(half, found, synthetic_of(version.plan.get("synthetic")), rules)
        except DatasetError as error:
            return _failed(version_id, str(error), found.left_out, fence)
        with transaction.atomic():
            return _store(version_id, half, found, written, removed, fence)


def _rules(version: DatasetVersion) -> Rules:
    known = version.plan.get("rules") or {}
    return Rules(**known)


def _store(version_id: int, half: Path, found: Sorted, written: Written, removed: int, fence: Fence | None) -> DatasetVersion:
    """Inside a transaction. Removing a document takes the same row first, so that neither misses the other."""
    version = DatasetVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    if fence is not None:
        fence()
    if version.state != DatasetVersion.State.COLLECTING:
        return version.same_as or version
    if DocumentRemoval.objects.count() != removed:
        raise DocumentRemoved("document_removed", "A document was removed while the data set was put together; it is put together again.")
    data_hash = str(written.manifest["data_hash"])
    version.left_out = {reason: count for reason, count in sorted(found.left_out.counts.items()) if count}
    version.plan = _plan(version.plan, found, written)
    frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, data_hash=data_hash, removed_documents=0)
    same = frozen.order_by("number").first()
    if same is not None:
        version.state, version.same_as, version.frozen_at = DatasetVersion.State.SAME, same, timezone.now()
        version.save()
        return same
    _insert_items(version, written)
    counts = counts_of(written, written.manifest)
    sides = counts["sides"]
    version.counts, version.data_hash, version.frozen_at = counts, data_hash, timezone.now()
    version.documents = sides[Side.TRAIN.value]["documents"]
    version.validation_documents = sides[Side.VALIDATION.value]["documents"]
    version.test_documents = sides[Side.TEST.value]["documents"]
    version.folder = f"{version.number:04d}-{data_hash[:12]}"
    version.state = DatasetVersion.State.FROZEN
    version.save()
    place = datasets_folder() / version.folder
    shutil.rmtree(place, ignore_errors=True)  # of an attempt whose transaction was not committed
    half.rename(place)
    return version


def _insert_items(version: DatasetVersion, written: Written) -> None:
    """The database holds every item against the side of its vendor."""
    part: list[DatasetItem] = []
    for side in Side:
        for one in written.items[side]:
            part.append(
                DatasetItem(
                    version=version, gold_id=one.gold_id, vendor_id=one.vendor_id, vendor_key=one.key, side=side, layout=one.layout[:80],
                    weight=one.weight, reason=one.reason[:120],
                )
            )  # fmt: skip
            if len(part) == _AT_ONCE:
                DatasetItem.objects.bulk_create(part)
                part = []
    DatasetItem.objects.bulk_create(part)


def _plan(plan: dict[str, Any], found: Sorted, written: Written) -> dict[str, Any]:
    examples = dict(sorted(found.left_out.documents.items()))
    return {**plan, "test_source": written.test_source, "left_out_documents": examples}


def _failed(version_id: int, message: str, left_out: LeftOut, fence: Fence | None) -> DatasetVersion:
    with transaction.atomic():
        version = DatasetVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
        if fence is not None:
            fence()
        if version.state == DatasetVersion.State.COLLECTING:
            version.state, version.error = DatasetVersion.State.FAILED, message[:600]
            version.left_out = {reason: count for reason, count in sorted(left_out.counts.items()) if count}
            version.plan = {**version.plan, "left_out_documents": dict(sorted(left_out.documents.items()))}
            version.save()
    return version


@contextmanager
def _half_made(number: int) -> Iterator[Path]:
    """A directory of this attempt's own beside the finished ones; gone at the end unless it became one."""
    root = datasets_folder()
    root.mkdir(parents=True, exist_ok=True)
    for torn in root.glob(".part-*"):
        if time.time() - torn.stat().st_mtime > _TORN_AFTER:
            shutil.rmtree(torn, ignore_errors=True)
    half = root / f".part-{number}-{uuid.uuid4().hex[:8]}"
    half.mkdir()
    try:
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)
