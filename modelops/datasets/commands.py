"""What the commands of data sets share: freezing here and now, telling what came of it, and keeping a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from invoices.models import Vendor
from mlcore.dataset.directory import MANIFEST
from mlcore.new_file import write_json
from modelops.datasets.freezing import freeze
from modelops.datasets.rules import REASONS
from modelops.datasets.sides import held_out_vendors
from modelops.errors import Refused
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion

HELD_OUT = "held_out_vendors.json"
"""Names the vendors that nothing is learned from, and the version that they are tested with: ``evaluate --test-set``."""


def freeze_and_tell(version: DatasetVersion, say: Callable[[str], object]) -> DatasetVersion:
    """Freeze a version in this process and say what is in it; the same content is the version that has it already.

    Raises ``Refused`` (``dataset_failed``) when it cannot be made.
    """
    frozen = freeze(version.pk)
    if frozen.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_failed", frozen.error)
    if frozen.pk != version.pk:
        say(f"Nothing has changed: data set {frozen.number} holds exactly this.")
    counts = f"{frozen.documents} documents to train on, {frozen.validation_documents} to validate with, {frozen.test_documents} held out"
    say(f"Data set {frozen.number}: {counts} ({frozen.plan.get('test_source', 'gold')}); hash {frozen.data_hash[:16]}.")
    for code, count in sorted(frozen.left_out.items()):
        say(f"  left out {count}: {REASONS.get(code, code)}")
    say(f"  {dataset_folder(frozen)}")
    return frozen


def keep_held_out(version: DatasetVersion, out: Path) -> Path:
    """Copy a frozen version's directory to ``out`` and write ``held_out_vendors.json`` beside it; answers the path of that file.

    A directory that holds something else than a data set is refused (``out_taken``).
    """
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise Refused("out_taken", f"{out} holds something else; name a new or empty folder.")
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.jsonl"), *out.glob("*.jsonl.gz"), *out.glob(MANIFEST)):
        old.unlink()
    source = dataset_folder(version)
    for path in sorted(source.iterdir(), key=lambda one: one.name == MANIFEST):  # the description last: half a copy is no data set
        shutil.copyfile(path, out / path.name)
    return name_held_out(version, out / HELD_OUT)


def name_held_out(version: DatasetVersion, path: Path) -> Path:
    """Write ``held_out_json`` to a file, instead of an earlier one. Raises ``Refused`` (``out_taken``) where it cannot be."""
    try:
        write_json(path, held_out_json(version))
    except OSError as error:
        raise Refused("out_taken", f"{path} cannot be written ({error.strerror}); name a file in a folder that is there.") from error
    return path


def held_out_json(version: DatasetVersion) -> dict[str, object]:
    """``{version, data_hash, test_source, vendors: [{id, name}]}``; every vendor that is held out, whether the version has it or not."""
    names = dict(Vendor.objects.values_list("pk", "name"))
    vendors = [{"id": pk, "name": names[pk]} for pk in held_out_vendors()]
    told = {"version": version.number, "data_hash": version.data_hash, "test_source": version.plan.get("test_source", "gold")}
    return {**told, "vendors": vendors}
