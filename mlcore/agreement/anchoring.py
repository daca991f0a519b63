"""The anchoring meter: how many of the wrong suggestions that a person was shown they let stand.

A suggestion is a value of the pre-fill, or a row of it that is not on the document; it is wrong when the truth has another value or
none. What the pre-fill leaves out suggests nothing. Seeded suggestions were made wrong on purpose, the others the machine got wrong by
itself: they are counted apart, because seeded ones are easier or harder to see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.agreement.counting import CELLS, HEADER
from mlcore.agreement.figures import FLOOR, Figure
from mlcore.agreement.outcomes import ROWS
from mlcore.agreement.poisson import Ints, Poisson
from mlcore.agreement.ratios import LEVEL, Ratio, difference, share
from mlcore.agreement.sums import Sums
from mlcore.compare import match_rows, same
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, FieldSpec, InvoiceRecord, LineItem, Value, header_value, item_path, item_value

FIELDS = (*HEADER, *CELLS, ROWS)
ORIGINS = ("seeded", "natural")
COLUMNS: tuple[str, ...] = (
    "documents",
    "misled",
    *(f"{name}:documents" for name in FIELDS),
    *(f"{name}:{origin}:{part}" for name in FIELDS for origin in ORIGINS for part in ("wrong", "accepted", "corrected", "documents")),
    *(f"{origin}:documents" for origin in ORIGINS),
)
"""``misled`` are documents with a wrong suggestion; ``accepted`` are wrong suggestions in the label, ``corrected`` those where the
label has the truth (neither: another wrong value)."""

_AT = {name: number for number, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Anchoring:
    """One field, or ``""`` for all. ``accepted`` is the share of wrong suggestions that stood, ``seeded`` and ``natural`` its two
    parts, ``corrected`` the share that became the truth. ``hidden`` is how often people who did not see the same kind of wrong
    suggestion answered with it all the same, ``effect`` is ``accepted`` less ``hidden``: what seeing it does."""

    name: str
    wrong: int
    accepted: Figure
    seeded: Figure
    natural: Figure
    corrected: Figure
    hidden: Figure
    effect: Figure

    @property
    def shares(self) -> tuple[Figure, ...]:
        """Accepted, its two parts, corrected, hidden."""
        return self.accepted, self.seeded, self.natural, self.corrected, self.hidden

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        names = ("accepted", "seeded", "natural", "corrected", "hidden", "effect")
        return {"name": self.name, "wrong": self.wrong, **{name: getattr(self, name).to_json() for name in names}}


@dataclass(frozen=True, slots=True)
class Suggested:
    """A pre-fill, what the person submitted, what is true, and the paths of the pre-fill that were made wrong on purpose
    (``line_items[2]`` for a row). The pre-fill is also given where it was hidden: to know what would have been suggested."""

    document_id: str
    prefill: InvoiceRecord
    label: InvoiceRecord
    truth: InvoiceRecord
    seeded: Collection[str] = ()


def anchoring_sums(suggested: Iterable[Suggested], poisson: Poisson | None = None) -> Sums:
    """Count documents, each once; those where the pre-fill was shown and those where it was hidden into sums of their own."""
    return Sums.of(COLUMNS, ((one.document_id, _count(one)) for one in suggested), poisson or Poisson())


def anchoring_of(shown: Sums, hidden: Sums | None = None, *, floor: int = FLOOR, level: float = LEVEL) -> dict[str, Anchoring]:
    """The meter for all fields (``""``) and for each; intervals are the bootstrap's over documents."""
    unseen = hidden or Sums.empty(COLUMNS, shown.poisson)
    return {name: _meter(name, shown, unseen, floor, level) for name in ("", *FIELDS)}


def _meter(name: str, shown: Sums, hidden: Sums, floor: int, level: float) -> Anchoring:
    def measured(sums: Sums, part: str, *origins: str) -> Figure:
        return share(sums, _ratio(name, part, origins), floor=floor, level=level)

    accepted, unseen = measured(shown, "accepted", *ORIGINS), measured(hidden, "accepted", *ORIGINS)
    return Anchoring(
        name,
        shown.form(_ratio(name, "accepted", ORIGINS).under)[0],
        accepted,
        measured(shown, "accepted", "seeded"),
        measured(shown, "accepted", "natural"),
        measured(shown, "corrected", *ORIGINS),
        unseen,
        difference(accepted, unseen),
    )


def _ratio(name: str, part: str, origins: Collection[str]) -> Ratio:
    names = (name,) if name else FIELDS
    parts = [part for part in (name, *(origins if len(origins) == 1 else ())) if part]
    documents = ":".join([*parts, "documents"]) if parts else "misled"
    return Ratio(
        {f"{field}:{origin}:{part}": 1 for field in names for origin in origins},
        {f"{field}:{origin}:wrong": 1 for field in names for origin in origins},
        {documents: 1},
    )


def _count(one: Suggested) -> Ints:
    counts = np.zeros(len(COLUMNS), dtype=np.int64)
    counts[_AT["documents"]] = 1
    for name, path, accepted, corrected in _wrong(one):
        origin = "seeded" if path in one.seeded else "natural"
        counts[_AT[f"{name}:{origin}:wrong"]] += 1
        counts[_AT[f"{name}:{origin}:accepted"]] += accepted
        counts[_AT[f"{name}:{origin}:corrected"]] += corrected
        for seen in ("misled", f"{name}:documents", f"{origin}:documents", f"{name}:{origin}:documents"):
            counts[_AT[seen]] = 1
    return counts


def _wrong(one: Suggested) -> Iterable[tuple[str, str, bool, bool]]:
    """Every wrong suggestion: its field, its path in the pre-fill, whether it was accepted, whether it was corrected."""
    for spec in HEADER_FIELDS:
        found = _judged(spec, *(header_value(record, spec.name) for record in (one.prefill, one.truth, one.label)))
        if found is not None:
            yield spec.name, spec.name, *found
    prefill, truth, label = one.prefill.line_items, one.truth.line_items, one.label.line_items
    suggested, answered = match_rows(truth, prefill), dict(match_rows(truth, label))
    for t, p in suggested:
        row = label[answered[t]] if t in answered else LineItem()
        for spec in LINE_ITEM_FIELDS:
            found = _judged(spec, *(item_value(item, spec.name) for item in (prefill[p], truth[t], row)))
            if found is not None:
                yield f"{ROWS}.{spec.name}", item_path(p, spec.name), *found
    yield from _wrong_rows(one, {p for _, p in suggested}, set(answered.values()))


def _judged(spec: FieldSpec, suggested: Value, true: Value, given: Value) -> tuple[bool, bool] | None:
    if suggested is None or same(spec.kind, suggested, true):
        return None
    return same(spec.kind, given, suggested), same(spec.kind, given, true)


def _wrong_rows(one: Suggested, right: Collection[int], answered: Collection[int]) -> Iterable[tuple[str, str, bool, bool]]:
    """Rows of the pre-fill that are not on the document: accepted when the label has such a row beside the true ones."""
    lone = [p for p, item in enumerate(one.prefill.line_items) if p not in right and item != LineItem()]
    extra = [item for s, item in enumerate(one.label.line_items) if s not in answered]
    kept = {p for p, _ in match_rows([one.prefill.line_items[p] for p in lone], extra)}
    for number, p in enumerate(lone):
        yield ROWS, f"{ROWS}[{p}]", number in kept, number not in kept
