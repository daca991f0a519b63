"""Which model a candidate is held against."""

from __future__ import annotations

from invoices.serving import serving_model
from modelops.models import ModelVersion
from modelops.registry.registering import stored_name


def present_champion() -> ModelVersion | None:
    """The champion; before there is one, the registered model that serves; ``None``: the templates alone."""
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()
    if champion is not None:
        return champion
    serving = serving_model()
    return ModelVersion.objects.filter(folder=stored_name(serving)).order_by("-number").first() if serving is not None else None
