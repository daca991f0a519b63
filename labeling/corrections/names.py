"""Names of predictions that no reader made just now: a correction, its undoing, a gold record that is looked at again, or what a model
had read when it served before."""

from __future__ import annotations

_CORRECTED, _RESTORED, _AGAIN = "~corrected-", "~restored-", "~again-"
_ROOM = 120

STANDING = "gold:"
"""``model_id`` of a pre-fill that is a gold record begins so; the id of the record follows."""


def corrected_name(model_id: str, correction_id: int) -> str:
    """The ``model_id`` of what a correction made of the prediction ``model_id``."""
    return f"{original_name(model_id)[:_ROOM]}{_CORRECTED}{correction_id}"


def restored_name(model_id: str, correction_id: int) -> str:
    """The ``model_id`` of the copy that brings the earlier prediction back as the newest one."""
    return f"{original_name(model_id)[:_ROOM]}{_RESTORED}{correction_id}"


def again_name(model_id: str, deployment_id: int) -> str:
    """The ``model_id`` of the copy that makes an earlier prediction the newest one, because its model serves again."""
    return f"{original_name(model_id)[:_ROOM]}{_AGAIN}{deployment_id}"


def is_corrected(model_id: str) -> bool:
    """Whether a person has had a part in it: a correction that was spread, or a gold record that is looked at again."""
    return _CORRECTED in model_id or model_id.startswith(STANDING)


def original_name(model_id: str) -> str:
    """Who read the values that a correction left as they were."""
    return model_id.partition(_CORRECTED)[0].partition(_RESTORED)[0].partition(_AGAIN)[0]
