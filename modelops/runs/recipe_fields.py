"""The fields of a recipe as people fill them in: name, help, unit and limits of each. No database.

The limits are those of ``mlcore.training.config`` where it has some, and else what a slip of the keyboard is told by. What fields mean
together is ``Recipe.checked``'s to say. A station trains adapters alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from mlcore.answers import FORMS
from mlcore.training.config import Precision, Recipe


@dataclass(frozen=True, slots=True)
class RecipeField:
    """One field. ``path`` is its place in ``Recipe.to_json``.

    ``kind``: whole | number | switch | choice | names | text. ``least`` and ``most`` are allowed themselves, but for ``above`` (then
    ``least`` is not) and ``below`` (then ``most`` is not).
    """

    path: str
    kind: str
    group: str
    label: str
    help: str
    unit: str = ""
    least: float = 0
    most: float = 0
    above: bool = False
    below: bool = False
    choices: tuple[str, ...] = ()

    @property
    def limits(self) -> str:
        """In words."""
        if self.kind in ("whole", "number"):
            low = f"above {self.least:g}" if self.above else f"{self.least:g}"
            return f"{low} to {'below ' if self.below else ''}{self.most:,.10g}"
        return ", ".join(self.choices)


_WHAT, _SPEED, _AMOUNT = "What learns", "How fast it learns", "How much it sees"
_LOSS = "What it is asked for"
FIELDS: Final[tuple[RecipeField, ...]] = (
    RecipeField("name", "text", _WHAT, "Name", "What the recipe is called in lists and on the model card.", most=40),
    RecipeField(
        "lora.rank", "whole", _WHAT, "Rank",
        "Width of the adapter. The specification found 8; more can hold more, in a larger file.", least=1, most=512,
    ),
    RecipeField(
        "lora.alpha", "number", _WHAT, "Alpha",
        "The adapter counts alpha / rank times. Usual is twice the rank; a rank changed alone changes the step size too.",
        least=0, most=4096, above=True,
    ),
    RecipeField(
        "lora.dropout", "number", _WHAT, "Dropout", "Share of the adapter's inputs left out at random while it learns.",
        unit="share", least=0, most=1, below=True,
    ),
    RecipeField(
        "lora.targets", "names", _WHAT, "Layers", "all-linear, or names of modules such as q_proj, v_proj, separated by commas.",
    ),
    RecipeField(
        "precision", "choice", _WHAT, "Precision of the base",
        "auto takes what the device does best; nf4 is the specification's 4-bit base and saves memory, not time.",
        choices=tuple(Precision),
    ),
    RecipeField(
        "schedule.learning_rate", "number", _SPEED, "Learning rate",
        "The peak. 1e-3 for an adapter on a small base, 1e-4 to 4e-4 on 3B, 5e-5 to 3e-4 for full fine-tuning.",
        least=0, most=0.1, above=True,
    ),
    RecipeField("schedule.warmup_steps", "whole", _SPEED, "Warm-up", "Steps in which the rate rises from 0.", "steps", 0, 100_000),
    RecipeField("schedule.floor", "number", _SPEED, "Floor", "Share of the peak at which the rate ends.", "share", 0, 1),
    RecipeField("schedule.weight_decay", "number", _SPEED, "Weight decay", "0 is none.", least=0, most=1),
    RecipeField(
        "schedule.clip_norm", "number", _SPEED, "Longest gradient", "Longer ones are shortened to this; 1 is usual.",
        least=0, most=1_000_000, above=True,
    ),
    RecipeField("epochs", "whole", _AMOUNT, "Epochs", "How often it sees every document.", least=1, most=100),
    RecipeField(
        "micro_batch", "whole", _AMOUNT, "Documents at a time", "Go through the model together; memory grows with it.", "documents", 1, 256,
    ),
    RecipeField(
        "accumulate", "whole", _AMOUNT, "Turns a step", "So many of these make one step of learning.", least=1, most=1024,
    ),
    RecipeField(
        "max_tokens", "whole", _AMOUNT, "Longest document", "Prompt and answer together; longer documents are left out and counted.",
        "tokens", 64, 131_072,
    ),
    RecipeField(
        "windows", "switch", _AMOUNT, "Longer ones in windows",
        "Trains on longer documents in parts, as they are read, instead of leaving them out.",
    ),
    RecipeField(
        "save_every_steps", "whole", _AMOUNT, "Checkpoint every", "So much is lost at most when the machine stops.", "steps", 1, 100_000,
    ),
    RecipeField(
        "patience", "whole", _AMOUNT, "Patience", "Stops after so many epochs without a better validation loss. 0: never.",
        "epochs", 0, 100,
    ),
    RecipeField(
        "checkpointing", "switch", _AMOUNT, "Spare memory", "Computes parts twice instead of keeping them: about a third slower.",
    ),
    RecipeField("form", "choice", _LOSS, "Form of the answer", "What the model writes; the reader understands all.", choices=tuple(FORMS)),
    RecipeField(
        "rare_weight", "number", _LOSS, "Weight of rare line types",
        "Multiplies the loss in rows of a rare type, so that they are not drowned; 1 is unweighted.", "times", 1, 100,
    ),
    RecipeField("seed", "whole", _LOSS, "Seed", "The same seed, data and recipe give the same run.", least=0, most=2**31 - 1),
)  # fmt: skip
BY_PATH: Final = {field.path: field for field in FIELDS}
SWEPT: Final = tuple(field.path for field in FIELDS if field.kind in ("whole", "number") and field.path != "seed")
"""Fields that a sweep may vary."""


def flat(recipe: Recipe) -> dict[str, Any]:
    """Every field by its path; those of the adapter are left out of a recipe that has none."""
    data = asdict(recipe)
    found: dict[str, Any] = {}
    for field in FIELDS:
        head, _, last = field.path.partition(".")
        if not last:
            found[field.path] = data[head]
        elif data[head] is not None:
            found[field.path] = data[head][last]
    found["precision"] = str(recipe.precision)
    if recipe.lora is not None:
        found["lora.targets"] = list(recipe.lora.targets)
    return found


def problem_with(field: RecipeField, value: object) -> str:
    """What is wrong with the value of one field; ``""`` when nothing is."""
    shown = f"{field.label} is {str(value)[:40]!r}"
    if field.kind in ("whole", "number"):
        return _number_problem(field, value, shown)
    if field.kind == "switch":
        return "" if isinstance(value, bool) else f"{shown}; it is yes or no."
    if field.kind == "choice":
        return "" if value in field.choices else f"{shown}; it is one of {field.limits}."
    if field.kind == "text":
        fits = isinstance(value, str) and 0 < len(value.strip()) <= field.most
        return "" if fits else f"{shown}; it is a text of 1 to {field.most:g} characters."
    named = isinstance(value, list) and 0 < len(value) <= 32 and all(isinstance(one, str) and 0 < len(one) <= 80 for one in value)
    return "" if named else f"{shown}; name 1 to 32 layers, or all-linear."


def _number_problem(field: RecipeField, value: object, shown: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{shown}; it is a number, {field.limits}."
    if field.kind == "whole" and not isinstance(value, int):
        return f"{shown}; it is a whole number, {field.limits}."
    low = value > field.least if field.above else value >= field.least
    high = value < field.most if field.below else value <= field.most
    return "" if low and high else f"{shown}; it has to be {field.limits}."
