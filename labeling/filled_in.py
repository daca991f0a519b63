"""Who filled in a record, in a biller's words."""

from __future__ import annotations

from invoices.models import Prediction
from mlcore.inference.model_names import authors_of


def filled_in(prediction: Prediction) -> str:
    """How a record was filled in, to be read after "Filled in"."""
    authors = authors_of(prediction.model_id)
    if not authors.template:
        return "by the model" if authors.model else "without a template"
    documents = _documents(prediction.examples)
    return f"by the model together with {documents}" if authors.model else f"from {documents}"


def _documents(examples: int | None) -> str:
    if not examples:
        return "confirmed documents of this vendor"
    return f"{examples} confirmed document{'' if examples == 1 else 's'} of this vendor"
