"""Endpoints of one task: claim, read, draft, submit, release, skip, postpone, counters."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from labeling.annotation import submit
from labeling.api import schemas
from labeling.api.answers import claim_json, saved_json
from labeling.api.base import LabelingView
from labeling.api.forms import ClaimForm, DraftForm, PostponeForm, SkipForm, SubmitForm
from labeling.assignment.claims import claim_next, claim_task
from labeling.assignment.leaving import postpone, release, skip
from labeling.counters import counters
from labeling.drafts import save_draft
from labeling.models import SkipReason
from labeling.task_list import visible_task

compressed = method_decorator(gzip_page, name="dispatch")
"""For answers that carry a whole pre-fill. Their length gives nothing away (BREACH): they hold no token, another site cannot
make a browser ask for them, and what a request says comes back in refusals only, which say nothing else."""


@compressed
class ClaimView(LabelingView):
    """The next task, or a given one, with a lease."""

    @extend_schema(request=ClaimForm, responses={200: schemas.Task, 204: None, **schemas.REFUSALS}, tags=["tasks"])
    def post(self, request: Request) -> Response:
        """Claim a task: the one held, else the best open one; ``task`` opens a given one, ``prefetch`` takes one ahead."""
        data = ClaimForm.checked(request.data)
        if data.get("task") and not data["prefetch"]:
            return Response(claim_json(claim_task(user=person(request), task_id=data["task"])))
        claim = claim_next(user=person(request), kind=data.get("kind"), prefetch=data["prefetch"], current=data.get("task"))
        return Response(claim_json(claim)) if claim else Response(status=204)


@compressed
class TaskView(LabelingView):
    """One task without taking its lease."""

    @extend_schema(responses={200: schemas.Task, **schemas.REFUSALS}, tags=["tasks"])
    def get(self, request: Request, task_id: int) -> Response:
        """The task as this person sees it, with this person's own draft."""
        view = visible_task(person(request), task_id)
        opened = Target("task", task_id, document=view.task.document_id)
        record_read(Action.TASK_OPENED, actor=person(request), object=opened)
        return Response(claim_json(view))


class DraftView(LabelingView):
    """Work in progress."""

    @extend_schema(request=DraftForm, responses={200: schemas.Saved, **schemas.REFUSALS}, tags=["tasks"])
    def patch(self, request: Request, task_id: int) -> Response:
        """Store edits and extend the lease; an empty request is a heartbeat."""
        wanted = DraftForm.draft_request(request.data)
        return Response(saved_json(save_draft(user=person(request), task_id=task_id, request=wanted)))


class SubmitView(LabelingView):
    """From a draft to gold."""

    @extend_schema(request=SubmitForm, responses={200: schemas.Submitted, **schemas.REFUSALS}, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Submit the record. The same request again answers the same and changes nothing."""
        done = submit(user=person(request), task_id=task_id, submission=SubmitForm.submission(request.data))
        return Response({"annotation": done.annotation_id, "gold": done.gold_id, "document_status": done.document_status})


class ReleaseView(LabelingView):
    """Back to the queue."""

    @extend_schema(request=None, responses={204: None, **schemas.REFUSALS}, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Give the task back; the draft is kept."""
        release(user=person(request), task_id=task_id)
        return Response(status=204)


class SkipView(LabelingView):
    """Back to the queue for somebody else."""

    @extend_schema(request=SkipForm, responses={204: None, **schemas.REFUSALS}, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Pass the task on with a reason; it is not handed to this person again."""
        data = SkipForm.checked(request.data)
        skip(user=person(request), task_id=task_id, reason=SkipReason(data["reason"]), comment=data["comment"])
        return Response(status=204)


class PostponeView(LabelingView):
    """Put away for some minutes."""

    @extend_schema(request=PostponeForm, responses={204: None, **schemas.REFUSALS}, tags=["tasks"])
    def post(self, request: Request, task_id: int) -> Response:
        """Put the task away; it returns to this person first."""
        postpone(user=person(request), task_id=task_id, minutes=PostponeForm.checked(request.data)["minutes"])
        return Response(status=204)


class CountersView(LabelingView):
    """Today and left."""

    @extend_schema(responses={200: schemas.Counters}, tags=["tasks"])
    def get(self, request: Request) -> Response:
        """What this person did today and what is left."""
        counted: dict[str, Any] = asdict(counters(person(request)))
        return Response(counted)
