"""A model has learned from everything that the models it started from have learned from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from modelops.datasets.removal_marks import descendants_of
from modelops.errors import Refused
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.lineage import documents_behind, kinds_of, vendors_in_weights, vendors_known, versions_behind
from modelops.registry.registering import register
from tests.mlcore.artifacts.conftest import Forge
from tests.modelops.held_out import TRAINED, VALIDATED, frozen_dataset

pytestmark = pytest.mark.django_db


def ancestor(model_id: str = "adapter-00", **changes: object) -> dict[str, Any]:
    return {"model_id": model_id, "data_hash": "0" * 64, "source": "dataset", "documents": 40, **changes}


@pytest.fixture
def child_of(packed: Path, forge: Forge) -> Any:
    """Register an artifact that says what it started from."""

    def made(*ancestors: Mapping[str, Any], dataset: DatasetVersion | None = None, source: str = "dataset") -> ModelVersion:
        told = json.loads((packed / "artifact.json").read_text())
        told |= {"lineage": list(ancestors), "data": {"source": source}}
        forge(packed, "artifact.json", json.dumps(told).encode())
        return register(packed, origin="imported", dataset=dataset)

    return made


def other_dataset(number: int = 2) -> DatasetVersion:
    """A version with vendors of its own."""
    return frozen_dataset(number, vendors=("905",))


def parent(**values: Any) -> ModelVersion:
    told = {"number": 1, "model_id": "adapter-00", "origin": "trained", "folder": "p", "facts": {"trained_on": "dataset"}}
    return ModelVersion.objects.create(**(told | values))


def test_the_vendors_of_all_ancestors_count(child_of: Any) -> None:
    parent(trained_vendors=["77", "78"], dataset=other_dataset())
    child = child_of(ancestor(), dataset=frozen_dataset())
    assert child.trained_vendors == ["77", "78", TRAINED, VALIDATED]
    assert child.lineage == [{"model_id": "adapter-00", "number": 1, "dataset": 2, "trained_on": "dataset", "documents": 40}]
    assert (child.facts["trained_on"], documents_behind(child)) == ("dataset", 44)
    assert [version.number for version in versions_behind(child)] == [1, 2]
    assert vendors_in_weights(child) == {"77", "78", TRAINED}, "the one that validated is not in the weights"
    assert vendors_known(child, frozen_dataset(3))


def test_an_ancestor_that_is_not_registered_is_known_by_the_hash_of_its_documents(child_of: Any) -> None:
    version = frozen_dataset()
    child = child_of(ancestor(data_hash=version.data_hash), source="synthetic")
    assert (child.trained_vendors, child.lineage[0]["number"], child.lineage[0]["dataset"]) == ([TRAINED, VALIDATED], None, 1)
    assert kinds_of(child) == {"dataset", "synthetic"}


def test_an_ancestor_of_which_nothing_is_known_makes_the_model_unknown(child_of: Any) -> None:
    child = child_of(ancestor(), dataset=frozen_dataset())
    assert (child.facts["trained_on"], child.trained_vendors) == ("unknown", [TRAINED, VALIDATED])
    assert not vendors_known(child, frozen_dataset(2))


def test_what_started_from_the_generators_model_is_not_judged_on_the_generators_documents(child_of: Any) -> None:
    child = child_of(ancestor(source="synthetic"), dataset=frozen_dataset())
    assert child.facts["trained_on"] == "dataset"
    assert vendors_known(child, frozen_dataset(2))
    assert not vendors_known(child, frozen_dataset(3, plan={"test_source": "synthetic"}))


def test_what_started_from_a_model_on_a_version_is_its_descendant(child_of: Any) -> None:
    parent(dataset=other_dataset())
    child = child_of(ancestor("adapter-11", source="synthetic"), ancestor(), dataset=frozen_dataset())
    assert descendants_of([2]) == descendants_of([5, 2]) == [child.pk]
    assert descendants_of([1]) == descendants_of([]) == []


def test_what_an_artifact_says_of_its_ancestors_is_checked(child_of: Any) -> None:
    for wrong in ([{"model_id": "m"}], ["m"], [ancestor(documents="many")], "m"):
        with pytest.raises(Refused, match="cannot be read"):
            child_of(*wrong)
