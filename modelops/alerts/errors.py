"""Why a message did not get there.

    DeliveryFailed
    ├── DeliveryRefused     trying again would change nothing: not allowed, an address that is none, a receiver that says no
    └── DeliveryAway        it may get there later: no connection, too slow, a server that fails

``code`` is stable, ``message`` is for people and holds neither a secret nor the body of an answer.
"""

from __future__ import annotations


class DeliveryFailed(Exception):
    """Base of both."""

    in_vain = False

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class DeliveryRefused(DeliveryFailed):
    """Trying again would change nothing."""

    in_vain = True


class DeliveryAway(DeliveryFailed):
    """It may get there later."""
