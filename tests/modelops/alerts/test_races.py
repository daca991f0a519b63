"""Two looks at the same moment: one alert, one message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from modelops.alerts.opening import report_all
from modelops.alerts.policies import current_alert_policy
from modelops.alerts.telling import tell
from modelops.models import Alert, AlertDelivery, AlertDestination
from tests.modelops.alerts.conftest import finding

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_looks_at_the_same_time_make_one_alert_and_one_message() -> None:
    from django.db import transaction

    AlertDestination.objects.create(channel="email", address="ops@example.org")
    start = Barrier(4)

    def look_once(_: int) -> int:
        try:
            start.wait()
            with transaction.atomic():
                policy = current_alert_policy()
                return len(tell(report_all([finding(), finding("review_queue")], policy), policy))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(look_once, range(4)))
    assert Alert.objects.count() == 2
    assert sum(made) == AlertDelivery.objects.count() == 2
