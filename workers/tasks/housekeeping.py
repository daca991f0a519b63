"""What the scheduler runs in its own process; it needs the database, not the broker."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from invoices.audit.sealing import seal_waiting
from labeling.agreement.counting import countable
from labeling.pausing.advice import refresh_standings
from labeling.quality.counting import anything_waits
from labeling.readings import measure
from labeling.review.doubted import describe_open
from labeling.stuck_pairs import free_stuck
from labeling.suspects.finding import look_over
from labeling.trials.handing_out import prepare_tests
from labeling.trials.onboarding import welcome_new
from modelops.alerts.looking import look as look_at_alerts
from modelops.monitoring.behind import counted_until
from modelops.triggers.going_on import go_on
from modelops.triggers.looking import look as look_at_triggers
from workers import reaper
from workers.celery import app
from workers.kinds import COUNT_AGREEMENT, COUNT_DAY, COUNT_QUALITY, VERIFY_TRAIL
from workers.ledger import enqueue
from workers.models import Job, JobStatus, WorkerSign
from workers.station_seen import station_seen

KEEP_JOBS = timedelta(days=30)


@app.task(name="workers.reap")
def reap() -> None:
    """Bring back jobs of dead workers and ring again."""
    reaper.reap()


@app.task(name="workers.seal_trail")
def seal_trail() -> None:
    """Give the entries of the trail that were written since their place in the chain."""
    seal_waiting()


@app.task(name="workers.ask_for_verification")
def ask_for_verification() -> None:
    """Have the whole trail verified, once a day; it takes too long for the scheduler itself."""
    enqueue(VERIFY_TRAIL, f"verify_trail:{timezone.now():%Y-%m-%d}", {})


@app.task(name="workers.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")


@app.task(name="workers.describe_reviews")
def describe_reviews() -> None:
    """Say of open reviews what is doubted, where whoever opened them did not."""
    describe_open()


@app.task(name="workers.free_stuck_pairs")
def free_stuck_pairs() -> None:
    """End blind pairs of which nobody is left to do a label."""
    free_stuck()


@app.task(name="workers.measure_readings")
def measure_readings() -> None:
    """Hold what was read to what people confirmed, for the threshold simulator."""
    measure()


@app.task(name="workers.ask_for_counting_agreement")
def ask_for_counting_agreement() -> None:
    """Have blind pairs that were compared added to the sums of agreement, if there are any."""
    if countable().exists():
        enqueue(COUNT_AGREEMENT, f"count_agreement:{timezone.now():%Y-%m-%dT%H:%M}", {})


@app.task(name="workers.ask_for_counting_quality")
def ask_for_counting_quality() -> None:
    """Have labels and skips that are new counted, if there are any."""
    if anything_waits():
        enqueue(COUNT_QUALITY, f"count_quality:{timezone.now():%Y-%m-%dT%H:%M}", {})


@app.task(name="workers.ask_for_counting_days")
def ask_for_counting_days() -> None:
    """Have today's numbers counted, and those of the days that have changed: every hour, and once more when a day is over."""
    enqueue(COUNT_DAY, f"count_day:{timezone.now():%Y-%m-%dT%H:%M}", {})


@app.task(name="workers.keep_up_counting")
def keep_up_counting() -> None:
    """Have the days counted soon after something happened; while nothing does, nobody counts. One job for a state of the numbers."""
    until = counted_until()
    if until is not None:
        enqueue(COUNT_DAY, f"count_day:after {until}", {})


@app.task(name="workers.prepare_tests")
def prepare_gold_tests() -> None:
    """Start the onboarding of new people, put documents by for gold tests, and hand out those that were drawn."""
    welcome_new()
    prepare_tests()


@app.task(name="workers.refresh_standings")
def refresh_people() -> None:
    """Count how right people are whose judged labels have changed."""
    refresh_standings()


@app.task(name="workers.look_for_suspects")
def look_for_suspects() -> None:
    """Look gold records over for what speaks against them."""
    look_over()


@app.task(name="workers.look_for_alerts")
def look_for_alerts() -> None:
    """See whether anything is beyond its limit, or within it again, and tell whoever wants to know."""
    look_at_alerts(station_seen())


@app.task(name="workers.look_for_triggers")
def look_for_triggers() -> None:
    """See whether something asks for the next training run."""
    look_at_triggers()


@app.task(name="workers.go_on_with_proposals")
def go_on_with_proposals() -> None:
    """Start the run of proposals that were taken up and whose data set is frozen by now."""
    go_on()


@app.task(name="workers.clear_ledger")
def clear_ledger() -> None:
    """Forget jobs done long ago and processes not seen for a day; dead jobs stay until a person has looked."""
    Job.objects.filter(status__in=[JobStatus.DONE, JobStatus.CANCELLED], finished_at__lt=Now() - KEEP_JOBS).delete()
    WorkerSign.objects.filter(seen_at__lt=Now() - timedelta(days=1)).delete()
