"""``scripts/run``: from a fresh clone to a working labeling screen with one command."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from pathlib import Path

from mlcore.shipped import NO_MODEL, chosen_artifact
from scripts.station.environment import PRODUCT, ensure_environment
from scripts.station.prepare import Station, answers, claim_data, claim_port, prepare
from scripts.station.progress import PhaseFailed, phase, say
from scripts.station.supervisor import Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 60.0
READER_NICE = 5
"""People at the screen and the reading of new files go before the model."""

TRAINER_NICE = 10
"""And everything else before training."""


def main(arguments: list[str] | None = None) -> int:
    """Run the station until ctrl-C. Returns the exit code."""
    options = _parser().parse_args(arguments)
    begun = time.monotonic()
    data: Path = options.data.resolve()
    if options.watch:
        os.environ["COUNTERSIGN_WATCHED_FOLDER"] = str(options.watch.resolve())
    if not options.model:
        os.environ["COUNTERSIGN_MODEL"] = NO_MODEL
    try:
        claim_port(options.port)
        with claim_data(data):
            python = ensure_environment(ROOT, PRODUCT) if options.install else Path(sys.executable)
            os.umask(0o077)  # the folder may have been made by somebody else; what is written into it is for its owner
            station = Station(ROOT, data, python, options.port)
            first = options.demo and not station.has_demo
            prepare(station, demo=options.demo)
            return _run(station, begun, demo=options.demo, first=first)
    except PhaseFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def _run(station: Station, begun: float, *, demo: bool, first: bool) -> int:
    supervisor = Supervisor(_programs(station, demo=demo), ROOT, station.environment(), station.logs)
    try:
        with phase("Starting the web server, the workers and the scheduler"):
            supervisor.start()
            _wait_for_answer(supervisor, station)
        if not supervisor.stopping:
            _start_reader(supervisor, station)
            _start_trainer(supervisor, station)
            _welcome(station, time.monotonic() - begun, demo=demo, first=first)
        supervisor.watch()
    finally:
        say("\nStopping …")
        supervisor.stop()
        say("Stopped.")
    return 0


def _start_reader(supervisor: Supervisor, station: Station) -> None:
    """The worker that reads with the model, where one serves: last, because nobody waits for it."""
    if chosen_artifact(os.environ.get("COUNTERSIGN_MODEL", "")) is None:
        say("· No model serves: documents are filled in from templates alone.")
        return
    with phase("Starting the worker that reads with the model"):
        supervisor.add(Program("inference-worker", [*_worker(station, "inference", "inference"), "--concurrency", "1"], nice=READER_NICE))
    say("  It gets the model ready in the background, half a minute the first time; until then templates fill documents in.")


def _start_trainer(supervisor: Supervisor, station: Station) -> None:
    """The worker that trains, one run at a time and a process for each: last of all. It takes no memory to speak of while it waits."""
    if os.environ.get("COUNTERSIGN_MODEL") == NO_MODEL:
        return
    alone = ["--concurrency", "1", "--max-tasks-per-child", "1"]
    with phase("Starting the worker that trains models"):
        supervisor.add(Program("training-worker", [*_worker(station, "training", "training"), *alone], nice=TRAINER_NICE))


def _wait_for_answer(supervisor: Supervisor, station: Station) -> None:
    """Raises ``PhaseFailed`` when the web process keeps dying or does not answer in time."""
    web = supervisor.programs[0]
    deadline = time.monotonic() + ANSWER_SECONDS
    supervisor.watch(until=lambda: answers(station) or web.deaths >= 2 or time.monotonic() > deadline)
    if not supervisor.stopping and not answers(station):
        tail = "\n".join(supervisor.log_of(web).read_text(errors="replace").splitlines()[-20:])
        raise PhaseFailed(f"{tail}\n\nThe web server does not answer. Its whole output is in {supervisor.log_of(web)}.")


def _programs(station: Station, *, demo: bool) -> list[Program]:
    """Every process of the station but those that read with the model and train it; the web server first."""
    python = str(station.python)
    readers = str(max(1, min(4, (os.cpu_count() or 2) - 1)))
    documents = [*_worker(station, "documents", "documents", "light"), "--concurrency", readers, "--max-tasks-per-child", "200"]
    programs = [
        Program("web", [python, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]),
        Program("documents-worker", documents),
        Program("model-worker", [*_worker(station, "model", "model", "light"), "--concurrency", "1"]),
        Program("scheduler", [*_celery(station), "beat", "--pidfile", "", "--loglevel", "INFO"]),
    ]
    if demo:
        programs.append(Program("demo history", [python, "manage.py", "load_demo", "--confirm", "--seconds", "0"], once=True))
    if os.environ.get("COUNTERSIGN_WATCHED_FOLDER"):
        programs.append(Program("watched-folder", [python, "manage.py", "watch_folder"]))
    return programs


def _worker(station: Station, name: str, *queues: str) -> list[str]:
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    return [*_celery(station), "worker", "--queues", ",".join(queues), "--hostname", f"{name}@%h", *lonely]


def _celery(station: Station) -> list[str]:
    return [str(station.python), "-m", "celery", "--app", "workers.celery"]


def _welcome(station: Station, seconds: float, *, demo: bool, first: bool) -> None:
    """``first``: the demo documents came in just now."""
    say(f"\nCountersign is ready after {seconds:.1f} s:  {station.url}\n")
    users = station.data / "demo-users.json"
    if demo and users.exists():
        say("Sign in as (these accounts exist in this data folder only):")
        for name, secret in json.loads(users.read_text()).items():
            say(f"  {name:<8}  {secret['password']}")
        say(f"API tokens are in {users}.\n")
    if not demo:
        say("Accounts are made by an admin on the screen People. The first admin is made here, and gets a one-time password:")
        say(f"  COUNTERSIGN_DATA_DIR={shlex.quote(str(station.data))} {shlex.quote(str(station.python))} manage.py create_admin NAME\n")
    if first:
        say("The demo documents are being read in the background; their history of confirmed records follows.")
    say(f"Everything is written to {station.data}; logs are in {station.logs}.\nPress ctrl-C to stop.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Installs what is missing, then runs Countersign on this machine (loopback only) until ctrl-C.",
        epilog="Settings come from COUNTERSIGN_* variables; docs/operations.md lists them.",
    )
    parser.add_argument("--port", type=_port, default=8000, help="port of the web server on 127.0.0.1 (default 8000)")
    parser.add_argument(
        "--data", type=Path, default=ROOT / "data", metavar="DIR", help="folder for everything that is written (default: data in the clone)"
    )
    parser.add_argument("--watch", type=Path, metavar="DIR", help="folder whose new files are taken in")
    parser.add_argument(
        "--no-model",
        dest="model",
        action="store_false",
        help="fill documents in from templates alone, without the workers that read with the model (about 1.5 GB of memory) and train one",
    )
    parser.add_argument(
        "--no-install",
        dest="install",
        action="store_false",
        help="install nothing: run with the Python that runs this (PYTHON names it), which has the packages",
    )
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="no demo people and documents")
    return parser


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = 0
    if not 1024 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1024 to 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
