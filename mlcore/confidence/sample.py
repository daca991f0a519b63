"""One document to learn confidence from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from mlcore.documents import DocumentText, Extraction, GoldExample
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.rescoring.fit import WeighedDocument
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.rescoring.rescorer import Rescorer
from mlcore.templates.reading import TemplateReading


@dataclass(frozen=True)
class ConfidenceSample:
    """A document as both readers read it, with its confirmed record.

    ``document_id`` names the document itself: one that comes in several times, with another template each time, counts once when
    something is certified. ``vendor_key`` groups documents that are alike; neither reader may have learned from this document.
    ``model`` is ``None`` where no model read it; ``told`` is then what a model held of what the template reader was not sure of, if it
    was asked. ``look`` is what ``template`` was decided from, where that is to be decided again. ``set_name`` says which set the document
    comes from (``set`` of its line); documents without are a set too.
    """

    document_id: str
    vendor_key: str
    document: DocumentText
    template: Extraction
    model: DocumentReading | None
    gold: GoldExample
    look: TemplateReading | None = None
    told: tuple[WeighedField, ...] = ()
    set_name: str = ""

    @property
    def only_weighed(self) -> bool:
        """Whether a model was asked about single fields, and read no more of it."""
        return self.model is None and bool(self.told)

    @cached_property
    def opened(self) -> OpenFields:
        """What the template reader was not sure of."""
        return open_fields(self.look) if self.look is not None else OpenFields({}, ())

    @property
    def weighed(self) -> tuple[WeighedField, ...]:
        """What the model held of that."""
        return self.model.weighed if self.model is not None else self.told

    @property
    def as_weighed(self) -> WeighedDocument:
        """As weights are learned from it."""
        return WeighedDocument(self.vendor_key, self.opened, self.weighed, self.gold)

    def unread(self) -> ConfidenceSample:
        """The same as if the model had only been asked about it."""
        return replace(self, model=None, told=self.weighed)

    def rescored(self, rescorer: Rescorer) -> ConfidenceSample:
        """The same with the template's extraction as it is once the model has weighed the open fields."""
        if self.look is None or not self.weighed:
            return self
        return replace(self, template=rescorer.extraction(self.look, self.opened, self.weighed))
