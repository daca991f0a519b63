"""``python -m mlcore train``: an adapter from a dataset directory or from a file of gold examples."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from mlcore.answers import FORMS
from mlcore.artifacts import start_from
from mlcore.base_model import find_base
from mlcore.base_model.identity import identity_of
from mlcore.dataset.directory import Entry, Split, is_synthetic, read_manifest, read_split
from mlcore.dataset.ingest import read_gold
from mlcore.dataset.leaks import check_leaks
from mlcore.errors import DatasetError, RecipeError
from mlcore.training.config import Recipe
from mlcore.training.events import EpochEnd, Event, Notice, Progress
from mlcore.training.outcome import Outcome
from mlcore.training.preparing import prepared
from mlcore.training.presets import DEFAULT, PRESETS
from mlcore.training.shown import Maker, Named, Showing, shelf_of

_ABOUT = """Fine-tunes an adapter, or all weights where the recipe says "lora": null.

Ctrl-C, SIGTERM or a file named stop in the folder of the run ends it after the step under way with a checkpoint and exit status 3
(several processes end with 0); the same command goes on from there to the weights of an uninterrupted run. On several devices:
  torchrun --nproc-per-node 4 -m -- mlcore train --out data/run ...      (or accelerate launch -m mlcore train ...)
"""


STOPPED = 3
"""Exit status of a run that was stopped and can go on. In a team it is 0: for any other status of a process a launcher ends the others,
which may still be saving, and makes it 1 (``torchrun``). Whether a run is finished is in ``outcome.json``."""


_MOST_PREPARING = 8
_AS_THEY_COME = (
    "The first documents validate, whoever sent them, so the epoch that is kept may be the best one for vendors that were trained on; "
    "python -m mlcore build-dataset --gold holds vendors apart, takes copies out and checks for leaks."
)


def main(arguments: Sequence[str]) -> int:
    """Train into ``--out`` (``training.recipe.train`` says what is written there). Exit status ``STOPPED`` when it was stopped."""
    options = _parser().parse_args(arguments)
    recipe = _recipe(options)
    training, validation, facts = _documents(options)
    from mlcore.base_model.loading import load_base
    from mlcore.training.checkpoint import writing
    from mlcore.training.recipe import train
    from mlcore.training.team import join_team

    team = join_team(options.device)
    place = find_base(options.models, options.base)
    start = start_from(options.start, recipe, identity_of(place)) if options.start else None
    base = load_base(place, recipe.precision.value, str(team.device) if team.device else options.device)
    options.out.mkdir(parents=True, exist_ok=True)
    if team.leads:
        print(f"{base.identity.name} {base.identity.revision}, {base.precision} on {base.device}, {team.size} process(es)", flush=True)
        if options.gold:
            print(_AS_THEY_COME, flush=True)
    showing = _showing(options, recipe)
    form = FORMS[recipe.form]
    maker, processes = Maker(form, base.tokenizer, recipe, showing), _preparing(base.device.type, team.size)
    sets, tallies = zip(*(prepared(part, maker, processes) for part in (training, validation)), strict=True)
    if tallies[0].windows:
        facts |= {"long_documents": tallies[0].long, "windows": tallies[0].windows}
        if team.leads:
            print(
                f"{tallies[0].long} documents are longer than {recipe.max_tokens} tokens: trained on in {tallies[0].windows} windows",
                flush=True,
            )
    if showing is not None:
        facts |= tallies[0].to_json()
        if team.leads:
            for part, tally in zip(("training", "validation"), tallies, strict=True):
                print(f"{part}: {tally}", flush=True)
    with _asked_to_stop() as cancelled:

        def listen(event: Event) -> None:
            with writing(options.out), (options.out / "events.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(event.to_json()) + "\n")
            if line := _said(event, options.every):
                print(line, flush=True)

        rate = options.cost_per_device_hour
        outcome = train(
            base,
            recipe,
            sets[0],
            sets[1],
            options.out,
            listen=listen,
            cancelled=cancelled,
            hourly_rate=rate,
            data=facts,
            team=team,
            start=start,
        )
    if team.leads:
        print(_summary(outcome))
    return STOPPED if not outcome.finished and team.size == 1 else 0


def _preparing(device: str, team: int) -> int:
    """Processes that prepare documents: a GPU is not to wait for one core, and a CPU trains for much longer than that takes.

    Each of the ``team`` of processes that train together prepares all documents, so they share the cores.
    """
    return max(1, min(_MOST_PREPARING, len(os.sched_getaffinity(0)) // team)) if device == "cuda" else 1


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """While inside, the first SIGINT or SIGTERM asks for a stop after the step under way; the second acts as usual."""
    asked: list[int] = []
    usual = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, frame: object) -> None:
        asked.append(number)
        signal.signal(number, usual[number])
        print("Stops after this step and saves; once more to stop at once.", file=sys.stderr, flush=True)

    for number in usual:
        signal.signal(number, ask)
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def _summary(outcome: Outcome) -> str:
    if not outcome.finished:
        return f"Stopped after step {outcome.steps} of {outcome.total_steps}; the same command goes on from there."
    cost = f", cost {outcome.cost:.2f}" if outcome.hourly_rate else ""
    took = f"{outcome.wall_seconds:.0f} s, {outcome.device_seconds:.0f} device seconds{cost}, {outcome.memory / 2**30:.1f} GiB"
    learned = f"{outcome.trainable:,} of {outcome.parameters:,} weights learned"
    return f"{outcome.adapter}: {outcome.steps} steps, {outcome.tokens} tokens, {took}, {learned}, {outcome.left_out} too long"


def _recipe(options: argparse.Namespace) -> Recipe:
    recipe = PRESETS[options.preset]
    if options.config:
        try:
            recipe = Recipe.from_json(json.loads(options.config.read_text()))
        except (OSError, ValueError) as error:
            raise RecipeError((f"{options.config} cannot be read as a recipe: {error}",)) from error
    changes = {name: value for name in ("epochs", "form", "seed", "max_tokens") if (value := getattr(options, name)) is not None}
    return replace(recipe, **changes).checked()


def _documents(options: argparse.Namespace) -> tuple[Iterator[Named], Iterator[Named], dict[str, Any]]:
    """Training and validation documents, read as they are asked for, and where they come from as plain JSON (complete once they are read).

    A dataset is mixed, so its beginning is a sample of it.
    """
    if options.gold:
        count = sum(1 for _ in read_gold(options.gold))
        if count < 2:
            raise DatasetError(f"{options.gold} has {count} documents; two are needed, one to train on and one to validate.")
        held = max(1, count // 10) if options.validation is None else options.validation
        if not 0 < held < count:
            raise DatasetError(f"--validation is {held}; of {count} documents 1 to {count - 1} can validate.")
        first, others = islice(read_gold(options.gold), held), islice(read_gold(options.gold), held, None)
        facts: dict[str, Any] = {"source": "gold"}
        return _named(_counted(others, facts)), _named(first), facts
    manifest = read_manifest(options.dataset)
    facts = {"source": "synthetic" if is_synthetic(manifest) else "dataset", "data_hash": manifest["data_hash"]}
    training = read_split(options.dataset, Split.TRAIN, options.documents)
    validation = read_split(options.dataset, Split.VALIDATION, options.validation)
    return _named(_counted(training, facts)), _named(validation), facts


def _counted(entries: Iterator[Entry], facts: dict[str, Any]) -> Iterator[Entry]:
    """The entries; after the last one ``facts`` has the counts of ``documents``, ``vendors`` and ``layouts`` (of those that are told)."""
    vendors, layouts, documents = set[str](), set[str](), 0
    for entry in entries:
        vendors.add(entry.gold.vendor_key)
        layouts.add(entry.layout)
        documents += 1
        yield entry
    facts |= {"documents": documents, "vendors": len(vendors - {""})}
    if layouts - {""}:
        facts["layouts"] = len(layouts - {""})


def _showing(options: argparse.Namespace, recipe: Recipe) -> Showing | None:
    """What documents are shown examples from, where the recipe wants it: the training documents, read once more.

    Raises ``DatasetError`` where the data set leaks, its test vendors among the examples included.
    """
    if not recipe.examples:
        return None
    shelf = shelf_of(_documents(options)[0])
    if options.dataset:
        check_leaks(options.dataset, retrieval=shelf.vendor_keys)
    return Showing(recipe, shelf)


def _named(entries: Iterator[Entry]) -> Iterator[Named]:
    return ((entry.id, entry.gold, entry.weight) for entry in entries)


def _said(event: Event, every: int) -> str:
    if isinstance(event, Progress):
        if event.step % every and event.step != event.steps:
            return ""
        pace = f"{event.tokens_per_second:.0f} tokens/s, {event.eta_seconds / 60:.1f} min left, {event.memory / 2**30:.1f} GiB"
        return f"step {event.step}/{event.steps}  loss {event.loss:.4f}  rate {event.learning_rate:.2e}  {pace}"
    if isinstance(event, EpochEnd):
        held = f", held out {event.validation_loss:.4f}" if event.validation_loss is not None else ""
        held += f", {event.validation_accuracy:.1%} of values" if event.validation_accuracy is not None else ""
        return f"epoch {event.epoch + 1}: train {event.train_loss:.4f}{held}{' (best)' if event.best else ''}"
    return event.message if isinstance(event, Notice) else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlcore train", formatter_class=argparse.RawDescriptionHelpFormatter, description=_ABOUT
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, best.safetensors, events.jsonl")
    parser.add_argument("--preset", choices=sorted(PRESETS), default=DEFAULT.name, help="recipe that ships (default %(default)s)")
    parser.add_argument("--config", type=Path, help="recipe as JSON, instead of a preset")
    parser.add_argument(
        "--start", type=Path, metavar="DIR", help="go on from the model in this artifact directory (default: a new adapter on the base)"
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--dataset", type=Path, help="dataset directory (python -m mlcore build-dataset)")
    source.add_argument("--gold", type=Path, help="gold examples, one JSON object a line; the first validate (--validation)")
    parser.add_argument("--documents", type=int, help="train on the first so many documents of the dataset (default: all)")
    parser.add_argument("--validation", type=int, help="validate on the first so many (default: all; of gold examples, a tenth)")
    parser.add_argument("--epochs", type=int, help="passes over the documents")
    parser.add_argument("--form", help="answer form")
    parser.add_argument("--seed", type=int, help="seed of order and adapter")
    parser.add_argument("--max-tokens", type=int, help="longest document, prompt and answer together")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--base", default=None, help="directory of another base model")
    parser.add_argument("--device", help="cpu, or cuda:0 and so on (default: a GPU where there is one)")
    parser.add_argument("--cost-per-device-hour", type=float, default=0.0, help="price of a device-hour, to be told with the outcome")
    parser.add_argument("--every", type=int, default=1, help="print every so many steps")
    return parser
