"""Half a year of a model's life on a demo station, for the pictures alone: nothing of it was trained or measured.

    python -m scripts.picture_models DATA      (the folder of a running station with the demo)

Data sets, sides, models, verdicts, alerts and proposals are made by the product's own services, from the demo's documents and
synthetic ones. What would take days is put in its place: the curves of runs, the files of models (``picture_artifacts``), what they read
on the held-out documents (the truth with faults), and the days (``picture_days``). Done once for a data folder. Prints as JSON what the
pictures need to know.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts import picture_days
from scripts.picture_artifacts import pack
from scripts.picture_measures import Faults, measure, time_against

DONE = "picture-models.json"
WAIT_SECONDS = 600.0
HELD_OUT = 2
"""Vendors that nothing is confirmed of yet and that are put on the held-out side: until then models are tested on synthetic documents."""

HOURLY_RATE = Decimal("1.9000")
BASE = {"name": "SmolLM2-135M-Instruct", "revision": "12fd25f77366fa6b3b4b768ec3050bf629380bac"}


@dataclass(frozen=True)
class Trained:
    """A finished run and its model. ``age`` is the days since it ended, ``faults`` what the model has wrong, ``loss`` where it came to."""

    age: int
    epochs: int
    rate: float
    loss: float
    faults: Faults


RUNS = (
    Trained(74, 3, 1e-3, 0.071, Faults(0.012, 0.010, 2.9)),
    Trained(26, 2, 2e-3, 0.094, Faults(0.010, 0.012, 2.8)),
    Trained(3, 4, 8e-4, 0.058, Faults(0.005, 0.008, 3.0)),
)
SHIPPED, TEMPLATES = Faults(0.024, 0.02, 2.8), Faults(0.19, 0.04, 0.0)


def main(data: Path) -> int:
    """Make the state, or answer what was made before."""
    known = data / DONE
    if not known.exists():
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "COUNTERSIGN_DATA_DIR": str(data.resolve())}
        os.environ["COUNTERSIGN_LOG_LEVEL"] = "WARNING"
        import django

        django.setup()
        known.write_text(json.dumps(_made(data)), encoding="utf-8")
    print(known.read_text(encoding="utf-8"))
    return 0


def _made(data: Path) -> dict[str, Any]:
    from invoices.audit.sealing import seal_waiting
    from invoices.models import User
    from labeling.models import GoldRecord

    admin = User.objects.get(username="admin")
    _sides(admin)
    sets = [_frozen(admin, 120, "Before the first training on this station.", 130)]
    _confirm(data, 12)
    sets.append(_frozen(admin, 150, "With the corrections of the quarter.", 9, parent=sets[0]))
    models = _models(admin, sets)
    running = _running(admin, sets[1])
    picture_days.fill(models)
    picture_days.look(admin, running)
    seal_waiting()
    document = GoldRecord.objects.filter(dataset_items__version=sets[0]).order_by("pk").values_list("document", flat=True)[0]
    runs = [model.run_id for model in models if model.run_id]
    return {"running": running.pk, "run": runs[-1], "runs": ",".join(map(str, runs)), "model": models[-1].number, "document": document,
            "champion": models[1].number, "data_set": sets[1].number}  # fmt: skip


def _sides(admin: Any) -> None:
    """Whoever has gold is trained on, but for one to validate with; two without any are held out."""
    from invoices.models import Vendor
    from modelops.datasets.sides import assign_side
    from modelops.errors import ModelopsError

    with_gold = Vendor.objects.filter(gold_records__is_current=True).distinct().order_by("name")
    others = Vendor.objects.filter(merged_into=None).exclude(pk__in=with_gold).order_by("name")
    wanted = [("test", "Nobody has learned from it: kept for tests.", vendor) for vendor in others[:HELD_OUT]]
    wanted += [("validation", "Small, and like no other.", vendor) for vendor in with_gold[:1]]
    wanted += [("train", "One of our large vendors.", vendor) for vendor in with_gold[1:]]
    for side, reason, vendor in wanted:
        try:
            assign_side(by=admin, vendor_id=vendor.pk, side=side, reason=reason)
        except ModelopsError as error:
            print(error.detail, file=sys.stderr)


def _frozen(admin: Any, train: int, note: str, age: int, parent: Any = None) -> Any:
    """A version as the station's worker freezes it, dated back."""
    from modelops.datasets.collecting import collect
    from modelops.models import DatasetVersion

    synthetic = {"train": train, "validation": 30, "test": 150, "layouts": 24, "held_layouts": 12}
    known = DatasetVersion.objects.filter(number=parent.number + 1 if parent else 1).first()
    version = known or collect(by=admin, parent=parent, synthetic=synthetic, note=note)
    until = time.monotonic() + WAIT_SECONDS
    while version.state == DatasetVersion.State.COLLECTING:
        if time.monotonic() > until:
            raise SystemExit(f"Data set {version.number} was not frozen within {WAIT_SECONDS:.0f} s. Is the station running?")
        time.sleep(1)
        version.refresh_from_db()
    if version.state != DatasetVersion.State.FROZEN:
        raise SystemExit(f"Data set {version.number} could not be frozen: {version.error}")
    at = ago(age)
    DatasetVersion.objects.filter(pk=version.pk).update(created_at=at - dt.timedelta(minutes=4), frozen_at=at)
    version.refresh_from_db()
    return version


def _confirm(data: Path, most: int) -> None:
    """Some open documents of the demo are labeled as they are printed."""
    from invoices.models import User
    from labeling.models import LabelingTask, TaskKind, TaskState
    from labeling.task_view import is_for
    from scripts.picture_team import label

    biller = User.objects.get(username="biller1")
    stored = {sha256: entry["record"] for sha256, entry in json.loads((data / "demo-records.json").read_text()).items()}
    tasks = LabelingTask.objects.filter(kind=TaskKind.LABEL, state=TaskState.OPEN, side=None, assignee=None, document__sha256__in=stored)
    for task in [task for task in tasks.select_related("document", "prediction").order_by("pk") if is_for(task, biller)][:most]:
        label(task, biller, stored[task.document.sha256], 41_000)


def _models(admin: Any, sets: list[Any]) -> list[Any]:
    """The shipped model and those of the runs, each evaluated, judged against what served then, and deployed: the newest waits."""
    from invoices.models import ServingModel
    from modelops.deployment.first import record_first
    from modelops.gate.judging import judge
    from modelops.gate.policies import set_gate_policy
    from modelops.models import Deployment, GateResult, ModelVersion
    from modelops.registry.shipped import register_shipped

    shipped = register_shipped()
    if shipped is None:
        raise SystemExit("The pictures need the model that comes with the product.")
    record_first()
    Deployment.objects.filter(ended_at=None).update(at=ago(128), taken_up_at=ago(128), model=shipped)
    set_gate_policy(user=admin, values={"documents": 60}, note="Until more vendors are held out.")
    _champion(shipped)
    for dataset in sets:
        measure(None, dataset, TEMPLATES)
        measure(shipped, dataset, SHIPPED)
    made = [shipped]
    for number, one in enumerate(RUNS):
        dataset = sets[0] if one.age > 9 else sets[1]
        run = _finished(admin, dataset, one)
        model = _registered(admin, run, dataset, shipped, one)
        for each in sets:
            measure(model, each, one.faults)
        champion = made[min(number, 1)]
        time_against(model, dataset, champion, one.faults.seconds, (SHIPPED, *(each.faults for each in RUNS))[min(number, 1)].seconds)
        result = judge(model, dataset, by=admin)
        GateResult.objects.filter(pk=result.pk).update(created_at=ago(one.age) + dt.timedelta(minutes=21))
        made.append(model)
        if number == 0:
            _deployed(admin, model, result, ago(72), "Two points better on total and date; the shadow run changed nothing else.")
            _champion(model)
        elif number == 1:
            _deployed(admin, model, result, ago(24), "Faster, and as good on the held-out documents.")
            _returned(admin, made[1], ago(23.7), "Quantities of two vendors came out wrong. Back to what we know.")
    ModelVersion.objects.filter(pk=shipped.pk).update(state="retired", retired_at=ago(72), created_at=ago(128))
    ModelVersion.objects.filter(pk=made[2].pk).update(state="retired", retired_at=ago(23.7))
    for model in made:
        model.refresh_from_db()
    served = {"model_id": made[1].model_id, "folder": made[1].folder, "changed_at": ago(23.7)}
    ServingModel.objects.update_or_create(slot="champion", defaults=served)
    return made


def _champion(model: Any) -> None:
    from modelops.models import ModelVersion

    ModelVersion.objects.filter(state="champion").update(state="retired")
    ModelVersion.objects.filter(pk=model.pk).update(state="champion")


def _registered(admin: Any, run: Any, dataset: Any, shipped: Any, one: Trained) -> Any:
    from modelops.folders import artifact_folder
    from modelops.models import ModelVersion
    from modelops.registry.registering import register

    model = register(pack(run, dataset, artifact_folder(shipped)), origin="trained", by=admin, run=run, dataset=dataset)
    ModelVersion.objects.filter(pk=model.pk).update(created_at=ago(one.age) + dt.timedelta(minutes=14))
    return model


def _deployed(admin: Any, model: Any, result: Any, at: dt.datetime, reason: str) -> None:
    from modelops.gate.overriding import override
    from modelops.models import Deployment

    through = None if result.passed else override(result, "Held out are few vendors yet; the shadow run speaks for it.", admin)
    before = _ended(at)
    row = Deployment.objects.create(
        kind="promotion", model=model, replaces=before, result=result, override=through, by=admin, reason=reason
    )
    Deployment.objects.filter(pk=row.pk).update(at=at, taken_up_at=at + dt.timedelta(seconds=48))


def _returned(admin: Any, model: Any, at: dt.datetime, reason: str) -> None:
    from modelops.models import Deployment

    row = Deployment.objects.create(kind="rollback", model=model, replaces=_ended(at), by=admin, reason=reason)
    Deployment.objects.filter(pk=row.pk).update(at=at, taken_up_at=at + dt.timedelta(seconds=33))


def _ended(at: dt.datetime) -> Any:
    from modelops.models import Deployment

    before = Deployment.objects.get(ended_at=None)
    Deployment.objects.filter(pk=before.pk).update(ended_at=at)
    return before


def _finished(admin: Any, dataset: Any, one: Trained) -> Any:
    run = _run(admin, dataset, one)
    end = ago(one.age)
    steps = run.steps
    _points(run, one.loss, steps)
    minutes = steps * 9.5 / 60
    _told(run, end, f"{steps} steps in {minutes:.0f} min.", "Confidence learned on 44 documents.", "Packed.", "Evaluated.", "Judged.")
    _set(run, state="finished", stage="done", step=steps, started_at=end - dt.timedelta(minutes=minutes), told_at=end, finished_at=end,
         eta_seconds=0.0, seconds=minutes * 60, cost=(HOURLY_RATE * Decimal(minutes) / 60).quantize(Decimal("0.0001")))  # fmt: skip
    return run


def _running(admin: Any, dataset: Any) -> Any:
    """A run in its second epoch, and one that failed before."""
    failed = _run(admin, dataset, Trained(5, 3, 4e-3, 0.2, RUNS[0].faults))
    _points(failed, 0.4, 21)
    _set(failed, state="failed", step=21, error_code="memory", finished_at=ago(5), started_at=ago(5.02), seconds=380.0, cost="0.2005",
         error_message="The memory did not suffice: 7.9 GB of 8 GB were in use. Lower max_tokens or micro_batch.")  # fmt: skip
    run = _run(admin, dataset, Trained(0, 3, 1.2e-3, 0.066, RUNS[0].faults))
    step = run.steps * 6 // 10
    _points(run, 0.066, step)
    now = ago(0)
    seconds = step * 9.5
    _told(run, now, f"Step {step} of {run.steps}.")
    _set(run, state="running", step=step, started_at=now - dt.timedelta(seconds=seconds), told_at=now, seconds=seconds,
         eta_seconds=(run.steps - step) * 9.5)  # fmt: skip
    return run


def _run(admin: Any, dataset: Any, one: Trained) -> Any:
    from mlcore.training.presets import DEFAULT
    from modelops.models import TrainingRun
    from modelops.runs.costs import steps_of
    from modelops.runs.recipes import recipe_of, stored

    changes = {"schedule.learning_rate": one.rate, "epochs": one.epochs}
    recipe = recipe_of(preset=DEFAULT.name, changes=changes)
    steps = steps_of(dataset.documents, recipe)
    run = TrainingRun.objects.create(
        dataset=dataset, recipe=stored(recipe), base=BASE, asked_by=admin, steps=steps, hourly_rate=HOURLY_RATE, attempts=1,
        device="CPU, 4 cores", note="" if one.age else "Three epochs again, with a higher rate.",
    )  # fmt: skip
    _set(run, folder=f"run-{run.pk}", created_at=ago(one.age) - dt.timedelta(minutes=42))
    return run


def _points(run: Any, goal: float, until: int) -> None:
    """Curves that fall as such curves do."""
    from modelops.models import RunPoint

    chance = random.Random(f"run:{run.pk}")
    epochs = run.recipe["epochs"]
    epoch_steps = max(1, run.steps // epochs)
    fall: Callable[[int], float] = lambda step: goal + (1.9 - goal) * 2.718281828 ** (-6.0 * step / run.steps)  # noqa: E731
    points, rate = [], run.recipe["schedule"]["learning_rate"]
    for step in range(1, until + 1):
        ends = step % epoch_steps == 0
        validation = fall(step) * 1.13 + 0.012 if ends else None
        points.append(
            RunPoint(run=run, step=step, epoch=min(epochs - 1, (step - 1) // epoch_steps), loss=fall(step) * chance.lognormvariate(0, 0.12),
                     validation_loss=validation, learning_rate=rate * min(1.0, step / 15) * (1 - 0.9 * step / run.steps),
                     tokens_per_second=chance.gauss(412, 14), memory=int(3.1e9 + 2e6 * step), seconds=9.5 * step)
        )  # fmt: skip
    RunPoint.objects.bulk_create(points)
    ended = [point.validation_loss for point in points if point.validation_loss is not None]
    last = points[-1]
    _set(run, loss=last.loss, validation_loss=ended[-1] if ended else None, epoch=last.epoch, tokens=int(last.seconds * 412),
         tokens_per_second=last.tokens_per_second, memory=last.memory)  # fmt: skip


def _told(run: Any, at: dt.datetime, *lines: str) -> None:
    from modelops.models import RunLine

    for number, text in enumerate(("Data set verified: no leak.", "Base model loaded.", *lines)):
        row = RunLine.objects.create(run=run, text=text)
        RunLine.objects.filter(pk=row.pk).update(at=at - dt.timedelta(minutes=2 * (len(lines) + 1 - number)))


def _set(run: Any, **values: Any) -> None:
    from modelops.models import TrainingRun

    TrainingRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()


def ago(days: float) -> dt.datetime:
    """That many days before now."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
