"""``manage.py deploy --model DIR``: make a model serve, if the gate lets it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.models import Role, User
from mlcore.shipped import NO_MODEL
from modelops.deployment.promoting import promote, serve_templates_alone
from modelops.errors import ModelopsError, NotFound
from modelops.gate.overriding import override
from modelops.models import GateResult, ModelVersion
from modelops.registry.registering import register


class Command(BaseCommand):
    """``deploy --model DIR|NUMBER|MODEL_ID [--share N] [--reason TEXT] [--override TEXT --by NAME]``."""

    help = (
        "Make a model serve. A directory that is not in the registry yet is verified and registered. Without a pass of the gate, or an "
        "override, nothing is deployed: the reasons are printed and the exit status is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which model, for how many documents, and by whose word."""
        parser.add_argument(
            "--model", required=True, help="directory of an artifact, number of a model, or its name (adapter-…); none: templates alone"
        )
        parser.add_argument("--share", type=int, default=100, help="percent of the documents; under 100 a canary beside the champion")
        parser.add_argument("--reason", default="", help="why, for the history")
        parser.add_argument("--override", default="", help="written reason to deploy a model that did not pass; needs --by")
        parser.add_argument("--by", default="", help="name of the admin who decides")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 with the reasons when it is refused."""
        by = _admin(options["by"])
        if options["override"] and by is None:
            raise CommandError("An override is somebody's word: say whose with --by NAME, an admin.")
        try:
            if options["model"].casefold() == NO_MODEL:
                serve_templates_alone(by=by, reason=options["reason"])
                self.stdout.write("Templates alone serve from now on.")
                return
            model = _model(options["model"], by)
            if options["override"] and by is not None:
                override(_verdict(model), options["override"], by)
            row = promote(model, by=by, reason=options["reason"], share=options["share"])
        except ModelopsError as error:
            self.stderr.write(error.detail)
            sys.exit(1)
        served = "all documents" if row.share == 100 else f"{row.share} % of the documents"
        self.stdout.write(f"Model {model.number} ({model.model_id}) reads {served} from now on.")


def _admin(name: str) -> User | None:
    if not name:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None or not found.has_role(Role.ADMIN):
        raise CommandError(f"{name!r} is no active admin; --by takes the user name of one.")
    return found


def _model(named: str, by: User | None) -> ModelVersion:
    """By number, by name, or by directory, which is registered when it is new. Raises ``NotFound`` and ``Refused``."""
    if named.isascii() and named.isdigit() and len(named) <= 9:
        found = ModelVersion.objects.filter(number=int(named)).first()
    else:
        found = ModelVersion.objects.filter(model_id=named).first()
    if found is not None:
        return found
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise NotFound("model_not_found", f"{named!r} is neither the number nor the name of a model, and no directory.")
    return register(folder, origin=ModelVersion.Origin.IMPORTED, by=by)


def _verdict(model: ModelVersion) -> GateResult:
    found = GateResult.objects.filter(model=model).order_by("-pk").first()
    if found is None:
        raise NotFound(
            "not_judged", f"The gate was never asked about model {model.number}, so there is nothing to override; evaluate it first."
        )
    return found
