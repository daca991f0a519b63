"""The systems that ``evaluate`` knows, as options of the command line. A new one is one more entry of ``SYSTEM_OPTIONS``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlcore.answers import FORMS
from mlcore.commands.server_options import server_of
from mlcore.errors import EvaluationError
from mlcore.evaluation.artifact_systems import RememberingReader, remembering
from mlcore.evaluation.asked_of_models import MODEL, WORDS, Asked, artifact_systems, bare_systems
from mlcore.evaluation.labeled import TemplateOfLabeled, labeled_documents
from mlcore.evaluation.systems import KeptPredictions, System, TemplateSystem, predictions_from_lines
from mlcore.serving import load_extractor
from mlcore.training.presets import DEFAULT

BARE_TOKENS = 2048
"""Prompt and answer of a base without an adapter together."""
_IN_FLIGHT = 8
"""Documents that a system of an artifact is given at a time."""
BuildSystems = Callable[[str, Namespace], Sequence[System]]
"""Makes the systems of one occurrence of an option from its value (``""`` for an option without one) and all options."""


@dataclass(frozen=True, slots=True)
class SystemOption:
    """An option that names systems to evaluate."""

    flag: str
    metavar: str | None
    help: str
    build: BuildSystems


def _template(_value: str, _options: Namespace) -> Sequence[System]:
    return [TemplateSystem()]


def _template_after(value: str, _options: Namespace) -> Sequence[System]:
    counts = value.split(",")
    if not all(count.strip().isdecimal() and int(count) > 0 for count in counts):
        raise EvaluationError(f"--template-after {value}: give whole numbers of confirmed documents from 1, for example 1,3.")
    return [TemplateSystem(int(count)) for count in counts]


def _template_labeled(value: str, options: Namespace) -> Sequence[System]:
    counts = value.split(",")
    if not all(count.strip().isdecimal() for count in counts):
        raise EvaluationError(f"--template-labeled {value}: give whole numbers of labeled documents, for example 50,200.")
    return [TemplateOfLabeled(labeled_documents(options.data, int(count))) for count in counts]


def _predictions(value: str, _options: Namespace) -> Sequence[System]:
    name, separator, file = value.partition("=")
    path = Path(file if separator else value)
    try:
        with path.open(encoding="utf-8") as lines:
            return [KeptPredictions(name if separator else path.stem, predictions_from_lines(lines, str(path)))]
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read ({error.strerror}); give predictions as one JSON object a line.") from error


def _artifact(value: str, options: Namespace) -> Sequence[System]:
    path, _, spoken = value.partition("@")
    name, separator, folder = path.partition("=")
    asked = _asked(f"--artifact {value}", spoken.split(",")) if spoken else []
    place = Path(folder if separator else path)
    extractor = load_extractor(place, options.models, server=server_of(options, _IN_FLIGHT))
    asked = asked or [*([Asked(MODEL)] if extractor.reads else []), Asked("", 0)]
    called = name if separator else place.name
    return artifact_systems(called, remembering(extractor, options.readings), asked, options.data, options.max_tokens)


def _bare(value: str, options: Namespace) -> Sequence[System]:
    path, _, spoken = value.partition("@")
    name, separator, folder = path.partition("=")
    form, _, words = spoken.partition(",")
    if form and form not in FORMS:
        raise EvaluationError(f"--bare {value}: there is no answer form {form!r}; known are {', '.join(FORMS)}.")
    asked = _asked(f"--bare {value}", (words or MODEL).split(","))
    if not all(one.kind for one in asked):
        raise EvaluationError(f"--bare {value}: a base without an adapter has no template beside it; ask for {WORDS}.")
    place = Path(folder if separator else path)
    from mlcore.base_model.loading import load_base
    from mlcore.inference.model_reader import ModelReader

    reader = RememberingReader(
        ModelReader(load_base(place), None, FORMS[form or DEFAULT.form], max_tokens=options.max_tokens or BARE_TOKENS)
    )
    return bare_systems(name if separator else place.name, reader, asked, options.data)


def _asked(said: str, words: Sequence[str]) -> list[Asked]:
    asked = [Asked.of(word.strip()) for word in words]
    if None in asked:
        raise EvaluationError(f"{said}: after @ stand {WORDS}, and numbers of confirmed documents, for example @{MODEL},0,3.")
    return [one for one in asked if one is not None]


SYSTEM_OPTIONS: tuple[SystemOption, ...] = (
    SystemOption("--template", None, "the template reader without any document of the vendor", _template),
    SystemOption("--template-after", "N[,N...]", "the template reader after N confirmed documents of the same vendor", _template_after),
    SystemOption(
        "--template-labeled",
        "N[,N...]",
        "the template reader, templates learned from the first N training documents of DATA",
        _template_labeled,
    ),
    SystemOption(
        "--artifact",
        "[NAME=]DIR[@WHAT,...]",
        f"an artifact; WHAT is {WORDS}, or N for model and template together after N "
        f"confirmed documents of the same vendor (default {MODEL},0; 0 for one that serves without reading)",
        _artifact,
    ),
    SystemOption(
        "--bare",
        "[NAME=]DIR[@FORM[,WHAT...]]",
        f"a base model without an adapter: untrained, or wholly fine-tuned (pack --as-base); WHAT as for an artifact (default {MODEL})",
        _bare,
    ),
    SystemOption("--predictions", "[NAME=]FILE", "records kept by another command, one JSON object a line: id and record", _predictions),
)
