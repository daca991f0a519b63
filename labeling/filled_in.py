"""Who filled in a record, in a biller's words, to be read after "Filled in"."""

from __future__ import annotations

from invoices.models import Prediction
from mlcore.inference.model_names import authors_of


def filled_in(prediction: Prediction) -> str:
    """The whole of it: ``by the model together with 2 confirmed documents of this vendor``."""
    return _said(prediction, " together with ", f"{_documents(prediction, 'confirmed document')} of this vendor")


def filled_in_briefly(prediction: Prediction) -> str:
    """For a narrow place: ``by the model and 2 documents``."""
    return _said(prediction, " and ", _documents(prediction, "document"))


def _said(prediction: Prediction, joined: str, documents: str) -> str:
    authors = authors_of(prediction.model_id)
    if not authors.template:
        return "by the model" if authors.model else "without a template"
    return f"by the model{joined}{documents}" if authors.model else f"from {documents}"


def _documents(prediction: Prediction, word: str) -> str:
    words = word if prediction.examples == 1 else f"{word}s"
    return f"{prediction.examples} {words}" if prediction.examples else words
