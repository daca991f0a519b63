"""The limits of alerts."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.policy_answers import StoredPolicyAnswer, StoredPolicyRequest, policy_json, sent_policy
from modelops.alerts.policies import ALERT_POLICY, set_alert_policy
from modelops.api.base import ModelopsView


class AlertPolicyView(ModelopsView):
    """``alert-policy/``."""

    @extend_schema(responses={200: StoredPolicyAnswer, 403: Problem}, tags=["alerts"])
    def get(self, request: Request) -> Response:
        """The limits that count and how they came to be."""
        return Response(policy_json(ALERT_POLICY))

    @extend_schema(request=StoredPolicyRequest, responses={200: StoredPolicyAnswer, 400: Problem, 403: Problem}, tags=["alerts"])
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        values, note = sent_policy(request, ALERT_POLICY)
        set_alert_policy(user=person(request), values=values, note=note)
        return Response(policy_json(ALERT_POLICY))
