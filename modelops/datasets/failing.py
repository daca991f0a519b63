"""A version that will not be made, said without what making one needs."""

from __future__ import annotations

from modelops.models import DatasetVersion


def fail_version(version_id: int, message: str) -> None:
    """The work on a version stopped for good. Nothing happens to one that is done."""
    left = DatasetVersion.objects.filter(pk=version_id, state=DatasetVersion.State.COLLECTING)
    left.update(state=DatasetVersion.State.FAILED, error=message[:600])
