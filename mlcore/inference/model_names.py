"""Names of predictions that a model and a template made together: content-addressed, because both parts are."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.templates.extractor import TemplateExtractor, template_id_of
from mlcore.templates.model import VendorTemplate

_AND = "+"


@dataclass(frozen=True, slots=True)
class Authors:
    """Who made a prediction. ``model`` is ``""`` when no model had a part, ``template`` when no template had."""

    model: str
    template: str


def name_together(model_id: str, template: VendorTemplate | None) -> str:
    """The ``model_id`` of what the model ``model_id`` and the template say together: ``<model>+<template reader's>``.

    A newly learned template gives another name, and so does another version of the template reader.
    """
    return prefix_of(model_id) + TemplateExtractor(template).model_id


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
    return Authors(model, template) if model and template is not None else Authors(model_id, "")
