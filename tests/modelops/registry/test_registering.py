"""A model is registered once, by what its artifact holds; what does not verify is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from invoices.audit.entries import AuditEntry
from invoices.models import User
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.folders import artifact_folder, artifacts_folder
from modelops.models import ModelVersion
from modelops.registry.registering import register, register_named
from modelops.registry.shipped import register_shipped
from modelops.registry.verifying import verify
from tests.mlcore.artifacts.conftest import Forge
from tests.modelops.held_out import TRAINED, VALIDATED, frozen_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("registrar", role="admin")


def test_an_artifact_is_one_model_wherever_it_lies(calibrated: Path, tmp_path: Path, admin: User) -> None:
    first = register(calibrated, origin="imported", by=admin)
    copy = shutil.copytree(calibrated, tmp_path / "elsewhere")
    assert register(Path(copy), origin="trained") == first
    assert ModelVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="model.registered").count() == 1
    assert (first.number, first.origin, first.registered_by) == (1, "imported", admin)
    assert first.recipe["name"] == "receipts"
    assert first.card.startswith("# Invoice adapter")
    assert first.calibration["thresholds"]
    assert first.bytes > 10_000


def test_what_it_learned_from_is_the_version_of_its_hash_or_the_one_that_is_named(calibrated: Path) -> None:
    dataset = frozen_dataset()
    told = register(calibrated, origin="trained", dataset=dataset)
    assert told.trained_vendors == [TRAINED, VALIDATED]
    assert (told.dataset, told.facts["trained_on"]) == (dataset, "dataset")


def test_documents_from_elsewhere_are_unknown(packed: Path) -> None:
    model = register(packed, origin="imported")
    assert (model.trained_vendors, model.facts["trained_on"], model.calibration) == ([], "unknown", {})


@pytest.mark.parametrize("name", ["artifact.json", "adapter/adapter_model.safetensors", "README.md"])
def test_a_damaged_artifact_is_refused(packed: Path, name: str) -> None:
    (packed / name).write_bytes(b"{}")
    with pytest.raises(Refused, match="damaged") as refused:
        register(packed, origin="imported")
    assert refused.value.code == "artifact_refused"
    assert not ModelVersion.objects.exists()


def test_what_an_artifact_says_of_itself_cannot_break_the_database(packed: Path, forge: Forge) -> None:
    told = json.loads((packed / "artifact.json").read_text())
    told["data"] = {"source": "nul \0 byte", "documents": float("nan"), "much": ["x" * 300_000]}
    forge(packed, "artifact.json", json.dumps(told).encode())
    model = register(packed, origin="imported")
    model.refresh_from_db()
    assert model.facts["left_out"] == ["data"]
    assert model.facts["training"]["steps"] > 0


def test_a_damaged_folder_is_replaced_by_a_sound_copy(calibrated: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(calibrated, tmp_path / "sound"))
    model = register(calibrated, origin="imported")
    (calibrated / "README.md").write_text("another card")
    assert not verify(model).sound
    again = register(copy, origin="imported")
    assert again == model
    assert artifact_folder(again) == copy
    assert verify(again).sound


def test_another_artifact_in_the_folder_is_not_the_model(calibrated: Path, packed: Path) -> None:
    model = register(calibrated, origin="imported")
    shutil.rmtree(calibrated)
    shutil.copytree(packed, calibrated)
    assert "holds another artifact now" in verify(model).problem


def test_only_a_folder_of_the_station_is_brought_in(calibrated: Path, tmp_path: Path, admin: User) -> None:
    artifacts_folder().mkdir(parents=True)
    for name in ("../calibrated", str(calibrated), "..", ".", "", "a/b", "a\\b", "x" * 121, "é", "name\0"):
        with pytest.raises(RequestInvalid):
            register_named(name, by=admin)
    (artifacts_folder() / "link").symlink_to(calibrated)
    for name in ("nothing-there", "link"):
        with pytest.raises(NotFound):
            register_named(name, by=admin)
    shutil.copytree(calibrated, artifacts_folder() / "mine")
    model = register_named("mine", by=admin)
    assert (model.folder, model.origin) == ("mine", "imported")


def test_the_shipped_one_is_registered_once() -> None:
    first = register_shipped()
    assert first is not None
    assert register_shipped() == first
    assert (first.origin, first.facts["trained_on"], first.number) == ("shipped", "synthetic", 1)
    assert verify(first).sound
