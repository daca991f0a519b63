"""What every change of what serves is held to before anything is locked: who, why, and whether it can be changed at all."""

from __future__ import annotations

from django.conf import settings

from invoices.models import Role, User
from invoices.serving import SERVER_SETTING, fixed_by, models_folder
from mlcore.errors import ArtifactError, MlcoreError
from mlcore.serving import check_ready_base, scoring_of
from modelops.errors import ModelopsError, Refused, RequestInvalid
from modelops.models import ModelVersion
from modelops.registry.verifying import sound_artifact

MAX_REASON = 500


class AdminNeeded(ModelopsError):
    """What serves is the admins' to change."""

    status = 403
    title = "You may not do this"


def check_asked(by: User | None, reason: str) -> str:
    """The reason, trimmed. ``by`` is ``None`` for the station's operator at the command line.

    Raises ``AdminNeeded``, ``Refused`` (``serving_is_fixed``) where a setting says what serves, ``RequestInvalid`` (``reason_invalid``).
    """
    if by is not None and not by.has_role(Role.ADMIN):
        raise AdminNeeded("admin_needed", "Changing what serves needs the role of an admin.")
    if (setting := fixed_by()) and setting != SERVER_SETTING:
        raise Refused(
            "serving_is_fixed",
            f"The setting {setting} says which model serves, so nothing can be deployed or rolled back here. Take it out of the "
            "environment and restart the station; then what was deployed last serves.",
            {"setting": setting},
        )
    if setting:
        raise Refused(
            "serving_is_fixed",
            f"The setting {setting} names one adapter on the model server, so every model would be read with that one. Take it out of the "
            "environment and restart the station; then each model is asked for by its own name.",
            {"setting": setting},
        )
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise RequestInvalid("reason_invalid", f"The reason has {len(reason)} characters; the limit is {MAX_REASON}.")
    if "\0" in reason:
        raise RequestInvalid("reason_invalid", "The reason holds a character that is no text; type it again.")
    return reason


def check_share(share: int) -> int:
    """A share in percent, 1 to 100. Raises ``RequestInvalid`` (``share_invalid``)."""
    if isinstance(share, bool) or not isinstance(share, int) or not 1 <= share <= 100:
        raise RequestInvalid("share_invalid", f"The share is {str(share)[:20]!r}; give a whole number of percent from 1 to 100.")
    return share


def verify(model: ModelVersion) -> None:
    """Read the whole artifact as it will be read to serve, but for its base. Raises ``Refused`` with the reason.

    ``artifact_damaged``: a file is not what was registered; ``artifact_refused``: it is whole, and cannot serve here.
    """
    artifact = sound_artifact(model)
    try:
        if artifact.confidence is None:
            raise ArtifactError("It has no confidence, so nothing says when it is to be believed; calibrate it and pack it again.")
        scoring_of(artifact)
        if not settings.MODEL_SERVER:
            check_ready_base(artifact, models_folder())
    except MlcoreError as error:
        detail = f"{str(model).capitalize()} cannot serve: {error} What serves now goes on serving."
        raise Refused("artifact_refused", detail, {"reasons": [str(error)]}) from error
