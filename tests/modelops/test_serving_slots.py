"""What the database itself refuses about deployments."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from modelops.models import Deployment, ModelVersion

pytestmark = pytest.mark.django_db


def model(number: int, state: str = ModelVersion.State.CANDIDATE) -> ModelVersion:
    return ModelVersion.objects.create(number=number, model_id=f"adapter-{number}", state=state, origin="trained", folder=f"m{number}")


def test_a_slot_has_one_active_deployment() -> None:
    Deployment.objects.create(kind=Deployment.Kind.FIRST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.create(kind=Deployment.Kind.ROLLBACK)


def test_a_model_is_not_promoted_without_a_pass_or_a_reason() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.create(kind=Deployment.Kind.PROMOTION, model=model(1))


def test_there_is_one_champion() -> None:
    model(1, ModelVersion.State.CHAMPION)
    with pytest.raises(IntegrityError), transaction.atomic():
        model(2, ModelVersion.State.CHAMPION)
