"""The limits of alerts."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from modelops.alerts.policies import ALERT_SETTINGS, current_alert_policy, set_alert_policy
from modelops.api.base import ModelopsView
from modelops.api.policy_answers import StoredPolicyAnswer, StoredPolicyRequest, policy_json, sent_policy
from modelops.models import AlertPolicyVersion
from modelops.versioned import versions_of


class AlertPolicyView(ModelopsView):
    """``alert-policy/``."""

    @extend_schema(responses={200: StoredPolicyAnswer, 403: Problem}, tags=["alerts"])
    def get(self, request: Request) -> Response:
        """The limits that count and how they came to be."""
        return Response(_answer())

    @extend_schema(request=StoredPolicyRequest, responses={200: StoredPolicyAnswer, 400: Problem, 403: Problem}, tags=["alerts"])
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        values, note = sent_policy(request)
        set_alert_policy(user=person(request), values=values, note=note)
        return Response(_answer())


def _answer() -> dict[str, object]:
    return policy_json(current_alert_policy(), versions_of(AlertPolicyVersion, ALERT_SETTINGS), ALERT_SETTINGS)
