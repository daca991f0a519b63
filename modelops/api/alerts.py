"""Alerts: what is wrong, and what is said to it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.forms import Form
from modelops.alerts.deciding import MOST_HOURS, acknowledge, mute, mute_all, resolve, unmute
from modelops.api.alert_answers import (
    AlertAnswer,
    AlertDeliveryAnswer,
    AlertMuteAnswer,
    AlertPage,
    alert_json,
    delivery_json,
    mute_json,
)
from modelops.api.base import ModelopsView
from modelops.models import AlertKind
from modelops.selectors.alerts import TABS, AlertFilter, alert_list, alert_numbered, deliveries_of, earlier_ones, mutes_in_force

MOST_SIGNS = 5_000


class AlertQuery(serializers.Serializer[Any]):
    """What may be asked."""

    state = serializers.ChoiceField(list(TABS), default="open")
    kind = serializers.ChoiceField(AlertKind.choices, required=False)
    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    cursor = serializers.CharField(default="", max_length=2000)


class AlertNoteForm(Form):
    """Why, in a few words."""

    note = serializers.CharField(default="", allow_blank=True, max_length=MOST_SIGNS)


class AlertMuteForm(AlertNoteForm):
    """For how long."""

    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)


class AlertMuteAllForm(AlertMuteForm):
    """Which: a kind, a vendor, or both."""

    kind = serializers.ChoiceField(AlertKind.choices, required=False, allow_blank=True, default="")
    vendor = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**53, default=None)


class AlertDetail(AlertAnswer):
    """One alert with the messages about it and the newest earlier ones of its key."""

    deliveries = AlertDeliveryAnswer(many=True)
    earlier = AlertAnswer(many=True)


REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}


class AlertsView(ModelopsView):
    """``alerts/``."""

    @extend_schema(
        operation_id="alerts_list", parameters=[AlertQuery], responses={200: AlertPage, 400: Problem, 403: Problem}, tags=["alerts"]
    )
    def get(self, request: Request) -> Response:
        """One page: open ones by how soon, others the newest first."""
        query = AlertQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        listed = alert_list(AlertFilter(asked["state"], asked.get("kind", ""), asked.get("vendor"), asked["cursor"]))
        return Response(
            {
                "next": listed.next or None,
                "previous": listed.previous or None,
                "counts": listed.counts,
                "results": [alert_json(alert) for alert in listed.rows],
            }
        )


class AlertView(ModelopsView):
    """``alerts/{id}/``."""

    @extend_schema(responses={200: AlertDetail, 403: Problem, 404: Problem}, tags=["alerts"])
    def get(self, request: Request, alert_id: int) -> Response:
        """One alert in full."""
        alert = alert_numbered(alert_id)
        deliveries = [delivery_json(one) for one in deliveries_of(alert)]
        return Response({**alert_json(alert), "deliveries": deliveries, "earlier": [alert_json(one) for one in earlier_ones(alert)]})


class AlertAcknowledgeView(ModelopsView):
    """``alerts/{id}/acknowledge/``."""

    @extend_schema(request=AlertNoteForm, responses={200: AlertAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request, alert_id: int) -> Response:
        """Somebody sees to it; it stays until it is over."""
        form = AlertNoteForm.checked(request.data)
        return Response(alert_json(acknowledge(user=person(request), alert_id=alert_id, note=form["note"])))


class AlertMuteView(ModelopsView):
    """``alerts/{id}/mute/``."""

    @extend_schema(request=AlertMuteForm, responses={200: AlertAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request, alert_id: int) -> Response:
        """Tell nobody of it for so many hours."""
        form = AlertMuteForm.checked(request.data)
        return Response(alert_json(mute(user=person(request), alert_id=alert_id, hours=form["hours"], note=form["note"])))


class AlertResolveView(ModelopsView):
    """``alerts/{id}/resolve/``."""

    @extend_schema(request=AlertNoteForm, responses={200: AlertAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request, alert_id: int) -> Response:
        """It is dealt with, for the reason in the note, which is needed."""
        form = AlertNoteForm.checked(request.data)
        return Response(alert_json(resolve(user=person(request), alert_id=alert_id, note=form["note"])))


class AlertMutesView(ModelopsView):
    """``alert-mutes/``: of a kind, or of a vendor."""

    @extend_schema(operation_id="alert_mutes_list", responses={200: AlertMuteAnswer(many=True), 403: Problem}, tags=["alerts"])
    def get(self, request: Request) -> Response:
        """Those that have not run out."""
        return Response([mute_json(one) for one in mutes_in_force()])

    @extend_schema(request=AlertMuteAllForm, responses={201: AlertMuteAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request) -> Response:
        """Tell nobody of these for so many hours; they are kept all the same."""
        form = AlertMuteAllForm.checked(request.data)
        made = mute_all(user=person(request), hours=form["hours"], kind=form["kind"], vendor_id=form["vendor"], note=form["note"])
        return Response(mute_json(made), status=201)


class AlertUnmuteView(ModelopsView):
    """``alert-mutes/{id}/``."""

    @extend_schema(responses={204: None, 403: Problem, 404: Problem}, tags=["alerts"])
    def delete(self, request: Request, mute_id: int) -> Response:
        """End it now."""
        unmute(user=person(request), mute_id=mute_id)
        return Response(status=204)
