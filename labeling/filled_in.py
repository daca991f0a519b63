"""Who filled in a record, in a biller's words."""

from __future__ import annotations

from invoices.models import Prediction
from labeling.corrections.names import STANDING, original_name
from mlcore.inference.model_names import authors_of


def filled_in(prediction: Prediction) -> str:
    """To be read after "Filled in": ``by the model together with 2 confirmed documents of this vendor``."""
    if prediction.model_id.startswith(STANDING):
        return "with the gold record that stood then, to be looked at again"
    authors = authors_of(original_name(prediction.model_id))
    documents = f"{_documents(prediction, 'confirmed document')} of this vendor"
    if not authors.template:
        return "by the model" if authors.model else "without a template"
    return f"by the model together with {documents}" if authors.model else f"from {documents}"


def filled_in_briefly(prediction: Prediction) -> str:
    """For a narrow place, by itself: ``Model and 2 documents``."""
    if prediction.model_id.startswith(STANDING):
        return "From the gold record"
    authors = authors_of(original_name(prediction.model_id))
    documents = _documents(prediction, "document")
    if not authors.template:
        return "By the model" if authors.model else "No template"
    return f"Model and {documents}" if authors.model else f"From {documents}"


def _documents(prediction: Prediction, word: str) -> str:
    words = word if prediction.examples == 1 else f"{word}s"
    return f"{prediction.examples} {words}" if prediction.examples else words
