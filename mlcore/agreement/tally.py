"""Compared pairs added up. A tally of 100,000 pairs is as large as one of two, and two tallies add to that of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.agreement.counting import COLUMNS, count_pair
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.poisson import Poisson
from mlcore.agreement.sums import Sums
from mlcore.errors import AgreementError

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True)
class Tally:
    """Sums of ``counting.COLUMNS`` with their resamples, and how often each pair of vendor ids was given.

    For Cohen's kappa the first of every pair has to be the same person (``PairOutcome.mirrored`` turns a pair); all else is the same
    whoever is first. Each document once; pairs are frozen, so nothing is ever taken out.
    """

    sums: Sums
    vendors: Mapping[tuple[str, str], int]

    @classmethod
    def empty(cls, poisson: Poisson | None = None) -> Tally:
        """No pair."""
        return cls(Sums.empty(COLUMNS, poisson or Poisson()), {})

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, PairOutcome]], poisson: Poisson | None = None) -> Tally:
        """The tally of pairs ``(document id, outcome)``."""
        listed = list(pairs)
        sums = Sums.of(COLUMNS, ((name, count_pair(outcome)) for name, outcome in listed), poisson or Poisson())
        known = ((o.vendor_first, o.vendor_second) for _, o in listed if o.vendor_first and o.vendor_second)
        return cls(sums, Counter(known))

    def __add__(self, other: Tally) -> Tally:
        """The tally of both. Raises ``AgreementError`` when the resamples are others."""
        return Tally(self.sums + other.sums, Counter(self.vendors) + Counter(other.vendors))

    @property
    def documents(self) -> int:
        """Pairs in the tally."""
        return self.sums.count("documents")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        vendors = [[first, second, n] for (first, second), n in sorted(self.vendors.items())]
        return {"format": FORMAT, **self.sums.to_json(), "vendors": vendors}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """Inverse of ``to_json``. Raises ``AgreementError``."""
        try:
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}, this version reads {FORMAT}")
            vendors = {(str(first), str(second)): int(n) for first, second, n in data["vendors"]}
        except (KeyError, TypeError, ValueError) as error:
            raise AgreementError(f"A stored tally cannot be read ({error}); count the pairs again.") from error
        return cls(Sums.from_json(COLUMNS, data), vendors)
