"""What happened to a document, in the words of those who work with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from invoices.models import Document, Prediction, ReadingEvent, User
from labeling.filled_in import filled_in
from labeling.models import Annotation, GoldRecord, TaskPurpose


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the document. ``who`` is empty when it was the machine."""

    at: dt.datetime
    icon: str
    text: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What is stored about a document, each in the order of its making."""

    reading: Sequence[ReadingEvent]
    predictions: Sequence[Prediction]
    annotations: Sequence[Annotation]
    golds: Sequence[GoldRecord]


def history_of(document: Document, stored: History, viewer: int) -> list[Event]:
    """Everything that happened, the oldest first. Whoever did a gold test, the person ``viewer``, is not told that it was one."""
    events = [Event(document.received_at, "upload", "Received", _name(document.uploaded_by))]
    events += [_reading(event) for event in stored.reading]
    if document.parsed_at is not None:
        events.append(Event(document.parsed_at, "file", f"Read: {_count(document.page_count, 'page')}"))
    for prediction in stored.predictions:
        events.append(Event(prediction.created_at, "pencil", f"Filled in {filled_in(prediction)}"))
    for annotation in stored.annotations:
        effort = f"{round(annotation.active_ms / 1000)} s active, {_count(annotation.keystrokes, 'keystroke')}"
        what = annotation.task.get_kind_display()
        if annotation.author_id != viewer and annotation.task.purpose != TaskPurpose.WORK:
            what = annotation.task.get_purpose_display()
        text = f"{what} submitted, {effort}"
        events.append(Event(annotation.submitted_at, "sign", text, _name(annotation.author)))
    for number, gold in enumerate(stored.golds):
        events.append(Event(gold.created_at, "confirmed", "Became gold" if number == 0 else "Gold replaced by a newer record"))
    return sorted(events, key=lambda event: event.at)


def _reading(event: ReadingEvent) -> Event:
    if event.kind == ReadingEvent.Kind.FAILED:
        return Event(event.at, "invalid", f"Failed: {event.message}")
    return Event(event.at, "retry", "Sent to be read again", _name(event.person))


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.username) if user else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
