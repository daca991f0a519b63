"""What the endpoints of deployment take and answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from modelops.errors import RequestInvalid


class DeploymentModel(serializers.Serializer[Any]):
    """A model by number and name."""

    number = serializers.IntegerField()
    model_id = serializers.CharField()


class DeploymentAnswer(serializers.Serializer[Any]):
    """A time in which a model (null: templates alone) serves or served. ``refusal``: why a worker could not take it up."""

    id = serializers.IntegerField()
    slot = serializers.CharField()
    kind = serializers.CharField()
    model = DeploymentModel(allow_null=True)
    share = serializers.IntegerField()
    by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    taken_up_at = serializers.DateTimeField(allow_null=True)
    refusal = serializers.CharField()
    gate_result = serializers.IntegerField(allow_null=True)
    override = serializers.IntegerField(allow_null=True)


class DeploymentNow(serializers.Serializer[Any]):
    """What serves now. Whoever changes it sends ``version`` back as ``expected``. ``setting`` names what says so instead, else empty."""

    version = serializers.IntegerField()
    champion = DeploymentAnswer(allow_null=True)
    canary = DeploymentAnswer(allow_null=True)
    setting = serializers.CharField()
    returns_to = DeploymentAnswer(allow_null=True)
    waiting_documents = serializers.IntegerField()


class DeploymentsAnswer(serializers.Serializer[Any]):
    """What serves now, and what served, the newest first; ``older`` is the value of ``before`` for the next page, null at the end."""

    now = DeploymentNow()
    history = DeploymentAnswer(many=True)
    older = serializers.IntegerField(allow_null=True)


class PromoteRequest(serializers.Serializer[Any]):
    """``share`` is a percentage of the documents, 100 for the champion; ``expected`` the ``version`` that was decided on."""

    share = serializers.IntegerField(required=False, default=100)
    reason = serializers.CharField(required=False, allow_blank=True)
    expected = serializers.IntegerField()


class TemplatesAloneRequest(serializers.Serializer[Any]):
    """``reason`` is needed; ``expected`` is the ``version`` that was decided on."""

    reason = serializers.CharField()
    expected = serializers.IntegerField()


class RollbackRequest(serializers.Serializer[Any]):
    """``expected`` is the ``version`` that was decided on."""

    reason = serializers.CharField(required=False, allow_blank=True)
    expected = serializers.IntegerField()


class ShadowRequest(serializers.Serializer[Any]):
    """How many of the newest documents are read."""

    documents = serializers.IntegerField(required=False)


class ShadowRunAnswer(serializers.Serializer[Any]):
    """A shadow run. ``read`` of ``chosen`` documents are read; ``summary`` is that of what was read so far."""

    id = serializers.IntegerField()
    model = DeploymentModel()
    against = DeploymentModel(allow_null=True)
    state = serializers.CharField()
    wanted = serializers.IntegerField()
    chosen = serializers.IntegerField()
    read = serializers.IntegerField()
    summary = serializers.DictField()
    error = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def body_of(data: object) -> dict[str, Any]:
    """A request's body. Raises ``RequestInvalid`` (``body_invalid``) for anything but an object."""
    if not isinstance(data, dict):
        raise RequestInvalid("body_invalid", 'Send an object with the names of the fields, for example {"expected": 12}.')
    return dict(data)


def expected_in(data: dict[str, Any]) -> int:
    """The version that the caller decided on. Raises ``RequestInvalid`` (``expected_missing``)."""
    given = data.get("expected")
    if isinstance(given, bool) or not isinstance(given, int):
        raise RequestInvalid(
            "expected_missing",
            f"expected is {str(given)[:20]!r}; send the number `now.version` of GET deployments/, so that nobody changes what serves on "
            "other grounds than what was looked at.",
        )
    return given


def text_in(data: dict[str, Any], name: str) -> str:
    """A text, ``""`` when it is left out. Raises ``RequestInvalid``."""
    given = data.get(name, "")
    if not isinstance(given, str):
        raise RequestInvalid(f"{name}_invalid", f"{name} is {str(given)[:20]!r}; send text.")
    return given
