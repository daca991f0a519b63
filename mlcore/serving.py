"""The extractor that serves: model and template of an artifact, combined field by field.

Importing this module imports no torch; ``load_extractor`` does unless the model is behind a server, and only a process that reads with
the model calls it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mlcore.artifacts import Artifact, check_base, load_artifact
from mlcore.artifacts.layout import WEIGHTS
from mlcore.base_model import find_base, identity_of
from mlcore.base_model.prepare import DEFAULT_NAME, VARIABLE
from mlcore.combination.combine import DEFAULT_SCORER, combine
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.routes import UNCERTIFIED, Thresholds
from mlcore.confidence.scorer import Scorer
from mlcore.documents import DocumentText, Extraction
from mlcore.errors import ArtifactError, BaseModelError, ConfidenceError
from mlcore.inference.bases import Bases
from mlcore.inference.document_reader import DocumentReader
from mlcore.inference.model_names import name_beside
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.inference.remote.server import ModelServer
from mlcore.inference.tokens import TOKENIZER, tokens_in
from mlcore.prompts import Example
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.rescoring.rescorer import Rescorer, covers
from mlcore.rescoring.weighing import Weighing
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.model import VendorTemplate
from mlcore.templates.reading import TemplateReading

if TYPE_CHECKING:
    from mlcore.inference.model_reader import ModelReader

MOST_TOKENS = 2048
"""Tokens of a document and its answer, at the least: what bases of every size have positions for."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Weigher(Protocol):
    """What is needed of ``inference.model_reader.ModelReader`` to be asked about the candidates of the template reader."""

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """How likely the model holds each option of the open fields of each document, in the order given."""
        ...


class Reader(Protocol):
    """What is needed of ``inference.model_reader.ModelReader`` and ``inference.document_reader.DocumentReader``."""

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """One reading for each document, in the order given; ``shown`` has for each what is shown before it, or is nothing."""
        ...


@dataclass(frozen=True)
class ServingExtractor:
    """Reads documents with the model of an artifact, each together with the template of its vendor. Deterministic.

    ``model_id`` is the content-addressed name of the artifact, without templates; ``reader`` is the model alone, and ``reads_as``
    its name (``reading_name``). Without a scorer in the artifact a rule that nobody calibrated chooses between model and template,
    and no document is accepted. ``examples`` is how many confirmed documents the model may be shown before the one to read: as many as
    its recipe showed in training, 0 for a model that knows of none. With a ``rescorer`` the ``weigher`` is asked about the header fields of
    which the template reader is not sure; without one, as behind a server that weighs no given tokens, its candidates stand as they are.
    Where it ``reads`` nothing that is all that the model is asked, and ``load_extractor`` sees to it that it can be.
    """

    model_id: str
    reader: Reader
    scorer: Scorer = DEFAULT_SCORER
    thresholds: Thresholds = UNCERTIFIED
    reads_as: str = ""
    examples: int = 0
    rescorer: Rescorer | None = None
    weigher: Weigher | None = None
    reads: bool = True

    def extract(
        self, documents: Sequence[DocumentText], templates: Sequence[VendorTemplate | None], shown: Sequence[Sequence[Example]] = ()
    ) -> list[Extraction]:
        """One extraction for each document, in the order given; ``templates`` is as long as ``documents``. Never raises for odd content.

        ``shown`` has for each document the confirmed ones of its vendor, the nearest first; the model sees the first ``examples`` of
        them.
        """
        return self.extract_beside(documents, [TemplateExtractor(template) for template in templates], shown)

    def extract_beside(
        self, documents: Sequence[DocumentText], beside: Sequence[TemplateExtractor], shown: Sequence[Sequence[Example]] = ()
    ) -> list[Extraction]:
        """As ``extract``, with a template reader for each document."""
        seen = [own[: self.examples] for own in shown] if self.reads and self.examples and shown else [()] * len(documents)
        readings: Sequence[DocumentReading | None] = self.reader.read(documents, seen) if self.reads else [None] * len(documents)
        looks = [reader.look(document) for reader, document in zip(beside, documents, strict=True)]
        templates = self._templates(documents, looks, readings)
        names = [name_beside(self.model_id, reader, own) for reader, own in zip(beside, seen, strict=True)]
        parts = zip(documents, templates, readings, names, strict=True)
        return [
            combine(document, template, reading, self.scorer, model_id=name, thresholds=self.thresholds)
            for document, template, reading, name in parts
        ]

    def _templates(
        self, documents: Sequence[DocumentText], looks: Sequence[TemplateReading], readings: Sequence[DocumentReading | None]
    ) -> list[Extraction]:
        """What the template reader says, rescored where the model has weighed its open fields, or is asked to now."""
        if self.rescorer is None:
            return [look.extraction() for look in looks]
        opened = [self.rescorer.asks(open_fields(look)) for look in looks]
        weighed = {place: reading.weighed if reading is not None else () for place, reading in enumerate(readings)}
        new = [place for place, own in enumerate(opened) if not covers(weighed[place], own)]
        if self.weigher is not None and new:
            found = self.weigher.weigh([documents[place] for place in new], [opened[place] for place in new])
            weighed.update(zip(new, found, strict=True))
        return [self.rescorer.extraction(*part) for part in zip(looks, opened, weighed.values(), strict=True)]


def load_extractor(
    artifact_folder: Path,
    models_folder: Path,
    *,
    calibrated: bool = False,
    server: ModelServer | None = None,
    bases: Bases | None = None,
) -> ServingExtractor:
    """Verify an artifact, load its base and its adapter. Raises ``ArtifactError`` or ``BaseModelError`` with the reason.

    ``calibrated`` refuses an artifact without a fitted scorer: what chooses between model and template by rule alone reads worse than
    the template (docs/results.md).

    The base is the directory of its name under ``models_folder``, else ``$COUNTERSIGN_BASE_MODEL``, else the default base, which
    is made ready there when it is not yet (half a minute). On a CPU the model computes in float32, on a GPU in what the GPU has.
    A base that is among ``bases`` is not loaded again: the adapter is put beside those that are on it.

    With a ``server`` base and adapter are its own: only the base's tokenizer is read here, and torch is not imported. The server is asked
    what it can do; raises ``ModelServerError`` when it is away, or serves another model.
    """
    artifact = load_artifact(artifact_folder)
    if calibrated and artifact.confidence is None:
        raise ArtifactError(
            f"{artifact_folder} has no confidence, so nothing says when its model is to be believed. Run python -m mlcore calibrate, and "
            "pack it again with --confidence."
        )
    scoring = scoring_of(artifact)
    if server is not None:
        served, weighing, engine = _served(artifact, models_folder, server)
        return _extractor(artifact, scoring, served, weighing, engine)
    reader = _local(artifact, models_folder, bases)
    return _extractor(artifact, scoring, reader, reader)


def _extractor(artifact: Artifact, scoring: Scoring, reader: Reader, weigher: Weigher | None, engine: str = "") -> ServingExtractor:
    if weigher is None and not scoring.reads:
        raise ArtifactError(
            f"{artifact.folder} reads nothing and weighs the template reader's candidates, but this server weighs no given tokens. Take a "
            "server that does (docs/operations.md), let the worker compute, or calibrate the model with readings."
        )
    return ServingExtractor(
        model_id=artifact.model_id,
        reader=reader,
        scorer=scoring.scorer,
        thresholds=scoring.thresholds,
        reads_as=reading_name(artifact, engine),
        examples=artifact.description.recipe.examples,
        rescorer=scoring.rescorer,
        weigher=weigher,
        reads=scoring.reads,
    )


def _local(artifact: Artifact, models_folder: Path, bases: Bases | None) -> ModelReader:
    folder = base_of(artifact, models_folder)
    import torch

    from mlcore.base_model.loading import LoadedBase, load_base

    def load() -> LoadedBase:
        return load_base(folder, "auto" if torch.cuda.is_available() else "fp32")

    held = bases if bases is not None else Bases()
    sha256, most = artifact.description.base.sha256, most_tokens(artifact)
    return held.reader(artifact.model_id, artifact.adapter, artifact.form, sha256=sha256, load=load, max_tokens=most)


def _served(artifact: Artifact, models_folder: Path, server: ModelServer) -> tuple[Reader, Weigher | None, str]:
    from mlcore.inference.remote.client import Client  # not at the top: every process imports this file, and few ask a server
    from mlcore.inference.remote.engine import ServerEngine
    from mlcore.inference.remote.probe import abilities

    tokens = tokens_in(tokenizer_folder(artifact, models_folder))
    client, model = Client(server), server.model or artifact.model_id
    found = abilities(client, model, artifact.form, tokens)
    engine = ServerEngine(client, model, artifact.form, tokens, found, in_flight=server.in_flight)
    reader = DocumentReader(engine, tokens, artifact.form, max_tokens=most_tokens(artifact))
    weighing = Weighing(reader, artifact.form, tokens, engine.weigh) if found.grammar else None  # only such a server weighs given tokens
    return reader, weighing, found.name


def reading_name(artifact: Artifact, engine: str = "") -> str:
    """Content-addressed name of what the model of an artifact reads: scorer and thresholds have no part in it.

    ``engine`` names what computes when it is not this program (``remote.probe.Abilities.name``): values may differ. What a document was
    shown has a name of its own beside this one (``prompts.examples_id``).
    """
    told = artifact.description
    weights = hashlib.sha256((artifact.folder / WEIGHTS).read_bytes()).hexdigest()
    named = [weights, told.base.sha256, told.form, told.prompt_version, most_tokens(artifact)]
    name = f"reader-{hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]}"
    return f"{name}:{engine}" if engine else name


def most_tokens(artifact: Artifact) -> int:
    """Prompt and answer together. A document is cut into windows, which no training has seen, later than it was too long to train on."""
    return max(artifact.description.recipe.max_tokens, MOST_TOKENS)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What judges the readings of an artifact."""

    scorer: Scorer
    thresholds: Thresholds
    rescorer: Rescorer | None
    reads: bool = True


def scoring_of(artifact: Artifact) -> Scoring:
    """The scoring of an artifact; ``thresholds.json`` goes before the thresholds beside the scorer. Raises ``ArtifactError``."""
    try:
        known = Confidence.from_json(artifact.confidence) if artifact.confidence is not None else None
        own = Thresholds.from_json(artifact.thresholds) if artifact.thresholds is not None else None
    except (ConfidenceError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError(f"Scorer or thresholds of {artifact.folder} cannot be used: {error}") from error
    if own is not None and known is None:
        raise ArtifactError(f"{artifact.folder} has thresholds without a scorer, and they hold for no other; pack it with --confidence.")
    if known is None:
        return Scoring(DEFAULT_SCORER, own or UNCERTIFIED, None)
    return Scoring(known.scorer, own or known.thresholds, known.rescorer, known.reads)


def base_of(artifact: Artifact, models_folder: Path) -> Path:
    """Directory of the base model of an artifact, checked. Raises ``ArtifactError`` or ``BaseModelError``."""
    wanted = artifact.description.base
    folder = models_folder / wanted.name if _PLAIN_NAME.fullmatch(wanted.name) else models_folder
    if not _holds(folder, wanted.sha256):
        folder = find_base(models_folder)
    check_base(artifact, folder)
    return folder


def check_ready_base(artifact: Artifact, models_folder: Path) -> None:
    """``check_base`` with the base that ``base_of`` would take, where that one is ready; nothing is made ready.

    Raises ``ArtifactError`` or ``BaseModelError``.
    """
    wanted = artifact.description.base
    folder = models_folder / wanted.name if _PLAIN_NAME.fullmatch(wanted.name) else models_folder
    if not _holds(folder, wanted.sha256):
        configured = os.environ.get(VARIABLE, "")
        folder = Path(configured).expanduser() if configured else models_folder / DEFAULT_NAME
    if folder.is_dir():
        check_base(artifact, folder)


def tokenizer_folder(artifact: Artifact, models_folder: Path) -> Path:
    """Directory with the tokenizer of the base of an artifact: where ``base_of`` looks. Nothing is made ready; weights may be missing.

    Where there are weights they are checked. Raises ``ArtifactError`` or ``BaseModelError``.
    """
    name = artifact.description.base.name
    named = models_folder / name
    configured = os.environ.get(VARIABLE, "")
    places = [*([named] if _PLAIN_NAME.fullmatch(name) else []), *([Path(configured).expanduser()] if configured else [])]
    for folder in places:
        if (folder / TOKENIZER).is_file():
            if any(folder.glob("*.safetensors")):
                check_base(artifact, folder)
            return folder
    raise BaseModelError(
        f"The tokenizer of {name} is not in {' nor in '.join(map(str, places)) or models_folder}. Copy tokenizer.json, "
        f"tokenizer_config.json and config.json of the base model to {named}, or set ${VARIABLE} to their directory; the default base "
        "is made ready by python -m mlcore prepare-base."
    )


def _holds(folder: Path, sha256: str) -> bool:
    try:
        return folder.is_dir() and identity_of(folder).sha256 == sha256
    except BaseModelError:
        return False
