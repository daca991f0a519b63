"""Kappa and alpha against the maintained libraries, on random data."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from mlcore.agreement.chance import Cells, alpha, coincidences_of_pairs, kappa, kappa_of_cells, prevalence
from mlcore.agreement.figures import Measured, NotEnough, OneCategory
from mlcore.agreement.units import alpha_of_units
from mlcore.evaluation.bootstrap import Resampling

QUICK = Resampling(resamples=200)
SEEDS = range(25)


def labels(seed: int, categories: int, n: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Two labelers of uneven habits, agreeing more than by chance."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(categories))
    first = rng.choice(categories, n, p=shares)
    second = np.where(rng.random(n) < 0.6, first, rng.choice(categories, n, p=rng.dirichlet(np.ones(categories))))
    return first, second


def table_of(first: np.ndarray, second: np.ndarray, categories: int) -> np.ndarray:
    table = np.zeros((categories, categories), dtype=np.int64)
    np.add.at(table, (first, second), 1)
    return table


@pytest.mark.parametrize("seed", SEEDS)
def test_kappa_is_that_of_scikit_learn(seed: int) -> None:
    for categories in (2, 4, 9):
        first, second = labels(seed, categories)
        expected = cohen_kappa_score(first, second)
        assert float(kappa(table_of(first, second, categories))) == pytest.approx(expected)
        pairs = {
            (str(a), str(b)): int(((first == a) & (second == b)).sum()) for a, b in set(zip(first.tolist(), second.tolist(), strict=True))
        }
        found = kappa_of_cells(Cells.of(pairs), 0.95)
        assert found is not None
        assert found[0] == pytest.approx(expected)
        assert found[1] <= found[0] <= found[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_of_pairs_is_that_of_krippendorff(seed: int) -> None:
    for categories in (2, 4, 9):
        first, second = labels(seed, categories)
        expected = krippendorff.alpha(np.stack([first, second]), level_of_measurement="nominal")
        assert float(alpha(coincidences_of_pairs(table_of(first, second, categories)))) == pytest.approx(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_with_varying_labelers_and_missing_labels_is_that_of_krippendorff(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, 60)
    data = np.where(rng.random((5, 60)) < 0.7, truth, rng.integers(0, 4, (5, 60))).astype(float)
    data[rng.random((5, 60)) < 0.5] = np.nan
    units = [[None if np.isnan(v) else int(v) for v in unit] for unit in data.T]
    found = alpha_of_units(units, resampling=QUICK)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(krippendorff.alpha(data, level_of_measurement="nominal"))
    assert found.n == sum(sum(v is not None for v in unit) > 1 for unit in units)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_many_tables_at_once_are_each_table_alone() -> None:
    tables = np.stack([table_of(*labels(seed, 3), 3) for seed in range(10)])
    assert np.allclose(kappa(tables), [float(kappa(table)) for table in tables])
    assert np.allclose(alpha(coincidences_of_pairs(tables)), [float(alpha(coincidences_of_pairs(t))) for t in tables])


def test_where_all_labels_are_one_category_a_coefficient_is_not_defined() -> None:
    table = np.array([[30, 0], [0, 0]])
    assert np.isnan(kappa(table))
    assert np.isnan(alpha(coincidences_of_pairs(table)))
    assert kappa_of_cells(Cells.of({("a", "a"): 30}), 0.95) is None
    assert kappa_of_cells(Cells.of({}), 0.95) is None
    assert alpha_of_units([["a", "a"]] * 30) == OneCategory(30)


def test_kappa_falls_with_prevalence_at_the_same_percent() -> None:
    even, rare = np.array([[45, 5], [5, 45]]), np.array([[85, 5], [5, 5]])
    assert np.trace(even) == np.trace(rare)
    assert (prevalence(even), prevalence(rare)) == (0.5, 0.9)
    assert float(kappa(rare)) < float(kappa(even)) - 0.3


def test_the_large_sample_interval_holds_the_truth() -> None:
    rng, truth, hits, trials = np.random.default_rng(3), np.array([[0.5, 0.08, 0.02], [0.02, 0.2, 0.03], [0.0, 0.05, 0.1]]), 0, 400
    for _ in range(trials):
        drawn = rng.multinomial(200, truth.ravel()).reshape(3, 3)
        found = kappa_of_cells(Cells.of({(str(i), str(j)): int(drawn[i, j]) for i in range(3) for j in range(3) if drawn[i, j]}), 0.95)
        assert found is not None
        hits += found[1] <= float(kappa(truth)) <= found[2]
    assert 0.92 <= hits / trials <= 0.98


def test_units_of_one_document_are_resampled_together() -> None:
    rng = np.random.default_rng(2)
    units, owners = [], []
    for document in range(40):
        agree = rng.random() < 0.7
        for _ in range(12):
            label = int(rng.integers(0, 2))
            units.append([label, label if agree else 1 - label])
            owners.append(document)
    together, apart = alpha_of_units(units, owners, resampling=QUICK), alpha_of_units(units, resampling=QUICK)
    assert isinstance(together, Measured)
    assert isinstance(apart, Measured)
    assert (together.n, apart.n) == (40, 480)
    assert together.value == apart.value
    width = [float(f.high or 0) - float(f.low or 0) for f in (together, apart)]
    assert width[0] > 2 * width[1]


def test_few_units_give_no_number() -> None:
    assert alpha_of_units([["a", "b"], ["a", None], [None, None]], floor=20) == NotEnough(1, 20)
    assert alpha_of_units([], floor=0) == NotEnough(0, 0)


def test_complete_agreement_has_no_bootstrap_interval() -> None:
    assert alpha_of_units([["a", "a"], ["b", "b"]] * 15) == Measured(1.0, None, None, 30)
