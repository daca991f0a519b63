"""What the model's opinion of the candidates is worth: counted once for each labeled value, and never learned from the vendor itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from benchmarks.rescoring import changed, seen
from mlcore.confidence.rescored import cross_fitted_rescorers
from mlcore.rescoring.rescorer import Rescorer
from mlcore.schema import HEADER_FIELDS
from tests.mlcore.rescoring.knowing import known_samples


def by_column(counts: Iterable[Counter[tuple[str, str]]]) -> Counter[str]:
    """Of all fields together."""
    found: Counter[str] = Counter()
    for one in counts:
        for (_, column), count in one.items():
            found[column] += count
    return found


@pytest.mark.thorough
def test_a_model_that_knows_wins_what_is_among_the_candidates() -> None:
    samples = known_samples(knows=True)
    found = sum((seen(one) for one in samples), Counter[tuple[str, str]]())
    totals = {
        column: sum(count for (_, own), count in found.items() if own == column) for column in ("labeled", "wrong", "among", "likelier")
    }
    assert totals["labeled"] == len(samples) * len(HEADER_FIELDS)
    assert totals["labeled"] > totals["wrong"] >= totals["among"] == totals["likelier"] > 0
    believing = Rescorer({spec.name: (0.0, 1.0, 0.0, 0.0) for spec in HEADER_FIELDS})
    outcome = by_column([changed(one, believing) for one in samples])
    assert outcome["won"] >= totals["among"] - outcome["lost"]
    assert outcome["won"] > outcome["lost"]
    ignoring = Rescorer({spec.name: (1.0, 0.0, 1.0, 0.0) for spec in HEADER_FIELDS})
    assert not any(changed(one, ignoring) for one in samples)


@pytest.mark.thorough
def test_a_vendor_has_no_part_in_its_own_weights() -> None:
    samples = known_samples(knows=True)
    fitted = cross_fitted_rescorers(samples)
    of_vendor = {one.vendor_key: rescorer.weights for one, rescorer in zip(samples, fitted, strict=True)}
    assert all(rescorer.weights == of_vendor[one.vendor_key] for one, rescorer in zip(samples, fitted, strict=True))
    assert len({str(weights) for weights in of_vendor.values()}) > 1
