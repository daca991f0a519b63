"""Which versions are merged when nobody says which."""

from __future__ import annotations

from django.db.models import Q

from modelops.errors import Refused
from modelops.models import DatasetVersion


def newest_pair() -> tuple[DatasetVersion, DatasetVersion | None]:
    """The newest frozen version and the one that it is to be merged with: the newest before it that is a whole set (merged, or of all gold)
    and not a collection of some days alone; failing that the newest before it; ``None`` when it is the only one, or a whole set itself.

    Raises ``Refused`` (``nothing_to_merge``) without any.
    """
    frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).order_by("-number")
    newest = frozen.first()
    if newest is None:
        raise Refused("nothing_to_merge", "There is no frozen data set; collect corrections first.")
    if newest.since is None or newest.parent_id is not None:
        return newest, None
    before = frozen.filter(number__lt=newest.number)
    return newest, before.filter(Q(since=None) | Q(parent__isnull=False)).first() or before.first()
