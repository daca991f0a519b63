"""Names of predictions that a model and a template made together: content-addressed, because both parts are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.prompts import Example, examples_id
from mlcore.templates.extractor import TemplateExtractor, template_id_of
from mlcore.templates.model import VendorTemplate

_AND = "+"
_SHOWN = "+shown-"


@dataclass(frozen=True, slots=True)
class Authors:
    """Who made a prediction. ``model`` is ``""`` when no model had a part, ``template`` when no template had."""

    model: str
    template: str


def name_together(model_id: str, template: VendorTemplate | None, shown: Sequence[Example] = ()) -> str:
    """The ``model_id`` of what the model ``model_id`` and the template say together: ``<model>+<template reader's>``.

    A newly learned template gives another name, and so do another version of the template reader and other confirmed documents that
    the model was ``shown`` (``<model>+shown-<their name>+<template reader's>``).
    """
    return name_beside(model_id, TemplateExtractor(template), shown)


def name_beside(model_id: str, reader: TemplateExtractor, shown: Sequence[Example] = ()) -> str:
    """``name_together`` for a template reader that is there already."""
    model = f"{model_id}{_SHOWN}{examples_id(shown)}" if shown else model_id
    return prefix_of(model) + reader.model_id


def prefix_of(model_id: str) -> str:
    """What the names of everything begin with that the model ``model_id`` had a part in."""
    return f"{model_id}{_AND}"


def authors_of(model_id: str) -> Authors:
    """Who made the prediction of this ``model_id``; a name that is neither a template's nor of both is a model's."""
    template = template_id_of(model_id)
    if template is not None:
        return Authors("", template)
    model, _, reader = model_id.rpartition(_AND)
    template = template_id_of(reader)
    if not model or template is None:
        return Authors(model_id, "")
    return Authors(model.partition(_SHOWN)[0] or model, template)
