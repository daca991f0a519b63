"""``artifact.json``: what an artifact says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlcore.answers import FORMS
from mlcore.base_model.identity import BaseIdentity
from mlcore.errors import ArtifactError, BaseModelError, RecipeError
from mlcore.prompts import PROMPT_VERSION
from mlcore.training.config import Recipe
from mlcore.training.start import Ancestor, lineage_of


@dataclass(frozen=True, slots=True)
class Description:
    """``base`` is the base model that the adapter was trained on, ``form`` and ``prompt_version`` how it is asked and answers.

    ``data_hash`` is of the documents it was trained on: of the data set, else of the training examples. ``data`` says where they
    come from, ``training`` holds numbers of the run (``training.outcome``); both are told in the card and decide nothing. ``lineage``
    has the artifacts that the training started from, the nearest first; empty for one that started from the base.
    """

    base: BaseIdentity
    form: str
    prompt_version: str
    recipe: Recipe
    data_hash: str
    data: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    lineage: tuple[Ancestor, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types. Without ancestors none are told, as before there could be any: the name of such an artifact stays."""
        ancestors = {"lineage": [one.to_json() for one in self.lineage]} if self.lineage else {}
        return {
            "base": self.base.to_json(),
            "form": self.form,
            "prompt_version": self.prompt_version,
            "recipe": self.recipe.to_json(),
            "data_hash": self.data_hash,
            "data": dict(self.data),
            "training": dict(self.training),
            **ancestors,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Description:
        """Inverse of ``to_json``. Raises ``ArtifactError`` for what this program cannot ask or read."""
        try:
            found = cls(
                base=BaseIdentity.from_json(data["base"]),
                form=str(data["form"]),
                prompt_version=str(data["prompt_version"]),
                recipe=Recipe.from_json(data["recipe"]),
                data_hash=str(data["data_hash"]),
                data=dict(data["data"]),
                training=dict(data["training"]),
                lineage=lineage_of(data),
            )
        except (KeyError, TypeError, ValueError, AttributeError, BaseModelError, RecipeError) as error:
            raise ArtifactError(f"The description of the artifact cannot be read ({error}); pack the run again.") from error
        if found.form not in FORMS:
            raise ArtifactError(f"The artifact answers in the form {found.form!r}; this program reads {', '.join(FORMS)}. Train again.")
        if found.prompt_version != PROMPT_VERSION:
            raise ArtifactError(
                f"The artifact was trained on prompts of {found.prompt_version!r}, this program writes {PROMPT_VERSION!r}; "
                "train again, or serve it with the program of its time."
            )
        if found.recipe.form != found.form:
            raise ArtifactError(f"The artifact's form is {found.form!r}, but its recipe trained {found.recipe.form!r}; pack the run again.")
        return found
