"""What a run costs and how large it is. Money is Decimal, in the currency of the rate; ``expectations`` says what the next one will take.

The specification counts $240 a run (8 hours at $30) and $960 a year (four runs); both are shown beside what is measured here.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from mlcore.training.config import Recipe
from modelops.models import TriggerPolicy

SPECIFICATION_RUN = Decimal("240.00")
SPECIFICATION_YEAR = Decimal("960.00")

CPU_PACE = 250.0
"""Tokens a second of the 135M base on two cores (docs/model.md), where no run has been measured yet."""

TOKENS_A_DOCUMENT = 1200
"""Prompt and answer of a mean synthetic invoice (docs/model.md), where no run has been measured yet."""

_HUNDREDTH_CENT = Decimal("0.0001")


def cost_of(seconds: float, hourly_rate: Decimal, processes: int = 1) -> Decimal:
    """Device-hours times the rate, to a hundredth of a cent."""
    return (Decimal(str(seconds)) * processes / 3600 * hourly_rate).quantize(_HUNDREDTH_CENT, ROUND_HALF_UP)


def current_rate() -> Decimal:
    """What an hour of a device costs by the newest trigger policy; 0 where nobody has said."""
    rate = TriggerPolicy.objects.order_by("-pk").values_list("hourly_rate", flat=True).first()
    return rate if rate is not None else Decimal(0)


def steps_of(documents: int, recipe: Recipe) -> int:
    """Steps of the optimizer over all epochs, as ``mlcore.training`` counts them."""
    return math.ceil(math.ceil(documents / recipe.micro_batch) / recipe.accumulate) * recipe.epochs
