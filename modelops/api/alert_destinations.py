"""Where alerts are sent."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.forms import Form
from modelops.alerts.destinations import add_destination, change_destination, try_destination
from modelops.api.alert_answers import AlertDeliveryAnswer, AlertDestinationAnswer, delivery_json, destination_json
from modelops.api.alerts import REFUSALS
from modelops.api.base import ModelopsView
from modelops.models import AlertDestination
from modelops.selectors.alerts import destinations


class AlertDestinationForm(Form):
    """A new one."""

    channel = serializers.ChoiceField(AlertDestination.Channel.choices)
    address = serializers.CharField(max_length=400)
    kinds = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=40)


class AlertDestinationChange(Form):
    """What is to change; ``new_secret`` gives a webhook another secret."""

    kinds = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=40)
    active = serializers.BooleanField(required=False)
    new_secret = serializers.BooleanField(default=False)


class AlertDestinationsView(ModelopsView):
    """``alert-destinations/``."""

    @extend_schema(
        operation_id="alert_destinations_list", responses={200: AlertDestinationAnswer(many=True), 403: Problem}, tags=["alerts"]
    )
    def get(self, request: Request) -> Response:
        """All of them, active ones first."""
        return Response([destination_json(one) for one in destinations()])

    @extend_schema(request=AlertDestinationForm, responses={201: AlertDestinationAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request) -> Response:
        """Have alerts sent there. The secret of a webhook is in this answer and in no other."""
        form = AlertDestinationForm.checked(request.data)
        added = add_destination(user=person(request), channel=form["channel"], address=form["address"], kinds=form["kinds"])
        return Response(destination_json(added.destination, added.secret), status=201)


class AlertDestinationView(ModelopsView):
    """``alert-destinations/{id}/``."""

    @extend_schema(request=AlertDestinationChange, responses={200: AlertDestinationAnswer, **REFUSALS}, tags=["alerts"])
    def patch(self, request: Request, destination_id: int) -> Response:
        """Change it; with ``new_secret`` the answer has the new secret, once."""
        form = AlertDestinationChange.checked(request.data)
        changed = change_destination(
            user=person(request),
            destination_id=destination_id,
            kinds=form.get("kinds"),
            active=form.get("active"),
            new_key=form["new_secret"],
        )
        return Response(destination_json(changed.destination, changed.secret))

    @extend_schema(responses={204: None, 403: Problem, 404: Problem}, tags=["alerts"])
    def delete(self, request: Request, destination_id: int) -> Response:
        """Switch it off; what was sent there is kept."""
        change_destination(user=person(request), destination_id=destination_id, active=False)
        return Response(status=204)


class AlertDestinationTestView(ModelopsView):
    """``alert-destinations/{id}/test/``."""

    @extend_schema(request=None, responses={202: AlertDeliveryAnswer, **REFUSALS}, tags=["alerts"])
    def post(self, request: Request, destination_id: int) -> Response:
        """Have a trial message sent by a worker; what came of it stands in the alert's list of messages."""
        return Response(delivery_json(try_destination(user=person(request), destination_id=destination_id)), status=202)
