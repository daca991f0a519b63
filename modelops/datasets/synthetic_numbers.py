"""How many synthetic documents stand beside the gold: plain numbers, without the generator that makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from modelops.errors import RequestInvalid

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Synthetic:
    """How many synthetic documents there are beside the gold; 0 for none.

    ``validation`` is how many there are together with the gold of that side: confidence cannot be learned from a handful of documents.
    ``test`` counts where no gold is on that side alone, so that nothing is frozen that cannot be tested.
    Training documents get the augmentations of ``mlcore.dataset.build.Plan``; gold is left as it was read.
    """

    train: int = 0
    validation: int = 60
    test: int = 54
    layouts: int = 200
    held_layouts: int = 30
    seed: int = 7

    def checked(self) -> Synthetic:
        """The numbers themselves. Raises ``RequestInvalid`` with all faults."""
        faults = [
            f"{one.name} is {value!r}; a whole number from {least} to {MOST} is needed."
            for one in fields(self)
            for value, least in ((getattr(self, one.name), 1 if one.name in ("layouts", "held_layouts") else 0),)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST
        ]
        if faults:
            raise RequestInvalid("synthetic_invalid", f"{' '.join(faults)} Nothing was collected.")
        return self

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def synthetic_of(wanted: Synthetic | Mapping[str, Any] | None) -> Synthetic:
    """The numbers, checked; ``None`` for the defaults: none in training. Raises ``RequestInvalid``."""
    if wanted is None or isinstance(wanted, Synthetic):
        return (wanted or Synthetic()).checked()
    known = {one.name for one in fields(Synthetic)}
    if unknown := sorted(set(wanted) - known):
        raise RequestInvalid("synthetic_invalid", f"There is no {', '.join(unknown)[:80]}; known are {', '.join(sorted(known))}.")
    return Synthetic(**dict(wanted)).checked()
