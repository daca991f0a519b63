"""How agreement is measured, in the words that the screen and the API use, and what it is measured against."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from mlcore.agreement.figures import FLOOR
from mlcore.agreement.poisson import Poisson
from mlcore.agreement.ratios import LEVEL

TARGET: Final = Decimal("0.97")
"""The agreement that the specification asks for."""

KAPPA, ALPHA = "kappa", "alpha"


def method(*, two_people: bool) -> dict[str, Any]:
    """What was compared and how intervals were made. ``coefficient`` names the one that stands for these pairs: Cohen's kappa for two
    people, Krippendorff's alpha for labelers that vary."""
    spread = f"{LEVEL * 100:.0f} % bootstrap over documents, {Poisson().resamples} resamples"
    return {
        "labels": "first submissions of blind pairs, frozen when the second is in",
        "equal": "exact on normalised values; two absent values are left out and judged as presence",
        "rows": "line items matched one to one so that the most cells are equal",
        "exact": "documents without any difference, of those with a value on either side",
        "critical": "documents without a difference in a critical field, of those with a critical value on either side",
        "interval": f"{spread}; exact binomial where all or none agree",
        "level": str(LEVEL),
        "resamples": Poisson().resamples,
        "unit": "documents",
        "floor": FLOOR,
        "coefficient": KAPPA if two_people else ALPHA,
    }
