"""``manage.py train_qlora --config invoice_config.yaml``: a training run from the command line, by the same way as from the dashboard.

With a training worker it waits for that and shows what it tells; without one this process claims the job and does the work itself.
"""

from __future__ import annotations

import socket
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from mlcore.errors import RecipeError
from mlcore.training.config import Recipe
from modelops.errors import ModelopsError
from modelops.folders import artifacts_folder
from modelops.models import DatasetVersion, ModelVersion, RunState, TrainingRun
from modelops.registry.handing_out import hand_out, refuse_taken
from modelops.registry.test_sets import version_of_test_set
from modelops.runs.fitting import remarks
from modelops.runs.following import Follower
from modelops.runs.recipe_files import read_recipe
from modelops.runs.starting import start_run
from modelops.runs.starts import fitted_from, start_named, usual_start
from modelops.runs.stopping import stop_run
from workers import instance
from workers.kinds import TRAIN_RUN, TRAINING
from workers.models import Job
from workers.signs import living
from workers.tasks.training import train_run

POLL_SECONDS = 1.0
_ENDED = (RunState.FINISHED, RunState.STOPPED, RunState.FAILED)


class Command(BaseCommand):
    """``train_qlora [--config FILE] [--dataset N|FILE] [--start WHAT] [--out DIR] [--detach]``. Exit status 1 when it did not finish."""

    help = "Train an adapter on a frozen data set, evaluate it and ask the gate. Ctrl-C stops the run; it can go on later."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to train, and whether to wait."""
        parser.add_argument("--config", type=Path, help="recipe as YAML or JSON (default: the shipped one, fitted to the data set)")
        parser.add_argument(
            "--dataset",
            metavar="N|FILE",
            help="a frozen data set version: its number, or held_out_vendors.json of it (default: the newest)",
        )
        parser.add_argument(
            "--start",
            metavar="base|champion|N",
            help="go on from the model that serves, from model N, or from the base (default: base with --config, else what fits)",
        )
        parser.add_argument("--out", type=Path, metavar="DIR", help="make this a link to the artifact, such as ./new-adapters")
        parser.add_argument("--launcher", default="here", help="here, torchrun:N or accelerate:N (default %(default)s)")
        parser.add_argument("--note", default="", help="why, for the list of runs")
        parser.add_argument("--detach", action="store_true", help="do not wait: a training worker takes it up; without --out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, then wait or do it here."""
        out: Path | None = options["out"]
        if out is not None and options["detach"]:
            raise CommandError("--out waits for the artifact and --detach waits for nothing; leave one of them out.")
        try:
            if out is not None:
                refuse_taken(out)
            dataset = self._dataset(options["dataset"])
            start = self._start(options["start"], options["config"], dataset)
            recipe = self._recipe(options["config"], dataset, start)
            run = start_run(by=None, dataset=dataset, recipe=recipe, launcher=options["launcher"], note=options["note"], start=start)
        except RecipeError as error:
            raise CommandError("\n".join(error.faults)) from error
        except ModelopsError as error:
            raise CommandError(error.detail) from error
        begun = f"model {start.number}" if start is not None else "the base"
        self.stdout.write(f"Training run {run.pk} on data set {dataset.number} from {begun}, recipe {recipe.name}, {run.steps} steps.")
        if options["detach"]:
            return
        try:
            self._carry_out(run)
        except KeyboardInterrupt:
            self.stdout.write("Stops after the step under way; once more to leave it to the worker.")
            self._stop(run)
            self._wait(run, Follower(run.pk, lambda _: None))
        self._conclude(run)
        if out is not None:
            self._hand_out(run, out)

    def _hand_out(self, run: TrainingRun, out: Path) -> None:
        try:
            hand_out(artifacts_folder() / run.folder, out)
        except (ModelopsError, OSError) as error:
            raise CommandError(f"The model was trained, and {out} could not be made: {getattr(error, 'detail', error)}") from error
        self.stdout.write(f"{out} is its artifact.")

    def _dataset(self, named: str | None) -> DatasetVersion:
        """By number, by the file that ``merge_datasets`` writes, or the newest. Raises ``CommandError``, ``ModelopsError``."""
        if named is not None and not (named.isascii() and named.isdigit() and len(named) < 10):
            return version_of_test_set(Path(named))
        number = None if named is None else int(named)
        frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN)
        found = frozen.order_by("-number").first() if number is None else DatasetVersion.objects.filter(number=number).first()
        if found is None and number is None:
            raise CommandError("No data set is frozen yet; make one with manage.py collect_corrections --last-days 90.")
        if found is None:
            known = ", ".join(map(str, frozen.order_by("number").values_list("number", flat=True))) or "none"
            raise CommandError(f"There is no data set {number}; frozen are: {known}.")
        return found

    def _start(self, named: str | None, config: Path | None, dataset: DatasetVersion) -> ModelVersion | None:
        """As it is said; unsaid a configuration file means the base. Raises ``ModelopsError``."""
        if named is not None:
            return start_named(named)
        return usual_start(dataset) if config is None else None

    def _recipe(self, config: Path | None, dataset: DatasetVersion, start: ModelVersion | None) -> Recipe:
        recipe = fitted_from(dataset, start) if config is None else read_recipe(config)
        for remark in remarks(dataset.documents, recipe, further=start is not None):
            self.stdout.write(f"Note: {remark}")
        return recipe

    def _carry_out(self, run: TrainingRun) -> None:
        follower = Follower(run.pk, self._say)
        if any(TRAINING in queues for queues in living().values()):
            self.stdout.write("A training worker takes it up.")
        else:
            self.stdout.write("No training worker is running, so it is trained here.")
            self._do_here(run, follower)
        self._wait(run, follower)

    def _wait(self, run: TrainingRun, follower: Follower) -> None:
        while TrainingRun.objects.values_list("state", flat=True).get(pk=run.pk) not in _ENDED:
            follower.look()
            time.sleep(POLL_SECONDS)
        follower.look()

    def _do_here(self, run: TrainingRun, follower: Follower) -> None:
        """Claim the job as a worker does. Where one was quicker after all, nothing is done here."""
        if not instance.this.name:
            instance.set_instance(f"train_qlora@{socket.gethostname()}")
        job = Job.objects.get(kind=TRAIN_RUN.name, key=f"train:{run.pk}:{run.attempts}")
        over = threading.Event()
        thread = threading.Thread(target=_follow, args=(follower, over), daemon=True)
        thread.start()
        try:
            train_run(job.pk)
        except KeyboardInterrupt:
            self._stop(run)  # the trainer was asked to save and is gone; a second time, so that nobody waits for this process
            self._stop(run)
        finally:
            over.set()
            thread.join()

    def _stop(self, run: TrainingRun) -> None:
        run.refresh_from_db()
        try:
            stop_run(run, None)
        except ModelopsError as error:
            self.stdout.write(error.detail)

    def _conclude(self, run: TrainingRun) -> None:
        run.refresh_from_db()
        if run.state == RunState.FAILED:
            raise CommandError(f"Training run {run.pk} failed ({run.error_code}): {run.error_message}")
        if run.state != RunState.FINISHED:
            raise CommandError(
                f"Training run {run.pk} is {run.get_state_display().lower()} at step {run.step} of {run.steps}; it can go on."
            )
        self.stdout.write(f"Finished after {run.seconds:.0f} s" + (f", cost {run.cost:.2f}." if run.cost else "."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _follow(follower: Follower, over: threading.Event) -> None:
    """In a thread of its own, with a connection of its own."""
    try:
        while not over.wait(POLL_SECONDS):
            follower.look()
    finally:
        connection.close()
