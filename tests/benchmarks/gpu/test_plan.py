"""What is measured on a GPU: sound recipes, names that differ, and what was measured, failed or is missing told in tables."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.gpu.plan import BATCH, PARTS, SIZES, ReadingCase, TrainingCase, cases, described, full_run
from benchmarks.gpu.shapes import SHAPES
from benchmarks.gpu.tables import tables
from mlcore.training.config import Precision

MACHINE = {"device": "Tesla T4", "memory": 15 * 2**30, "versions": {"torch": "2.13.0"}}


def test_there_is_a_size_for_every_shape() -> None:
    assert SIZES.keys() == SHAPES.keys()


@pytest.mark.parametrize("name", SIZES)
def test_every_recipe_is_sound_and_every_row_has_a_file_of_its_own(name: str) -> None:
    found = cases(SIZES[name])
    assert len({case.key for case in found}) == len(found)
    assert {case.part for case in found} == set(PARTS) - {"full"}
    for case in found:
        assert case.key.partition("-")[0] == case.part
        if isinstance(case, TrainingCase):
            assert case.recipe(SIZES[name].prompt + SIZES[name].answer).batch == BATCH
    full_run(SIZES[name]).recipe.checked()


def test_the_full_run_is_the_guides_ten_thousand_documents() -> None:
    run = full_run(SIZES["3b"])
    assert run.documents is None
    assert run.data.arguments == ("--split", "guide", "--documents", "10000")


def test_tables_tell_what_was_measured_what_failed_and_what_is_missing() -> None:
    training, reading = (next(case for case in cases(SIZES["3b"]) if isinstance(case, kind)) for kind in (TrainingCase, ReadingCase))
    rows: dict[str, dict[str, Any]] = {
        training.key: {
            "case": described(training),
            "date": "2026-11-26",
            "precision": "nf4",
            "tokens_per_second": 1234.5,
            "mfu": 0.4321,
            "memory": 9 * 2**30,
            "loading_memory": 3 * 2**30,
            "learned": 2_293_760,
            "notices": [],
        },
        reading.key: {"failed": "out of memory: it is full"},
    }
    told = tables(rows, [training.key, reading.key, "full"], MACHINE, "python -m benchmarks.gpu --out x")
    assert "Tesla T4 (15 GiB); torch 2.13.0; 2026-11-26" in told
    assert "| guide, q and v, r 8 | nf4 | 4 | no | 1234 | 43.2 % | 9.0 (3.0) | 2,293,760 |" in told
    assert f"- {reading.key}: out of memory: it is full" in told
    assert "Not measured yet: full." in told


def test_a_reading_is_set_beside_its_floor() -> None:
    case = ReadingCase("product", Precision.NF4, 32, 1500, 300)
    row = {
        "case": described(case),
        "precision": "nf4",
        "passes": 80,
        "seconds": [20.0, 16.0],
        "floor": 12.8,
        "as_scripted": True,
        "memory": 2**30,
    }
    told = tables({case.key: row}, [case.key], MACHINE, "")
    assert "| 1,500 / 300 | nf4 | 32 | product | 80 | 16.000 | 0.500 | 12.800 | 1.25 | 1.0 |" in told
