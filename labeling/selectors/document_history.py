"""What happened to a document, in the words of those who work with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from invoices.models import Document, Prediction, ReadingEvent, User, VendorTemplate
from labeling.models import Annotation, GoldRecord
from mlcore.templates.extractor import template_id_of


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the document. ``who`` is empty when it was the machine."""

    at: dt.datetime
    icon: str
    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What is stored about a document, each in the order of its making; ``template_sizes`` as the function answers."""

    reading: Sequence[ReadingEvent]
    predictions: Sequence[Prediction]
    template_sizes: Mapping[str, int]
    annotations: Sequence[Annotation]
    golds: Sequence[GoldRecord]


def history_of(document: Document, stored: History) -> list[Event]:
    """Everything that happened, the oldest first."""
    events = [Event(document.received_at, "upload", "Received", _name(document.uploaded_by))]
    events += [_reading(event) for event in stored.reading]
    if document.parsed_at is not None:
        events.append(Event(document.parsed_at, "file", f"Read: {_count(document.page_count, 'page')}"))
    for prediction in stored.predictions:
        events.append(Event(prediction.created_at, "pencil", f"Filled in {filled_in(prediction.model_id, stored.template_sizes)}"))
    for annotation in stored.annotations:
        effort = f"{round(annotation.active_ms / 1000)} s active, {_count(annotation.keystrokes, 'keystroke')}"
        text = f"{annotation.task.get_kind_display()} submitted, {effort}"
        events.append(Event(annotation.submitted_at, "sign", text, _name(annotation.author)))
    for number, gold in enumerate(stored.golds):
        events.append(Event(gold.created_at, "confirmed", "Became gold" if number == 0 else "Gold replaced by a newer record"))
    return sorted(events, key=lambda event: event.at)


def template_sizes(predictions: Sequence[Prediction]) -> dict[str, int]:
    """How many confirmed documents each template behind the predictions was learned from; one query, or none."""
    wanted = {found for prediction in predictions if (found := template_id_of(prediction.model_id))}
    if not wanted:
        return {}
    return dict(VendorTemplate.objects.filter(template_id__in=wanted).values_list("template_id", "example_count"))


def filled_in(model_id: str, sizes: Mapping[str, int]) -> str:
    """How a record was filled in, to be read after "Filled in"."""
    template = template_id_of(model_id)
    if template is None:
        return f"by the model {model_id}"
    if not template:
        return "without a template"
    if template not in sizes:
        return "from confirmed documents of this vendor"
    return f"from {_count(sizes[template], 'confirmed document')} of this vendor"


def _reading(event: ReadingEvent) -> Event:
    if event.kind == ReadingEvent.Kind.FAILED:
        return Event(event.at, "invalid", f"Failed: {event.message}")
    return Event(event.at, "retry", "Sent to be read again", _name(event.person))


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.username) if user else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
