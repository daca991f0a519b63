"""Measures import, claim, save, submit and list at several queue lengths, with one and with more people.

    python -m benchmarks.labeling_throughput [--tasks 1000,10000] [--people 1,8] [--sample 100] [--database sqlite|postgresql|URL]

Starts its own web process (gunicorn as in ``config/gunicorn.py``) on a fresh database, and sends what the screen sends:
claim, one save of fifteen edits, submit. Times are seen by the client, over HTTP, one request at a time for each person.
Tasks that two people got, and wrong counters, end the run with an error. Without ``--database`` it uses SQLite;
``postgresql`` starts a temporary cluster (fsync off), a URL names an empty database. Close other programs: only ratios
within one run carry over.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.labeling_rows import edits
from benchmarks.web_station import Browser, WebStation, machine, web_station

LIST_PAGES = 30
HEADING = "| open tasks | people | claim ms | save 15 ms | submit ms | list ms | tasks/s | web CPU ms/task | web memory MB |"


class Run:
    """What a number of people measured together."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.handed: list[int] = []
        self.errors: list[BaseException] = []

    def median_ms(self, name: str) -> float:
        """Median of one kind of request."""
        return statistics.median(self.times[name]) * 1000


def work(browser: Browser, run: Run, count: int) -> None:
    """Take ``count`` tasks from claim to gold."""
    try:
        for _ in range(count):
            claimed = browser.send("POST", "tasks/claim/", {})
            if claimed.status == 204:
                return
            task = claimed.json
            run.handed.append(task["id"])
            values = task["prediction"]["record"]
            saved = browser.send("PATCH", f"tasks/{task['id']}/draft/", {"version": 0, "edits": edits(values)})
            body = {"record": values, "version": saved.json["version"], "active_seconds": 12.5, "keystrokes": 15}
            done = browser.send("POST", f"tasks/{task['id']}/submit/", body)
            if done.status != 200:
                raise RuntimeError(f"Submit answered {done.status}: {done.body[:300]!r}")
            for name, answer in (("claim", claimed), ("save", saved), ("submit", done)):
                run.times[name].append(answer.seconds)
    except BaseException as error:
        run.errors.append(error)


def measure(station: WebStation, tokens: dict[str, str], people: int, sample: int) -> tuple[Run, float, float]:
    """``people`` take ``sample`` tasks in all; answers the run, tasks a second, CPU milliseconds of the web process a task."""
    browsers = [Browser(station.port, tokens[f"biller{n}"]) for n in range(people)]
    before = [browser.send("GET", "tasks/counters/").json["today"] for browser in browsers]
    run, each = Run(), max(1, sample // people)
    threads = [threading.Thread(target=work, args=(browser, run, each)) for browser in browsers]
    cpu, wall = station.cpu_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, cpu = time.perf_counter() - wall, station.cpu_seconds() - cpu
    if run.errors:
        raise SystemExit(f"The run failed: {run.errors[0]}")
    if len(set(run.handed)) != len(run.handed):
        raise SystemExit(f"{len(run.handed) - len(set(run.handed))} tasks were handed out twice.")
    after = [browser.send("GET", "tasks/counters/").json["today"] for browser in browsers]
    if sum(after) - sum(before) != len(run.handed):
        raise SystemExit(f"The counters say {sum(after) - sum(before)} tasks, {len(run.handed)} were submitted.")
    return run, len(run.handed) / wall, cpu / len(run.handed) * 1000


def list_ms(station: WebStation, token: str) -> float:
    """Median of pages of 30, following the cursor."""
    browser, cursor, times = Browser(station.port, token), "", []
    for _ in range(LIST_PAGES):
        page = browser.send("GET", f"tasks/?state=open&ordering=-priority&cursor={cursor}")
        times.append(page.seconds)
        cursor = page.json["next"] or ""
    return statistics.median(times) * 1000


@contextmanager
def chosen_database(name: str) -> Iterator[str]:
    """The URL behind ``--database``."""
    if name == "postgresql":
        from scripts.checks.services import postgresql

        with postgresql() as url:
            yield url
    else:
        yield "" if name == "sqlite" else name


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tasks", default="1000,10000", help="lengths of the queue, rising")
    parser.add_argument("--people", default="1,8", help="numbers of people")
    parser.add_argument("--sample", type=int, default=100, help="tasks taken to gold for each line of the table")
    parser.add_argument("--imported", type=int, default=1000, help="files taken in one by one; the rest of the queue is filled in bulk")
    parser.add_argument("--web-workers", type=int, default=1, help="processes of the web server")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty database")
    options = parser.parse_args()
    people = [int(count) for count in options.people.split(",")]
    print(f"{machine()}, database {options.database.partition(':')[0]}")
    with chosen_database(options.database) as url, web_station(url, options.web_workers) as station:
        tokens = station.rows("people", str(max(people)))
        Browser(station.port, tokens["biller0"]).send("GET", "tasks/counters/")
        idle = station.memory_mb()
        imported = station.rows("import", str(options.imported))
        filled = options.imported
        print(f"{HEADING}\n{'|---' * 9}|")
        for size in map(int, options.tasks.split(",")):
            station.rows("fill", str(size - filled))
            filled = size
            for count in people:
                listed = list_ms(station, tokens["biller0"])
                run, rate, cpu = measure(station, tokens, count, options.sample)
                cells = (run.median_ms("claim"), run.median_ms("save"), run.median_ms("submit"), listed, rate, cpu, station.memory_mb())
                print(f"| {size:,} | {count} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |", flush=True)
        print(
            f"Import of {imported['documents']:,}: {imported['cpu_seconds']:.1f} CPU s, {imported['wall_seconds']:.1f} s, "
            f"memory +{imported['memory_growth_mb']:.1f} MB."
        )
        counted = ", ".join(f"{name} {count}" for name, count in station.rows("statements").items())
        print(f"SQL statements, sign-in by token included: {counted}. Idle memory of the web process: {idle:.0f} MB.")


if __name__ == "__main__":
    main()
