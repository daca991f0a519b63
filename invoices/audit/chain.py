"""The hash of an entry. Pure: what is hashed is the whole entry, its place in the chain and the hash before it.

``docs/audit.md`` gives the recipe, so that an export can be checked without this program.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, Final, Protocol

START: Final = "0" * 64
"""What stands in the place of a previous hash at position 1."""


class Sealable(Protocol):
    """What is hashed of an entry."""

    id: int
    at: dt.datetime
    person_id: int | None
    person_name: str
    role: str
    address: str
    request_id: str
    action: str
    object_kind: str
    object_id: str
    document_id: int | None
    before: Any
    after: Any
    once: str | None


def instant(at: dt.datetime) -> str:
    """A moment as it is hashed and exported: UTC, always with microseconds."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(entry: Sealable) -> dict[str, Any]:
    """Everything of an entry but its place in the chain."""
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "person": entry.person_id,
        "name": entry.person_name,
        "role": entry.role,
        "address": entry.address,
        "request": entry.request_id,
        "action": entry.action,
        "kind": entry.object_kind,
        "object": entry.object_id,
        "document": entry.document_id,
        "before": entry.before,
        "after": entry.after,
        "once": entry.once,
    }


def hash_of(entry: Sealable, position: int, previous: str) -> str:
    """SHA-256 (64 hexadecimal digits) of the canonical JSON: keys sorted, no spaces, ASCII only."""
    hashed = {**content(entry), "position": position, "previous": previous}
    return hashlib.sha256(json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")).hexdigest()
