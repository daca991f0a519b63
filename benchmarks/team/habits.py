"""What the simulated people do wrong, and how often: the parameters that the product does not know and has to recover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlcore.schema import FieldSpec, ValueKind

MONEY_AND_CODES = (ValueKind.MONEY, ValueKind.QUANTITY, ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE)


@dataclass(frozen=True, slots=True)
class Habits:
    """Probabilities of one person, each 0..1, independent of each other and of everybody else's.

    ``accepts``: a wrong suggestion is let stand; ``accepts_by`` replaces it for fields by name (``line_items.total``), ``accepts_row`` is
    for a row that is not on the document. ``slips``: a value that is typed gets a slip, by kind. ``misses``: a value that is on the
    document and not in the form stays out; ``misses_row``: so does a whole row. ``spoils``: a right suggestion is changed into a wrong
    one. ``deviates``: a typed value is written in another form that means the same. ``skips``: a document is given back.
    ``look_seconds`` for each value, ``key_seconds`` for each character typed.
    """

    name: str
    title: str
    says: str
    accepts: float
    misses: float
    misses_row: float
    slips: Mapping[ValueKind, float] = field(default_factory=dict)
    accepts_by: Mapping[str, float] = field(default_factory=dict)
    accepts_row: float = 0.1
    spoils: float = 0.001
    deviates: float = 0.1
    skips: float = 0.01
    look_seconds: float = 0.9
    key_seconds: float = 0.28

    def lets_stand(self, name: str) -> float:
        """The probability that a wrong suggestion for this field stands."""
        return self.accepts_by.get(name, self.accepts)

    def slips_in(self, spec: FieldSpec) -> float:
        """The probability of a slip when this field is typed."""
        return self.slips.get(spec.kind, 0.01)


@dataclass(frozen=True, slots=True)
class Settles:
    """The senior. ``errs``: a difference is settled wrong. ``groups``: what was settled is carried over to those alike; ``undoes``: such a
    ruling is taken back and made again. ``reopens``: a resolved adjudication is opened again and settled anew."""

    name: str = "sigrid"
    errs: float = 0.03
    groups: float = 0.5
    undoes: float = 0.1
    reopens: float = 0.04


BILLERS: tuple[Habits, ...] = (
    Habits(
        "carla",
        "careful",
        "looks at everything and types well",
        accepts=0.10,
        misses=0.02,
        misses_row=0.02,
        deviates=0.05,
        look_seconds=1.4,
    ),
    Habits(
        "hugo",
        "hasty",
        "confirms what stands there, less so where money is",
        accepts=0.55,
        misses=0.12,
        misses_row=0.06,
        accepts_by={"total": 0.30, "subtotal": 0.35, "line_items.total": 0.40},
        accepts_row=0.4,
        skips=0.02,
        look_seconds=0.5,
        key_seconds=0.22,
    ),
    Habits(
        "tamara",
        "typist",
        "exchanges digits when she types, and types dates and amounts in her own way",
        accepts=0.20,
        misses=0.03,
        misses_row=0.03,
        slips=dict.fromkeys(MONEY_AND_CODES, 0.12),
        deviates=0.5,
        look_seconds=0.8,
        key_seconds=0.2,
    ),
    Habits(
        "milan",
        "misser",
        "corrects what is wrong, and overlooks what is missing",
        accepts=0.18,
        misses=0.25,
        misses_row=0.20,
        accepts_row=0.15,
        skips=0.02,
        look_seconds=0.7,
    ),
)
