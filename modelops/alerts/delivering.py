"""Carrying out one delivery: sent once it was said to have arrived, written down either way. Only workers import this."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from modelops.alerts.destinations import allowed_hosts
from modelops.alerts.errors import DeliveryFailed, DeliveryRefused
from modelops.alerts.mail import send_mail
from modelops.alerts.messages import message_of
from modelops.alerts.webhook import post
from modelops.models import AlertDelivery, AlertDestination

State = AlertDelivery.State


def deliver(delivery_id: int, *, fence: Callable[[], None], last: bool = False) -> None:
    """Send one message that waits. Sent already, it is not sent again.

    A process that dies between sending and writing that down sends it once more, under the same id. Raises ``DeliveryFailed`` when it
    may be tried again at once; on the ``last`` try, and where another would be in vain, it is written down as failed instead.
    """
    delivery = AlertDelivery.objects.select_related("alert", "destination").get(pk=delivery_id)
    if delivery.state == State.SENT:
        return
    row = AlertDelivery.objects.filter(pk=delivery_id)
    with transaction.atomic():
        fence()
        row.update(attempts=F("attempts") + 1, tried_at=timezone.now())
    try:
        _send(delivery)
    except DeliveryFailed as error:
        over = last or error.in_vain
        with transaction.atomic():
            fence()
            row.update(state=State.FAILED if over else State.WAITING, error=error.message[:300], in_vain=error.in_vain)
        if not over:
            raise
        return
    with transaction.atomic():
        fence()
        row.update(state=State.SENT, sent_at=timezone.now(), error="")


def _send(delivery: AlertDelivery) -> None:
    destination = delivery.destination
    if not destination.is_active:
        raise DeliveryRefused("destination_off", "The destination was switched off before the message was sent.")
    message = message_of(delivery)
    if destination.channel == AlertDestination.Channel.EMAIL:
        send_mail(destination.address, message, delivery.pk)
    else:
        post(destination.address, destination.secret, message, delivery.pk, allowed_hosts())
