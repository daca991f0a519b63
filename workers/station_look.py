"""How the processes are, for the dashboard: what the health page says, in a few numbers."""

from __future__ import annotations

from modelops.dashboard.station import Station
from workers import health
from workers.kinds import INFERENCE, TRAINING
from workers.signs import living


def look() -> Station:
    """Look at everything, as the health page does. Raises ``DatabaseError`` when the database does not answer."""
    found = health.look()
    waited_for = [queue.oldest_seconds for queue in found.queues if queue.name not in (INFERENCE, TRAINING)]
    return Station(
        problems=found.problems,
        workers=sum(not name.startswith("scheduler@") for name in living()),
        waiting=sum(queue.waiting for queue in found.queues),
        running=sum(queue.running for queue in found.queues),
        oldest_seconds=max(waited_for, default=0),
    )
