"""The extractor that needs no model: general readers, a vendor's template when there is one, and the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcore.documents import DocumentText, Extraction
from mlcore.readers.candidates import Candidate
from mlcore.readers.context import Context
from mlcore.readers.header import Hints, read_header
from mlcore.readers.layout import build_layout
from mlcore.tables.read import read_table
from mlcore.templates.fingerprint import fingerprint, similarity
from mlcore.templates.header import constants_only, read_by_template
from mlcore.templates.model import LayoutTemplate, VendorTemplate
from mlcore.templates.reading import TemplateReading
from mlcore.templates.sightings import Surface

ENGINE_VERSION = "7"
"""Raised whenever the same document and template may give another answer."""

_FAMILY = "template-"
_NO_TEMPLATE = "zero-shot"

_USABLE_LAYOUT = 0.12
"""Below this likeness of the fingerprints no layout of the vendor fits, and the general reading stands."""


def template_id_of(model_id: str) -> str | None:
    """The template behind a ``model_id`` of this extractor, of any engine version: ``""`` when it had none.

    ``None`` for the ``model_id`` of another extractor.
    """
    engine, separator, name = model_id.partition(":")
    if not separator or not engine.startswith(_FAMILY):
        return None
    return "" if name == _NO_TEMPLATE else name


class TemplateExtractor:
    """Reads documents of one vendor by its template, or of any vendor without one (zero-shot)."""

    def __init__(self, template: VendorTemplate | None = None) -> None:
        self._template = template if template is not None and template.layouts else None

    @property
    def model_id(self) -> str:
        """``template-<engine version>:<template id>``, or ``zero-shot`` in place of the id."""
        name = self._template.template_id if self._template else _NO_TEMPLATE
        return f"{_FAMILY}{ENGINE_VERSION}:{name}"

    def extract(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document; a document without words gives an empty, flagged record."""
        return [self.look(document).extraction() for document in documents]

    def look(self, document: DocumentText) -> TemplateReading:
        """What there is to choose from, before anything is decided."""
        layout = build_layout(document)
        context = Context(layout)
        known = self._layout_for(context)
        hints = Hints(known.date_forms, known.number_style) if known else Hints()
        candidates: Mapping[str, Sequence[Candidate]] = read_header(context, hints)
        if known is not None:
            candidates = read_by_template(Surface(layout), known, candidates)
        table = read_table(document, known.table if known else None)
        return TemplateReading(document, self.model_id, candidates, table, self._template is not None)

    def _layout_for(self, context: Context) -> LayoutTemplate | None:
        if self._template is None or not context.layout.rows:
            return None
        marks = fingerprint(context.layout)
        likeness, best = max(
            ((similarity(marks, layout.fingerprint), -n) for n, layout in enumerate(self._template.layouts)), default=(0.0, 0)
        )
        return self._template.layouts[-best] if likeness >= _USABLE_LAYOUT else constants_only(self._template)
