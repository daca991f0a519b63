"""Two models are compared on the documents that both have read, and every changed document is there with what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from modelops.errors import NotFound, Refused
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.comparing import answers_of, compare, gold_ids
from modelops.registry.registering import register
from tests.mlcore.gate.systems import system, wrong_total
from tests.modelops.held_out import frozen_dataset
from tests.modelops.judged import stored_evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> DatasetVersion:
    return frozen_dataset(documents=1)


@pytest.fixture
def models(calibrated: Path, packed: Path) -> tuple[ModelVersion, ModelVersion]:
    return register(packed, origin="imported"), register(calibrated, origin="imported")


def test_what_changed(
    models: tuple[ModelVersion, ModelVersion], dataset: DatasetVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stored_evaluation(models[0], dataset, system("Model 1", wrong_total({1, 2, 3})))
    stored_evaluation(models[1], dataset, system("Model 2", wrong_total({3, 4})))
    with django_assert_num_queries(2):
        found = compare(*models)
    assert (found.paired.first, found.paired.second) == ("Model 1", "Model 2")
    assert (found.paired.first_only, found.paired.second_only, found.paired.neither) == (1, 2, 1)
    assert [one.id for one, _ in found.changed] == ["d004", "d001", "d002"], "what was lost comes first"
    assert found.paired.differences["field:total"].value == pytest.approx(1 / 120)
    by_key = {vendor.vendor: vendor for vendor in found.vendors}
    assert len(found.vendors) == 6
    assert (by_key["v4"].won, by_key["v4"].lost, by_key["v1"].won) == (0, 1, 1)
    assert by_key["v4"].difference.value == pytest.approx(-1 / (20 * 11), rel=0.5)
    assert by_key["v4"].difference.low is not None
    wrong = answers_of(found.evaluations[1])["d004"].wrong
    assert [(one.path, one.expected, one.found) for one in wrong] == [("total", "10.00", "99.00")]


def test_only_shared_documents_and_the_newest_shared_version(models: tuple[ModelVersion, ModelVersion], dataset: DatasetVersion) -> None:
    with pytest.raises(NotFound):
        compare(*models)
    stored_evaluation(models[0], dataset, system("Model 1"))
    stored_evaluation(None, dataset, system("The templates alone", documents=60))
    newer = frozen_dataset(2, documents=1)
    stored_evaluation(models[0], newer, system("Model 1"))
    assert len(compare(models[0], None).first.documents) == 60
    assert compare(models[0], None).dataset == dataset
    stored_evaluation(None, newer, system("The templates alone"))
    assert compare(None, models[0]).dataset == newer
    assert compare(None, models[0], dataset).dataset == dataset
    assert compare(models[0], models[0]).changed == ()


def test_other_labels_are_no_comparison(models: tuple[ModelVersion, ModelVersion], dataset: DatasetVersion) -> None:
    stored_evaluation(models[0], dataset, system("Model 1"))
    stored_evaluation(models[1], dataset, system("Model 2", vendors=7))
    with pytest.raises(Refused, match="other labels"):
        compare(*models)


def test_lines_of_gold_records_are_told_from_synthetic_ones() -> None:
    assert gold_ids(["gold-7", "gold-x", "syn-7", "gold-" + "9" * 30, "gold-"]) == {"gold-7": 7}
