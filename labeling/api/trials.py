"""Gold tests, the onboarding, and pauses of queues."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.models import Role
from labeling.api import schemas
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.api.forms import Form
from labeling.models import QueuePause, Standing, Trial
from labeling.pausing.pausing import pause_queue, resume_queue
from labeling.selectors.pauses import queues
from labeling.selectors.trials import onboarding_of, people_tested, tests_of
from labeling.trials.known import USES, choose_document, leave_document


class IsSenior(BasePermission):
    """Seniors and admins."""

    message = "Tests of people, and pauses of their queues, need the role of a senior biller."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person's role is at least senior."""
        return person(request).has_role(Role.SENIOR)


class TestPage(serializers.Serializer[Any]):
    """One page of judged gold tests, with how every biller stands."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    people = serializers.ListField(child=serializers.DictField(child=serializers.JSONField()))
    results = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


class Steps(serializers.Serializer[Any]):
    """The onboarding of whoever asks."""

    steps = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


class QueueStandings(serializers.Serializer[Any]):
    """Every biller's queue; ``limit`` is the accuracy below which a pause is recommended."""

    limit = serializers.FloatField()
    results = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


class UseForm(Form):
    """What a document is used for."""

    purpose = serializers.ChoiceField([use.value for use in USES])


class PauseForm(Form):
    """Why a queue is paused."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=5_000)


class Used(serializers.Serializer[Any]):
    """Whether the document is used now."""

    used = serializers.BooleanField()


class Paused(serializers.Serializer[Any]):
    """Whether the queue is paused now."""

    paused = serializers.BooleanField()


class SeniorsView(LabelingView):
    """Common to what is the seniors'."""

    permission_classes = [IsAuthenticated, IsSenior]


class GoldTestsView(SeniorsView):
    """``gold-tests/``."""

    @extend_schema(operation_id="gold_tests_list", responses={200: TestPage}, tags=["gold tests"])
    def get(self, request: Request) -> Response:
        """Judged tests, the newest first (``?person=``, ``?cursor=``), and how every biller's tests stand."""
        page = tests_of(request.query_params.dict())
        people = [
            {"person": one.person.username, "open": one.open, "judged": one.judged, "exact": one.exact, "untold": one.untold}
            for one in people_tested()
        ]
        results = [_trial_json(trial) for trial in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "people": people, "results": results})


class KnownDocumentView(SeniorsView):
    """``documents/{id}/known/``."""

    @extend_schema(request=UseForm, responses={200: Used, **schemas.REFUSALS}, tags=["gold tests"])
    def post(self, request: Request, document_id: int) -> Response:
        """Use the document for gold tests, or as the last step of the onboarding."""
        choose_document(user=person(request), document_id=document_id, purpose=UseForm.checked(request.data)["purpose"])
        return Response({"used": True})

    @extend_schema(request=UseForm, responses={200: Used, **schemas.REFUSALS}, tags=["gold tests"])
    def delete(self, request: Request, document_id: int) -> Response:
        """No longer use it (``?purpose=``)."""
        purpose = UseForm.checked({"purpose": request.query_params.get("purpose", "")})["purpose"]
        leave_document(user=person(request), document_id=document_id, purpose=purpose)
        return Response({"used": False})


class OnboardingView(LabelingView):
    """``onboarding/``."""

    @extend_schema(responses={200: Steps}, tags=["gold tests"])
    def get(self, request: Request) -> Response:
        """The steps of one's own onboarding in order, with what was wrong in those that are done."""
        steps = [
            {
                **_trial_json(step.trial),
                "slips": [{"field": slip.label, "mine": slip.mine or None, "truth": slip.truth or None} for slip in step.slips],
            }
            for step in onboarding_of(person(request))
        ]
        return Response({"steps": steps})


class PausesView(SeniorsView):
    """``pauses/``."""

    @extend_schema(responses={200: QueueStandings}, tags=["pauses"])
    def get(self, request: Request) -> Response:
        """How right every biller is, whether a pause is recommended, and whether there is one."""
        found = queues()
        results = [
            {
                "id": row.person.pk,
                "person": row.person.username,
                "accuracy": _standing_json(row.standing),
                "recommended": row.recommended,
                "pause": _pause_json(row.pause),
            }
            for row in found.rows
        ]
        return Response({"limit": found.limit, "results": results})


class PauseView(SeniorsView):
    """``people/{id}/pause/``."""

    @extend_schema(request=PauseForm, responses={200: Paused, 404: schemas.Problem}, tags=["pauses"])
    def post(self, request: Request, person_id: int) -> Response:
        """Hand the person nothing new; what is in hand may be finished."""
        pause_queue(user=person(request), person_id=person_id, reason=PauseForm.checked(request.data)["reason"])
        return Response({"paused": True})


class ResumeView(SeniorsView):
    """``people/{id}/resume/``."""

    @extend_schema(request=None, responses={200: Paused, 404: schemas.Problem}, tags=["pauses"])
    def post(self, request: Request, person_id: int) -> Response:
        """Let the person's queue go on."""
        resume_queue(user=person(request), person_id=person_id)
        return Response({"paused": False})


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "person": trial.person.username,
        "document": trial.document_id,
        "task": trial.task_id,
        "state": trial.state,
        "exact": trial.exact,
        "wrong": trial.wrong,
        "judged_at": instant(trial.judged_at),
    }


def _standing_json(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {"value": standing.value, "low": standing.low, "high": standing.high, "n": standing.judged}


def _pause_json(pause: QueuePause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {"since": instant(pause.at), "by": pause.by.username if pause.by else None, "reason": pause.reason, "figures": pause.figures}
