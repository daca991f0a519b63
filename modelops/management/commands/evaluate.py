"""``manage.py evaluate --test-set FILE [--model ID|DIR]``: evaluate a model on held-out vendors and ask the gate.

The exit status is the gate: 0 for a pass, 1 for none, 2 when it could not be asked. So a script deploys by ``evaluate ... && deploy ...``.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modelops.errors import ModelopsError
from modelops.gate.judging import judge
from modelops.models import GateResult, ModelVersion
from modelops.registry.handing_out import NEW_ADAPTERS
from modelops.registry.registering import register
from modelops.registry.test_sets import version_of_test_set

_SIGNS = {"passed": "ok  ", "failed": "NO  ", "unknown": "?   ", "skipped": "-   "}


class Command(BaseCommand):
    """Reads with torch, in this process."""

    help = "Evaluate a model on the held-out vendors of a data set and ask the gate; exits 0 when it passed, 1 when it did not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is evaluated, and on what."""
        parser.add_argument("--test-set", type=Path, required=True, metavar="FILE", help="held_out_vendors.json of merge_datasets")
        parser.add_argument(
            "--model",
            default="",
            metavar="ID|DIR",
            help="number or name of a model, or artifact directory (default: new-adapters beside the test set, else the newest candidate)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the verdict with every check; end with the exit status of the gate."""
        try:
            dataset = version_of_test_set(options["test_set"])
            model = _model(options["model"] or _beside(options["test_set"]))
            self.stdout.write(f"Model {model.number} ({model.model_id}) on the held-out vendors of data set {dataset.number}")
            result = judge(model, dataset, listen=self._told)
        except ModelopsError as error:
            raise CommandError(error.detail, returncode=2) from error
        self._print(result)
        if not result.passed:
            raise SystemExit(1)

    def _told(self, done: int, count: int) -> None:
        self.stderr.write(f"\r{done} of {count} read", ending="\n" if done == count else "")

    def _print(self, result: GateResult) -> None:
        verdict = result.verdict
        for check in verdict["checks"]:
            self.stdout.write(f"{_SIGNS.get(check['state'], '    ')}{check['title']}: {check['sentence']}")
        accuracy = next((check["numbers"].get("value") for check in verdict["checks"] if check["code"] == "accuracy"), None)
        self.stdout.write(f"validation_accuracy {accuracy:.4f}" if accuracy is not None else "validation_accuracy unknown")
        self.stdout.write(verdict["reason"])
        self.stdout.write("PASSED" if result.passed else "NOT PASSED")


def _beside(test_set: Path) -> str:
    """What ``train_qlora --out ./new-adapters`` left in the folder of the test set; nothing where there is none."""
    made = test_set.parent / NEW_ADAPTERS
    return str(made) if made.is_dir() else ""


def _model(wanted: str) -> ModelVersion:
    """By number, by name, by directory (registered when it is new), or the newest candidate. Raises ``CommandError``, ``Refused``."""
    if not wanted:
        newest = ModelVersion.objects.filter(state=ModelVersion.State.CANDIDATE).order_by("-number").first()
        if newest is None:
            raise CommandError("There is no candidate to evaluate. Train a model, or name one with --model.", returncode=2)
        return newest
    if wanted.isdecimal() and len(wanted) < 10:
        found = ModelVersion.objects.filter(number=int(wanted)).first()
        if found is None:
            raise CommandError(f"There is no model {wanted}.", returncode=2)
        return found
    named = ModelVersion.objects.filter(model_id=wanted).first()
    return named or register(Path(wanted), origin=ModelVersion.Origin.IMPORTED)
