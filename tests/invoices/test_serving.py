"""What serves: the setting, then what was deployed, then what came with the product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from invoices.models import ServingModel
from invoices.serving import Source, accepts_documents, falls_to_canary, fixed_by, serving, serving_model
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.routes import Thresholds
from mlcore.shipped import SHIPPED
from modelops.models import Deployment, ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_setting(settings: LazySettings) -> None:
    settings.MODEL = ""


def deployed(slot: str, model_id: str, folder: str, share: int = 100) -> None:
    """As ``modelops.deployment`` writes it down."""
    if model_id:
        number = ModelVersion.objects.count() + 1
        model = ModelVersion.objects.create(number=number, model_id=model_id, origin="shipped", folder=folder)
        Deployment.objects.create(slot=slot, kind="first", model=model, share=share)
    ServingModel.objects.create(slot=slot, model_id=model_id, folder=folder, share=share, changed_at=timezone.now())


def test_the_setting_goes_first_and_asks_no_database(settings: LazySettings, django_assert_num_queries: Any) -> None:
    deployed("champion", "adapter-1", "/one")
    settings.MODEL = " /srv/ours "
    with django_assert_num_queries(0):
        now = serving()
    assert (now.source, now.champion and now.champion.folder, fixed_by()) == (Source.SETTING, Path("/srv/ours"), "COUNTERSIGN_MODEL")
    settings.MODEL = "none"
    assert (serving().models, fixed_by()) == ((), "COUNTERSIGN_MODEL")


def test_what_was_deployed_goes_before_what_came_with_the_product(settings: LazySettings, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        first = serving()
    assert (first.source, serving_model()) == (Source.SHIPPED, SHIPPED)
    assert first.champion is not None
    assert first.champion.model_id.startswith("adapter-"), "its name is what its manifest says"
    deployed("champion", "adapter-1", "m-1")
    assert serving_model() == Path(settings.DATA_DIR) / "artifacts" / "m-1"
    assert fixed_by() == ""


def test_templates_alone_can_be_what_was_deployed() -> None:
    deployed("champion", "", "")
    assert (serving().source, serving().champion, serving_model()) == (Source.DEPLOYED, None, None)
    assert not accepts_documents()


def test_a_canary_beside_it_reads_its_share_and_no_other_document() -> None:
    deployed("champion", "adapter-1", "/one")
    deployed("canary", "adapter-2", "/two", share=20)
    now = serving()
    for number in range(200):
        sha256 = f"{number:064x}"
        wanted = now.canary if falls_to_canary(sha256, "adapter-2", 20) else now.champion
        assert now.of(sha256) == wanted == serving().of(sha256)
    assert all(falls_to_canary(f"{number:064x}", "adapter-2", 100) for number in range(50))
    assert not any(falls_to_canary(f"{number:064x}", "adapter-2", 0) for number in range(50))


def test_acceptance_is_that_of_the_model_that_read(tmp_path: Path) -> None:
    folder = tmp_path / "canary"
    folder.mkdir()
    certificate = Certificate(precision=0.95, confidence=0.95, threshold=0.9, count=100, accepted=80, right=0.99, bound=0.96)
    (folder / "thresholds.json").write_text(json.dumps(Thresholds(certificate).to_json()))
    deployed("champion", "", "")
    deployed("canary", "adapter-2", str(folder), share=50)
    assert accepts_documents("adapter-2+template-9:zero-shot")
    assert not accepts_documents("adapter-1+template-9:zero-shot")
    assert not accepts_documents(), "the champion has no certificate"
