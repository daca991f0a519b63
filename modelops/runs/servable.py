"""Which recipes make a model that a station can serve as it was trained. No database."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mlcore.training.config import Recipe

WITH_EXAMPLES: Final = frozenset({"shown_share", "wrong_share", "shown_most"})
"""Fields that no station offers: its worker shows a model no confirmed documents when it reads, so none is trained with them."""
NO_ADAPTER: Final = "The recipe has no lora, so every weight would learn; a station serves adapters. Give it a lora."
NO_EXAMPLES: Final = "No example is shown to a model that reads in a station, so none is trained with them. Leave it out."


def not_servable(recipe: Recipe) -> dict[str, str]:
    """What speaks against a recipe in a station, by field; empty where nothing does."""
    found = {}
    if recipe.lora is None:
        found["lora"] = NO_ADAPTER
    if recipe.examples:
        found["shown_share"] = f"shown_share is {recipe.shown_share:g}. {NO_EXAMPLES}"
    return found


def without_examples(recipe: Recipe) -> Recipe:
    """The recipe of a model that was trained elsewhere, or by an older program, for going on in a station."""
    return replace(recipe, shown_share=0.0, wrong_share=0.0, shown_most=1)
