"""The edits of a draft request, read one by one: a paste sends thousands, and form classes take their time for each."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError

from labeling.draft_edits import Edit
from labeling.models import EditCause
from labeling.submission import MARKS, MAX_PLACES
from mlcore.documents import evidence_from_json
from mlcore.errors import DocumentError

MAX_EDITS = 5_000
MAX_TEXT = 100_000
MAX_COUNT = 2_147_483_647
_KEY = re.compile(r"[A-Za-z0-9_.\[\]-]{1,80}")
_CAUSES = frozenset(EditCause.values)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_edits(raw: object, now: dt.datetime) -> tuple[Edit, ...]:
    """The edits in the order sent; one without a time happened ``now``. Raises DRF's ``ValidationError``."""
    if not isinstance(raw, list):
        raise ValidationError("The edits are a list.", code="not_a_list")
    if len(raw) > MAX_EDITS:
        raise ValidationError(
            f"{len(raw)} edits; a request holds at most {MAX_EDITS}. Send the rest in the next one.", code="too_many_edits"
        )
    edits: list[Edit] = []
    problems: dict[str, Any] = {}
    for index, entry in enumerate(raw):
        try:
            edits.append(_edit(entry, now))
        except (ValueError, TypeError, OverflowError) as error:
            problems[str(index)] = ValidationError(str(error), code="edit_invalid").detail
    if problems:
        raise ValidationError(problems)
    return tuple(edits)


def _edit(entry: Any, now: dt.datetime) -> Edit:
    if not isinstance(entry, Mapping):
        raise ValueError("An edit is an object with id, key and cell.")
    identity, key, at = entry.get("id"), entry.get("key"), entry.get("at")
    if not isinstance(identity, str) or not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError("An edit needs an id (a UUID) and the key of a cell of at most 80 letters, digits, dots and hyphens.")
    if "cell" not in entry:
        raise ValueError("An edit needs the cell as it is after it, or null to take it back to the pre-fill.")
    when = parse_datetime(at) if isinstance(at, str) else None
    if at is not None and (when is None or when.tzinfo is None):
        raise ValueError(f"{str(at)[:40]!r} is no time; write it like 2026-11-22T10:00:05Z.")
    cell = None if entry["cell"] is None else _cell(entry["cell"])
    return Edit(uuid.UUID(identity), key, cell, _in_range(when) or now, _count(entry, "active_ms"), _count(entry, "keystrokes"))


def _cell(raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise ValueError("A cell is an object with value, mark, unsure, confirmed, evidence and cause.")
    value, mark, cause = raw.get("value"), raw.get("mark"), raw.get("cause", EditCause.TYPED.value)
    if value is not None and not isinstance(value, str):
        raise ValueError("The value of a cell is text as entered, or null.")
    if value is not None and len(value) > MAX_TEXT:
        raise ValueError(f"The value has {len(value)} characters; the limit is {MAX_TEXT}.")
    if mark is not None and mark not in MARKS:
        raise ValueError(f"{str(mark)[:40]!r} is no mark; choose one of {', '.join(MARKS)}.")
    if not isinstance(cause, str) or cause not in _CAUSES:
        raise ValueError(f"{str(cause)[:40]!r} is no cause; choose one of {', '.join(sorted(_CAUSES))}.")
    return {
        "value": _UNSTORABLE.sub("\ufffd", value) if value is not None else None,
        "mark": mark,
        "unsure": raw.get("unsure") is True,
        "confirmed": raw.get("confirmed") is True,
        "evidence": _places(raw.get("evidence")),
        "cause": cause,
    }


def _places(raw: object) -> list[dict[str, Any]]:
    """The places that are places; a bad one is left out, because what was typed matters more than where it was seen."""
    places = []
    for place in raw[:MAX_PLACES] if isinstance(raw, list) else []:
        with suppress(DocumentError, OverflowError):
            places.append(evidence_from_json(place if isinstance(place, Mapping) else {}).to_json())
    return places


def _count(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
        raise ValueError(f"{name} is a whole number from 0 to {MAX_COUNT}.")
    return value


def _in_range(when: dt.datetime | None) -> dt.datetime | None:
    """A time that every database can store; a clock that is centuries off counts as none."""
    return when.astimezone(dt.UTC) if when is not None and 1970 <= when.year <= 9000 else None
