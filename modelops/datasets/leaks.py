"""The last look before anything is learned from a version: no held-out vendor in training, whatever has changed since it was frozen."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from invoices.models import Vendor
from mlcore.dataset.directory import read_manifest
from mlcore.dataset.leaks import check_leaks
from mlcore.errors import DatasetError
from modelops.datasets.removal_marks import removed_but_unmarked
from modelops.datasets.start_leaks import refuse_start_leaks
from modelops.errors import Refused
from modelops.folders import dataset_folder
from modelops.models import DatasetItem, DatasetVersion, ModelVersion, Side, VendorSide

_TOLD = 8


def refuse_leaks(version: DatasetVersion, *, files: bool = True, start: ModelVersion | None = None) -> None:
    """Raise ``Refused`` unless the version may be trained on; ``extra["reasons"]`` has every reason.

    ``dataset_not_frozen``; ``dataset_has_removed_documents`` (some had to go since); ``dataset_leaks``: a training document of a vendor
    whose side is another, or that belongs together with a held-out vendor by now. With ``files`` the whole directory is read (a worker's
    work): its hashes, and every text, layout and company name of the test side against the others; without, its description alone.
    ``start_leaks``: the model that the run starts from has learned from what it would be tested on, or validated with.
    """
    if version.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {version.number} is not frozen, so nothing can be learned from it.")
    if version.removed_documents or removed_but_unmarked(version):
        told = f"{version.removed_documents or 'Some'} documents of data set {version.number} had to go after it was frozen."
        raise Refused("dataset_has_removed_documents", f"{told} Put a new one together and train on that.")
    reasons = [*_off_side(version), *_alike(version), *_files(version, files)]
    if reasons:
        more = f" And {len(reasons) - _TOLD} more." if len(reasons) > _TOLD else ""
        told = f"Data set {version.number} would let the test be learned by heart: {' '.join(reasons[:_TOLD])}{more}"
        raise Refused("dataset_leaks", f"{told} Put a new one together.", {"reasons": reasons})
    if start is not None:
        refuse_start_leaks(version, start)


def _items(version: DatasetVersion) -> QuerySet[DatasetItem]:
    return DatasetItem.objects.filter(version=version)


def _off_side(version: DatasetVersion) -> Iterator[str]:
    """Items on another side than their vendor's: what the database refuses, looked at all the same."""
    own = VendorSide.objects.filter(vendor=OuterRef("vendor"), side=OuterRef("side"))
    wrong = _items(version).filter(~Exists(own), vendor__isnull=False, side__in=[Side.TRAIN, Side.VALIDATION])
    for vendor in wrong.order_by("vendor_id").values_list("vendor_id", flat=True).distinct()[: _TOLD + 1]:
        yield f"Vendor {vendor} is in it on another side than its own."


def _alike(version: DatasetVersion) -> Iterator[str]:
    """Vendors that are trained on and were merged, or put into one group, with one that is held out since."""
    held = VendorSide.objects.filter(side=Side.TEST)
    trained = _items(version).filter(side=Side.TRAIN).exclude(vendor=None)
    standing = Coalesce(F("merged_into"), F("pk"))
    homes = set(Vendor.objects.filter(side__side=Side.TEST).annotate(home=standing).values_list("home", flat=True))
    groups = set(held.exclude(group="").values_list("group", flat=True))
    rows = Vendor.objects.filter(pk__in=trained.values("vendor")).annotate(home=standing)
    for pk, home, group in rows.order_by("pk").values_list("pk", "home", "side__group"):
        if home in homes:
            yield f"Vendor {pk} is trained on and was merged with a held-out vendor."
        elif group in groups:
            yield f"Vendor {pk} is trained on and looks or is called like a held-out vendor."


def _files(version: DatasetVersion, whole: bool) -> list[str]:
    folder = dataset_folder(version)
    try:
        told = read_manifest(folder)["data_hash"]
        if told != version.data_hash:
            return [f"Its directory {version.folder} is not the one that was frozen (hash {told[:12]}, {version.data_hash[:12]} expected)."]
        if whole:
            check_leaks(folder)
    except DatasetError as error:
        return [str(error).replace(str(folder), version.folder)]
    return []
