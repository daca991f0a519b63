"""What the model that a run starts from must not know: vendors that the data set holds out, or validates with.

A data set keeps its own sides apart; a model brings what it has learned elsewhere, or from a version in which the sides were others.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from invoices.models import Vendor
from mlcore.dataset.directory import Split
from modelops.errors import Refused
from modelops.models import DatasetItem, DatasetVersion, ModelVersion, Side
from modelops.registry.learned_from import vendors_of
from modelops.registry.lineage import vendors_in_weights

_TOLD = 5


def refuse_start_leaks(version: DatasetVersion, start: ModelVersion) -> None:
    """Raises ``Refused`` (``start_leaks``) with every reason in ``extra["reasons"]``."""
    if reasons := start_leaks(version, start):
        told = f"{' '.join(reasons)} Start from the base, or from a model that has not learned from them."
        raise Refused("start_leaks", told, {"reasons": reasons})


def start_leaks(version: DatasetVersion, start: ModelVersion) -> list[str]:
    """Sentences; nothing where the model knows none of them. Nine statements at most.

    Held-out vendors must be new to all of the model: weights, confidence, and the choice among epochs. Vendors that validate may have
    validated before, because a vendor is on one side for good; what counts is that the weights have not learned from them.
    """
    everything, weights = frozenset(start.trained_vendors), vendors_in_weights(start)
    tested = _known(version, Split.TEST, everything)
    validated = _known(version, Split.VALIDATION, weights)
    found = []
    if tested:
        found.append(f"Model {start.number} has learned from {_vendors(tested)} that data set {version.number} holds out.")
    if validated:
        found.append(f"Model {start.number} was trained on {_vendors(validated)} that data set {version.number} validates with.")
    return found


def _known(version: DatasetVersion, split: Split, learned: Collection[str]) -> set[str]:
    """Keys of the vendors of a split that are among ``learned``, or were merged, or put into one group, with one of them since."""
    found = set(vendors_of(version, (split,))) & set(learned)
    mine = Vendor.objects.filter(pk__in=[int(key) for key in learned if key.isascii() and key.isdigit() and len(key) < 18])
    places = mine.annotate(home=Coalesce(F("merged_into"), F("pk"))).values_list("home", "side__group")
    homes, groups = {home for home, _ in places}, {group for _, group in places if group}
    there = DatasetItem.objects.filter(version=version, side=Side(split.value), vendor__isnull=False)
    alike = Q(home__in=homes) | Q(side__group__in=groups) if split is Split.TEST else Q(home__in=homes)
    same = Vendor.objects.filter(pk__in=there.values("vendor")).annotate(home=Coalesce(F("merged_into"), F("pk"))).filter(alike)
    return found | {str(pk) for pk in same.values_list("pk", flat=True)}


def _vendors(keys: set[str]) -> str:
    named = sorted(keys, key=lambda key: (len(key), key))
    more = " and more" if len(named) > _TOLD else ""
    return f"{len(named)} vendor{'' if len(named) == 1 else 's'} ({', '.join(named[:_TOLD])}{more})"
