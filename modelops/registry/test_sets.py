"""The file that says what a model is evaluated on: ``{"version": N, "data_hash": "...", "vendors": [{"id": 7, "name": "Apex"}]}``.

``collect_corrections`` and ``merge_datasets`` write it beside what they made. It names the held-out vendors, so that whoever reads it sees
what a verdict is about; it does not choose among them: a model is judged on all of them or not at all.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlcore.dataset.directory import Split, read_manifest
from mlcore.errors import DatasetError
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion

_MOST_BYTES = 10_000_000


def version_of_test_set(path: Path) -> DatasetVersion:
    """The data set version that a file names, once it was found to be the same one with the same held-out vendors.

    Raises ``RequestInvalid`` (``test_set_invalid``), ``NotFound`` (``dataset_not_found``), ``Refused`` (``test_set_differs``).
    """
    told = _read(path)
    version = DatasetVersion.objects.filter(number=told["version"]).first()
    if version is None:
        raise NotFound("dataset_not_found", f"{path} names data set {told['version']}, which this station does not have.")
    if version.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {version.number} is not frozen yet; wait until it is.")
    if told["data_hash"] != version.data_hash:
        raise Refused(
            "test_set_differs",
            f"{path} is about another data set of the number {version.number}: its hash is {told['data_hash'][:12]}, here it is "
            f"{version.data_hash[:12]}. Write it again with merge_datasets.",
        )
    try:
        held_out = set(read_manifest(dataset_folder(version))["splits"][Split.TEST.value]["vendors"])
    except DatasetError as error:
        raise Refused("dataset_unreadable", f"The files of data set {version.number} cannot be read: {error}") from error
    missing = sorted(held_out - set(told["vendors"])) if version.plan.get("test_source", "gold") == "gold" else []
    if missing:
        raise Refused(
            "test_set_differs",
            f"{path} leaves out held-out vendors of data set {version.number}: {', '.join(missing[:5])}. A model is judged on all of them; "
            "write the file again with merge_datasets.",
        )
    return version


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"it has {path.stat().st_size} bytes")
        told = json.loads(path.read_text(encoding="utf-8"))
        number, digest, vendors = told["version"], told["data_hash"], told["vendors"]
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**31:
            raise ValueError(f"its version is {str(number)[:20]!r}")
        if not isinstance(digest, str) or not isinstance(vendors, list):
            raise ValueError("its data_hash is no text or its vendors are no list")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestInvalid(
            "test_set_invalid",
            f'{path} is no test set ({error}); it has to hold {{"version": N, "data_hash": "...", "vendors": [...]}} as merge_datasets '
            "writes it.",
        ) from error
    keys = [str(one.get("id", "")) if isinstance(one, dict) else str(one) for one in vendors]
    return {"version": number, "data_hash": digest, "vendors": keys}
