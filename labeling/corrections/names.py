"""Names of predictions that no reader made: a correction, its undoing, or a gold record that is looked at again."""

from __future__ import annotations

_CORRECTED, _RESTORED = "~corrected-", "~restored-"
_ROOM = 120

STANDING = "gold:"
"""``model_id`` of a pre-fill that is a gold record begins so; the id of the record follows."""


def corrected_name(model_id: str, correction_id: int) -> str:
    """The ``model_id`` of what a correction made of the prediction ``model_id``."""
    return f"{original_name(model_id)[:_ROOM]}{_CORRECTED}{correction_id}"


def restored_name(model_id: str, correction_id: int) -> str:
    """The ``model_id`` of the copy that brings the earlier prediction back as the newest one."""
    return f"{original_name(model_id)[:_ROOM]}{_RESTORED}{correction_id}"


def original_name(model_id: str) -> str:
    """Who read the values that a correction left as they were."""
    return model_id.partition(_CORRECTED)[0].partition(_RESTORED)[0]
