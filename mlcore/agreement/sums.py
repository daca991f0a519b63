"""Counts that add up: the sums of documents' counts, and the same sums in each resample."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from mlcore.agreement.poisson import Ints, Poisson
from mlcore.errors import AgreementError

_AT_ONCE = 2_000


@dataclass(frozen=True, eq=False)
class Sums:
    """``counts`` has shape ``(columns,)``, ``resampled`` ``(resamples, columns)``; whole numbers, so adding is exact in any order.

    A document may be added once: nothing here remembers which ones were.
    """

    columns: tuple[str, ...]
    poisson: Poisson
    counts: Ints
    resampled: Ints

    @classmethod
    def empty(cls, columns: tuple[str, ...], poisson: Poisson) -> Sums:
        """No document."""
        width = len(columns)
        return cls(columns, poisson, np.zeros(width, dtype=np.int64), np.zeros((poisson.resamples, width), dtype=np.int64))

    @classmethod
    def of(cls, columns: tuple[str, ...], documents: Iterable[tuple[str, Ints]], poisson: Poisson) -> Sums:
        """The sums of documents ``(id, counts)``; each id once, counts in the order of ``columns``."""
        total, waiting = cls.empty(columns, poisson), iter(documents)
        while chunk := list(islice(waiting, _AT_ONCE)):
            table = np.stack([counts for _, counts in chunk]).astype(np.float64)
            weights = poisson.weights([name for name, _ in chunk]).astype(np.float64)
            resampled = np.rint(weights.T @ table).astype(np.int64)  # exact: whole numbers far below 2**53, by BLAS
            total += cls(columns, poisson, table.sum(axis=0).astype(np.int64), resampled)
        return total

    def __add__(self, other: Sums) -> Sums:
        """The sums of both. Raises ``AgreementError`` when the columns or the resamples are others."""
        self._refuse_other(other)
        return Sums(self.columns, self.poisson, self.counts + other.counts, self.resampled + other.resampled)

    def __sub__(self, other: Sums) -> Sums:
        """The sums without documents that were added before: exact, since counts are whole numbers. Raises as ``+``."""
        self._refuse_other(other)
        return Sums(self.columns, self.poisson, self.counts - other.counts, self.resampled - other.resampled)

    def _refuse_other(self, other: Sums) -> None:
        if self.columns != other.columns or self.poisson != other.poisson:
            raise AgreementError(f"Sums of {self.poisson} cannot be added to sums of {other.poisson} or of other columns; count again.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sums):
            return NotImplemented
        alike = self.columns == other.columns and self.poisson == other.poisson
        return alike and np.array_equal(self.counts, other.counts) and np.array_equal(self.resampled, other.resampled)

    __hash__ = None  # type: ignore[assignment]

    def count(self, column: str) -> int:
        """One sum."""
        return int(self.counts[_places(self.columns)[column]])

    def form(self, weights: Mapping[str, int]) -> tuple[int, Ints]:
        """A linear form of the columns: its value, and its value in each resample, shape ``(resamples,)``."""
        places = _places(self.columns)
        at = [places[name] for name in weights]
        factors = np.array(list(weights.values()), dtype=np.int64)
        return int(self.counts[at] @ factors), self.resampled[:, at] @ factors

    def table(self, cells: Sequence[Sequence[Sequence[str]]]) -> tuple[Ints, Ints]:
        """A table whose cells are sums of columns: shapes ``(k, k)`` and ``(resamples, k, k)``."""
        forms = [[self.form(dict.fromkeys(names, 1)) for names in row] for row in cells]
        point = np.array([[form[0] for form in row] for row in forms], dtype=np.int64)
        return point, np.stack([np.stack([form[1] for form in row], axis=-1) for row in forms], axis=-2)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; the resamples are packed (zlib, base64)."""
        counts = {name: int(n) for name, n in zip(self.columns, self.counts, strict=True) if n}
        packed = base64.b64encode(zlib.compress(self.resampled.astype("<i8").tobytes(), 6)).decode()
        boot = {"resamples": self.poisson.resamples, "seed": self.poisson.seed}
        return {**boot, "counts": counts, "resampled": packed}

    @classmethod
    def from_json(cls, columns: tuple[str, ...], data: Mapping[str, Any]) -> Sums:
        """Inverse of ``to_json``. Raises ``AgreementError``, also for sums of other columns."""
        try:
            poisson = Poisson(int(data["resamples"]), int(data["seed"]))
            if unknown := set(data["counts"]) - set(columns):
                raise ValueError(f"unknown counts {sorted(unknown)}")
            counts = np.array([int(data["counts"].get(name, 0)) for name in columns], dtype=np.int64)
            flat = np.frombuffer(zlib.decompress(base64.b64decode(data["resampled"])), dtype="<i8")
            return cls(columns, poisson, counts, flat.reshape(poisson.resamples, len(columns)).astype(np.int64))
        except (KeyError, TypeError, ValueError, AttributeError, zlib.error) as error:
            raise AgreementError(f"Stored sums cannot be read ({error}); count the documents again.") from error


@cache
def _places(columns: tuple[str, ...]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(columns)}
