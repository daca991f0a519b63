"""What a model read off one document before anybody judged it: values with the model's own certainty and their places."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.documents import Evidence
from mlcore.schema import InvoiceRecord, Value


@dataclass(frozen=True, slots=True)
class ValueReading:
    """One value as the model said it.

    ``log_probabilities`` and ``margins`` are those of the value's own tokens (``inference.decoding.Said``), signs of the form and
    forced tokens left out; both are empty when nothing of the value was the model's choice. ``places`` counts where the value
    stands on the pages; ``evidence`` is the likeliest of them, ``exact`` whether it reads just like ``text``. The type of a line
    is not printed and has no place.
    """

    path: str
    text: str
    value: Value
    log_probabilities: tuple[float, ...]
    margins: tuple[float, ...]
    evidence: tuple[Evidence, ...] = ()
    places: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class WeighedField:
    """How likely the model holds other texts for a field of the header than the one it would say itself.

    ``options`` are ``(text as printed, log-probability)``; the empty text is "not on the document".
    """

    name: str
    options: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """All values of one document: ``record`` holds those that are values of their fields, ``values`` also what was said of absence.

    A value with ``text == ""`` says that the field is not on the document. ``windows`` counts the parts that a long document was
    read in, ``passes`` the forward passes, ``cut`` says that the limit ended an answer. ``weighed`` has the fields of which the template
    reader was not sure (``mlcore.rescoring``), where the model was asked about them.
    """

    record: InvoiceRecord
    values: tuple[ValueReading, ...]
    windows: int = 1
    tokens: int = 0
    passes: int = 0
    cut: bool = False
    weighed: tuple[WeighedField, ...] = ()
