"""Policies of which each version is a row, as an endpoint answers them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from labeling.api.answers import instant
from labeling.versioned.storing import VersionedPolicy


class StoredPolicyVersion(serializers.Serializer[Any]):
    """One version; ``id`` is null while the defaults count. Shares are 0..1."""

    id = serializers.IntegerField(allow_null=True)
    values = serializers.DictField(child=serializers.FloatField())
    note = serializers.CharField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)


class StoredPolicyAnswer(serializers.Serializer[Any]):
    """What counts, and the newest versions before it with what each changed (``{name: [before, after]}``)."""

    current = StoredPolicyVersion()
    history = serializers.ListField(child=serializers.DictField())


class StoredPolicyRequest(serializers.Serializer[Any]):
    """The values to change; what is left out stays."""

    values = serializers.DictField(child=serializers.JSONField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True)


def policy_json(policy: VersionedPolicy[Any]) -> dict[str, Any]:
    """The answer about a policy."""
    past = [
        {**_version(policy, one.policy), "changed": {change.setting.name: [change.before, change.after] for change in one.changes}}
        for one in policy.versions()
    ]
    return {"current": _version(policy, policy.current()), "history": past}


def sent_policy(request: Request, policy: VersionedPolicy[Any]) -> tuple[dict[str, Any], str]:
    """Values and note of a request. Raises the policy's refusal."""
    data = request.data if isinstance(request.data, dict) else {}
    values, note = data.get("values", {}), data.get("note", "")
    if not isinstance(values, dict) or not isinstance(note, str):
        raise policy.refuse("Send values as an object of names and values, and the note as text.")
    return values, note


def _version(policy: VersionedPolicy[Any], row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "values": policy.values(row),
        "note": row.note,
        "created_by": row.created_by.username if row.created_by else None,
        "created_at": instant(row.created_at),
    }
