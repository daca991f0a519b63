"""One look at everything that is watched: find, keep, tell."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction

from modelops.alerts.opening import Event, report_all
from modelops.alerts.policies import current_alert_policy, limits_of
from modelops.alerts.rules import StationSeen, findings
from modelops.alerts.telling import tell, tell_again

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """How many alerts opened, are over, and how many messages were asked for."""

    opened: int
    over: int
    messages: int


def look(station: StationSeen | None = None, today: dt.date | None = None) -> Looked:
    """Find, keep and tell, the last two in one transaction: what is opened is told of, or neither. May run twice at the same time."""
    policy = current_alert_policy()
    found = findings(limits_of(policy), station, today)
    with transaction.atomic():
        changes = report_all(found, policy)
        messages = tell(changes, policy)
    again = tell_again()
    opened = sum(change.event is Event.OPENED for change in changes)
    if changes:
        logger.info("Alerts: %s opened, %s over, %s messages", opened, len(changes) - opened, len(messages) + len(again))
    return Looked(opened, len(changes) - opened, len(messages) + len(again))
