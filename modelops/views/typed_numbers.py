"""Whole numbers as forms and addresses carry them."""

from __future__ import annotations

from modelops.errors import RequestInvalid

_DIGITS = 15


def whole(given: str, name: str) -> int:
    """A whole number that a form sends. Raises ``RequestInvalid`` (``<name>_invalid``)."""
    text = given.strip()
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise RequestInvalid(f"{name}_invalid", f"{name} is {text[:20]!r}; a whole number was expected. Nothing was changed.")
    return int(text)


def number_in(given: str) -> int:
    """A whole number in an address, 0 for anything else."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0
