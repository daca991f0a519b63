"""The model that came with the product, as one of the registry."""

from __future__ import annotations

from mlcore.shipped import chosen_artifact
from modelops.models import ModelVersion
from modelops.registry.registering import register


def register_shipped() -> ModelVersion | None:
    """Its row; ``None`` in a tree without it. Idempotent. Raises ``Refused`` when its files are not sound."""
    folder = chosen_artifact("")
    return register(folder, origin=ModelVersion.Origin.SHIPPED) if folder is not None else None
