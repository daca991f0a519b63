"""The signature of a webhook: HMAC-SHA256 over the time and the body, so that what was recorded cannot be sent again later.

Headers: ``Countersign-Timestamp`` (seconds since 1970), ``Countersign-Signature`` (``v1=`` and the hex digest of
``TIMESTAMP.BODY``), ``Countersign-Delivery`` (the same when it is tried again) and ``Countersign-Event``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

TIMESTAMP, SIGNATURE = "Countersign-Timestamp", "Countersign-Signature"
DELIVERY, EVENT = "Countersign-Delivery", "Countersign-Event"
WINDOW_SECONDS = 300
"""So old, or so far ahead, a message may be; a receiver refuses others."""


def new_secret() -> str:
    """256 random bits, with a prefix by which it is recognised where it should not be."""
    return f"cswh_{secrets.token_urlsafe(32)}"


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the signature header."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """What a receiver asks: signed with this secret, and within the window. Takes as long for a wrong signature as for a right one."""
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
        return False
    return hmac.compare_digest(sign(secret, int(timestamp), body), signature)
