"""``python -m mlcore train``: an adapter from synthetic documents or from a file of gold examples."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mlcore.answers import FORMS
from mlcore.base_model import find_base
from mlcore.documents import GoldExample, gold_from_json
from mlcore.errors import DatasetError, RecipeError
from mlcore.training.config import Recipe
from mlcore.training.events import EpochEnd, Event, Notice, Progress
from mlcore.training.presets import DEFAULT, PRESETS

Named = tuple[str, GoldExample]


def main(arguments: Sequence[str]) -> int:
    """Train and write ``best.safetensors``, ``recipe.json`` and ``events.jsonl`` to ``--out``."""
    options = _parser().parse_args(arguments)
    recipe = _recipe(options)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "recipe.json").write_text(json.dumps(recipe.to_json(), indent=2))
    training, validation = _documents(options)
    from mlcore.base_model.loading import load_base
    from mlcore.training.examples import training_example
    from mlcore.training.recipe import train

    base = load_base(find_base(options.models, options.base), recipe.precision.value)
    print(f"{base.identity.name} {base.identity.revision}, {base.precision} on {base.device}", flush=True)
    form = FORMS[recipe.form]
    sets = [
        [training_example(n, g, form, base.tokenizer, rare_weight=recipe.rare_weight) for n, g in part] for part in (training, validation)
    ]
    with (options.out / "events.jsonl").open("a", encoding="utf-8") as log:

        def listen(event: Event) -> None:
            log.write(json.dumps(event.to_json()) + "\n")
            log.flush()
            if line := _said(event, options.every):
                print(line, flush=True)

        outcome = train(base, recipe, sets[0], sets[1], options.out, listen=listen)
    print(f"{outcome.adapter}: {outcome.steps} steps, {outcome.tokens} tokens, {outcome.seconds:.0f} s, {outcome.left_out} too long")
    return 0


def _recipe(options: argparse.Namespace) -> Recipe:
    recipe = PRESETS[options.preset]
    if options.config:
        try:
            recipe = Recipe.from_json(json.loads(options.config.read_text()))
        except (OSError, ValueError) as error:
            raise RecipeError((f"{options.config} cannot be read as a recipe: {error}",)) from error
    changes = {name: value for name in ("epochs", "form", "seed", "max_tokens") if (value := getattr(options, name)) is not None}
    return replace(recipe, **changes).checked()


def _documents(options: argparse.Namespace) -> tuple[list[Named], list[Named]]:
    if options.gold:
        found = list(_from_file(options.gold))
        held = max(1, len(found) // 10)
        return found[held:], found[:held]
    from mlcore.dataset.synthetic import generate, vendor_catalogue

    composed = [maker for maker in vendor_catalogue(composed=options.layouts, seed=options.data_seed) if maker.key.startswith("composed")]
    trained, held_out = composed[: -max(1, options.layouts // 10)], composed[-max(1, options.layouts // 10) :]
    training = [(d.id, d.gold) for d in generate(options.documents, options.data_seed, trained)]
    validation = [(d.id, d.gold) for d in generate(options.validation, options.data_seed + 1, held_out)]
    return training, validation


def _from_file(path: Path) -> Iterator[Named]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                data = json.loads(line)
                yield str(data.get("id", number)), gold_from_json(data)
    except (OSError, ValueError, KeyError) as error:
        raise DatasetError(f"{path} cannot be read as gold examples, one JSON object a line: {error}") from error


def _said(event: Event, every: int) -> str:
    if isinstance(event, Progress):
        if event.step % every and event.step != event.steps:
            return ""
        pace = f"{event.tokens_per_second:.0f} tokens/s, {event.eta_seconds / 60:.1f} min left, {event.memory / 2**30:.1f} GiB"
        return f"step {event.step}/{event.steps}  loss {event.loss:.4f}  rate {event.learning_rate:.2e}  {pace}"
    if isinstance(event, EpochEnd):
        held = f", held out {event.validation_loss:.4f}" if event.validation_loss is not None else ""
        return f"epoch {event.epoch + 1}: train {event.train_loss:.4f}{held}{' (best)' if event.best else ''}"
    return event.message if isinstance(event, Notice) else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlcore train", description="Fine-tunes an adapter. A stopped run goes on.")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, best.safetensors, events.jsonl")
    parser.add_argument("--preset", choices=sorted(PRESETS), default=DEFAULT.name, help="recipe that ships (default %(default)s)")
    parser.add_argument("--config", type=Path, help="recipe as JSON, instead of a preset")
    parser.add_argument("--gold", type=Path, help="gold examples, one JSON object a line; a tenth validates")
    parser.add_argument("--documents", type=int, default=300, help="synthetic documents to train on (default %(default)s)")
    parser.add_argument("--validation", type=int, default=16, help="synthetic documents to validate on (default %(default)s)")
    parser.add_argument("--layouts", type=int, default=200, help="synthetic layouts, a tenth held out (default %(default)s)")
    parser.add_argument("--data-seed", type=int, default=101, help="seed of the synthetic documents (default %(default)s)")
    parser.add_argument("--epochs", type=int, help="passes over the documents")
    parser.add_argument("--form", help="answer form")
    parser.add_argument("--seed", type=int, help="seed of order and adapter")
    parser.add_argument("--max-tokens", type=int, help="longest document, prompt and answer together")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--base", default=None, help="directory of another base model")
    parser.add_argument("--every", type=int, default=1, help="print every so many steps")
    return parser
