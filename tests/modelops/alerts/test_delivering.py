"""From an alert to somebody's mail box or program, through the ledger; real servers at the other end."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from modelops.alerts.delivering import deliver
from modelops.alerts.destinations import add_destination, change_destination, try_destination
from modelops.alerts.opening import report_all
from modelops.alerts.policies import current_alert_policy
from modelops.alerts.telling import MOST_ATTEMPTS, tell, tell_again
from modelops.errors import Refused, RequestInvalid
from modelops.models import Alert, AlertDelivery, AlertDestination
from tests.conftest import Cast
from tests.modelops.alerts.conftest import finding
from tests.modelops.alerts.receiver import MailServer, Receiver, http_receiver, smtp_server
from workers import tasks
from workers.celery import app
from workers.models import Job, JobStatus

pytestmark = pytest.mark.django_db
State = AlertDelivery.State

assert tasks, "importing them registers them"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with (
        smtp_server() as server,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            EMAIL_USE_TLS=False,
            EMAIL_FROM="Countersign <station@example.org>",
            PUBLIC_ADDRESS="https://station.example.org/",
        ),
    ):
        yield server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as one, override_settings(WEBHOOK_HOSTS=[f"http://127.0.0.1:{one.port}"]):
        yield one


def tell_of(*findings: Any) -> list[AlertDelivery]:
    policy = current_alert_policy()
    return list(AlertDelivery.objects.filter(pk__in=tell(report_all(findings, policy), policy)).order_by("pk"))


def do_jobs() -> list[str]:
    """Every delivery that is due, as a worker does it."""
    jobs = Job.objects.filter(kind="deliver_alert", status=JobStatus.QUEUED).order_by("pk")
    jobs.update(not_before=timezone.now() - dt.timedelta(seconds=1))
    return [str(app.tasks["workers.deliver_alert"](job.pk)) for job in jobs]


def test_an_alert_is_mailed_once(destination: AlertDestination, mail_server: MailServer) -> None:
    [delivery] = tell_of(finding(title="Accuracy\r\nBcc: x@example.org"))
    assert do_jobs() == ["done"]
    [(recipients, raw)] = mail_server.mails
    mail = email.message_from_string(raw, policy=email.policy.default)
    assert recipients == ["<ops@example.org>"]
    assert (mail["Subject"], mail["From"]) == ("Countersign: Accuracy Bcc: x@example.org", "Countersign <station@example.org>")
    assert mail["Bcc"] is None
    text = mail.get_content()
    assert "97.1% were right." in text
    assert f"https://station.example.org/alerts/{delivery.alert_id}/" in text
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == (State.SENT, 1, "")
    deliver(delivery.pk, fence=lambda: None)
    assert len(mail_server.mails) == 1


def test_a_digest_names_twenty_and_says_how_many_more(destination: AlertDestination, mail_server: MailServer) -> None:
    tell_of(*(finding(f"vendor_accuracy:{number}") for number in range(25)))
    do_jobs()
    mail = email.message_from_string(mail_server.mails[0][1], policy=email.policy.default)
    assert mail["Subject"] == "Countersign: 25 alerts, first: About vendor_accuracy:0"
    assert mail.get_content().count("Today: About") == 20
    assert "And 5 more." in mail.get_content()


def test_an_address_that_is_refused_is_not_tried_again(destination: AlertDestination, mail_server: MailServer) -> None:
    mail_server.refuses = 550
    [delivery] = tell_of(finding())
    assert do_jobs() == ["done"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.in_vain) == (State.FAILED, True)
    assert "(550)" in delivery.error


def test_without_a_mail_server_it_is_said_and_not_tried(destination: AlertDestination, cast: Cast) -> None:
    with override_settings(EMAIL_HOST=""):
        [delivery] = tell_of(finding())
        do_jobs()
        with pytest.raises(Refused, match="COUNTERSIGN_EMAIL_HOST"):
            try_destination(user=cast.admin, destination_id=destination.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.in_vain) == (State.FAILED, True)
    assert "E-mail is off" in delivery.error


def test_a_receiver_that_fails_is_tried_again_and_gets_one_message(receiver: Receiver, cast: Cast) -> None:
    receiver.answers = [500, 503, 200]
    add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    [delivery] = tell_of(finding())
    assert [do_jobs(), do_jobs(), do_jobs()] == [["again"], ["again"], ["done"]]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.SENT, 3)
    assert {headers["Countersign-Delivery"] for _, headers, _ in receiver.requests} == {str(delivery.pk)}
    assert json.loads(receiver.requests[-1][2])["alerts"][0]["kind"] == "overall_accuracy"
    assert do_jobs() == []


def test_a_receiver_that_stays_away_is_tried_later_and_not_for_ever(receiver: Receiver, cast: Cast) -> None:
    receiver.answers = [500]
    add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    [delivery] = tell_of(finding())
    for attempts in (3, 6, 9):
        assert [do_jobs(), do_jobs(), do_jobs()] == [["again"], ["again"], ["done"]]
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == (State.FAILED, attempts)
        assert tell_again() == [], "not at once"
        AlertDelivery.objects.update(tried_at=timezone.now() - dt.timedelta(minutes=61))
        assert tell_again() == ([delivery.pk] if attempts < MOST_ATTEMPTS else [])
    assert not Job.objects.filter(status=JobStatus.DEAD).exists(), "a message that does not arrive is no dead job"
    assert len(receiver.requests) == 9


def test_a_host_that_was_taken_off_the_list_is_not_called(receiver: Receiver, cast: Cast) -> None:
    add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    [delivery] = tell_of(finding())
    with override_settings(WEBHOOK_HOSTS=[]):
        do_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.in_vain, receiver.requests) == (State.FAILED, True, [])


def test_a_destination_that_was_switched_off_gets_nothing(receiver: Receiver, cast: Cast) -> None:
    added = add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    [delivery] = tell_of(finding())
    change_destination(user=cast.admin, destination_id=added.destination.pk, active=False)
    do_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, receiver.requests) == (State.FAILED, [])
    assert tell_of(finding("review_queue")) == []


def test_a_trial_is_sent_by_a_worker(receiver: Receiver, cast: Cast) -> None:
    added = add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    trial = try_destination(user=cast.admin, destination_id=added.destination.pk)
    assert receiver.requests == [], "the web process speaks to nobody"
    with pytest.raises(Refused, match="on its way"):
        try_destination(user=cast.admin, destination_id=added.destination.pk)
    do_jobs()
    trial.refresh_from_db()
    assert (trial.state, receiver.requests[0][1]["Countersign-Event"]) == (State.SENT, "alert.trial")


def test_the_secret_is_shown_once_and_logged_nowhere(receiver: Receiver, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers = [500, 200]
    added = add_destination(user=cast.admin, channel="webhook", address=receiver.url)
    tell_of(finding())
    do_jobs()
    do_jobs()
    assert added.secret.startswith("cswh_")
    assert added.secret not in caplog.text
    assert added.secret not in str(list(Job.objects.values()))
    again = change_destination(user=cast.admin, destination_id=added.destination.pk, new_key=True)
    assert again.secret not in ("", added.secret)
    assert AlertDestination.objects.get().secret == again.secret


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("pigeon", "x@example.org"),
        ("email", "nobody"),
        ("email", "a@example.org\nBcc: b@example.org"),
        ("webhook", "https://hooks.example.org/"),
        ("webhook", "http://169.254.169.254/latest/meta-data/"),
        ("webhook", "ops@example.org"),
    ],
)
def test_what_is_no_destination_is_refused(cast: Cast, channel: str, address: str) -> None:
    with pytest.raises(RequestInvalid):
        add_destination(user=cast.admin, channel=channel, address=address)
    assert not AlertDestination.objects.exists()


def test_the_same_destination_is_not_added_twice(cast: Cast, destination: AlertDestination) -> None:
    with pytest.raises(Refused, match="there already"):
        add_destination(user=cast.admin, channel="email", address="ops@example.org")
    with pytest.raises(RequestInvalid, match="no such kind"):
        add_destination(user=cast.admin, channel="email", address="two@example.org", kinds=["weather"])


def test_a_message_holds_nothing_of_a_document(destination: AlertDestination, mail_server: MailServer) -> None:
    """Evidence is for the screen; a message has the sentence and the numbers."""
    tell_of(finding(evidence={"unit": "share", "file": "Jane Roe 1961.pdf"}))
    do_jobs()
    assert "Jane" not in mail_server.mails[0][1]
    assert Alert.objects.get().evidence["file"] == "Jane Roe 1961.pdf"
