"""Proposed training runs, and the policy of what asks for them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.answers import instant
from labeling.api.forms import Form
from labeling.api.policy_answers import StoredPolicyAnswer, StoredPolicyRequest, policy_json, sent_policy
from modelops.api.alerts import REFUSALS
from modelops.api.base import ModelopsView
from modelops.models import TriggerProposal
from modelops.selectors.proposals import TABS, ProposalFilter, proposal_list, proposal_numbered
from modelops.triggers.deciding import dismiss
from modelops.triggers.policies import TRIGGER_POLICY, set_trigger_policy
from modelops.triggers.starting import start_proposal


class ProposalQuery(serializers.Serializer[Any]):
    """What may be asked."""

    state = serializers.ChoiceField(list(TABS), default="open")
    cursor = serializers.CharField(default="", max_length=2000)


class ProposalAnswer(serializers.Serializer[Any]):
    """One proposal. ``dataset`` is a number; ``held_back`` says why its run did not begin, ``preflight`` has what refused."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    vendor = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    sentence = serializers.CharField()
    evidence = serializers.DictField(child=serializers.JSONField())
    preflight = serializers.DictField(child=serializers.JSONField())
    policy = serializers.IntegerField(allow_null=True)
    dataset = serializers.IntegerField(allow_null=True)
    taken_up_by = serializers.CharField(allow_null=True)
    taken_up_at = serializers.DateTimeField(allow_null=True)
    held_back = serializers.CharField()
    run = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class ProposalPage(serializers.Serializer[Any]):
    """One page; ``counts`` by state."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    results = ProposalAnswer(many=True)


class ProposalStartForm(Form):
    """Codes of the warnings of its preflight that are confirmed."""

    confirmed = serializers.ListField(child=serializers.CharField(max_length=60), default=list, max_length=40)


class ProposalDismissForm(Form):
    """Why."""

    reason = serializers.CharField(default="", allow_blank=True, max_length=5_000)


class ProposalsView(ModelopsView):
    """``proposals/``."""

    @extend_schema(
        operation_id="proposals_list",
        parameters=[ProposalQuery],
        responses={200: ProposalPage, 400: Problem, 403: Problem},
        tags=["triggers"],
    )
    def get(self, request: Request) -> Response:
        """One page: open ones the oldest first, others the newest first."""
        query = ProposalQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        listed = proposal_list(ProposalFilter(query.validated_data["state"], query.validated_data["cursor"]))
        return Response(
            {
                "next": listed.next or None,
                "previous": listed.previous or None,
                "counts": listed.counts,
                "results": [proposal_json(one) for one in listed.rows],
            }
        )


class ProposalStartView(ModelopsView):
    """``proposals/{id}/start/``."""

    @extend_schema(request=ProposalStartForm, responses={202: ProposalAnswer, **REFUSALS}, tags=["triggers"])
    def post(self, request: Request, proposal_id: int) -> Response:
        """Have its data set put together, and its run begin when that is frozen; or begin now where it is, with what is confirmed.

        Refused by the preflight, the answer (409) has it.
        """
        form = ProposalStartForm.checked(request.data)
        start_proposal(user=person(request), proposal_id=proposal_id, confirmed=form["confirmed"])
        return Response(proposal_json(proposal_numbered(proposal_id)), status=202)


class ProposalDismissView(ModelopsView):
    """``proposals/{id}/dismiss/``."""

    @extend_schema(request=ProposalDismissForm, responses={200: ProposalAnswer, **REFUSALS}, tags=["triggers"])
    def post(self, request: Request, proposal_id: int) -> Response:
        """No run is needed, for the reason given, which is needed."""
        form = ProposalDismissForm.checked(request.data)
        dismiss(user=person(request), proposal_id=proposal_id, reason=form["reason"])
        return Response(proposal_json(proposal_numbered(proposal_id)))


class TriggerPolicyView(ModelopsView):
    """``trigger-policy/``."""

    @extend_schema(responses={200: StoredPolicyAnswer, 403: Problem}, tags=["triggers"])
    def get(self, request: Request) -> Response:
        """What asks for a run, and how it came to be."""
        return Response(policy_json(TRIGGER_POLICY))

    @extend_schema(request=StoredPolicyRequest, responses={200: StoredPolicyAnswer, 400: Problem, 403: Problem}, tags=["triggers"])
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        values, note = sent_policy(request, TRIGGER_POLICY)
        set_trigger_policy(user=person(request), values=values, note=note)
        return Response(policy_json(TRIGGER_POLICY))


def proposal_json(one: TriggerProposal) -> dict[str, Any]:
    """A proposal with what became of it."""
    return {
        "id": one.pk,
        **{name: getattr(one, name) for name in ("kind", "state", "sentence", "evidence", "preflight", "held_back", "reason")},
        "vendor": {"id": one.vendor.pk, "name": one.vendor.name} if one.vendor else None,
        "policy": one.policy_id,
        "dataset": one.dataset.number if one.dataset else None,
        "taken_up_by": one.taken_up_by.username if one.taken_up_by else None,
        "taken_up_at": instant(one.taken_up_at),
        "run": one.run_id,
        "created_at": instant(one.created_at),
        "decided_by": one.decided_by.username if one.decided_by else None,
        "decided_at": instant(one.decided_at),
    }
