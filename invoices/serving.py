"""Which models serve, and how the process that runs them gets hold of one.

Every process may ask ``serving`` (a query at most); only the one that reads with a model calls ``load_serving``, which imports torch
unless a model server computes. What is written here is ``modelops.deployment``'s to write.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from invoices.models import ServingModel
from mlcore.artifacts.layout import CONFIDENCE, MANIFEST, THRESHOLDS
from mlcore.artifacts.manifest import name_of, read_json
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.routes import Thresholds
from mlcore.errors import ArtifactError
from mlcore.inference.bases import Bases
from mlcore.inference.extractor import TemplatedExtractor
from mlcore.inference.model_names import prefix_of
from mlcore.inference.remote.server import ModelServer
from mlcore.shipped import chosen_artifact

SETTING = "COUNTERSIGN_MODEL"
SERVER_SETTING = "COUNTERSIGN_MODEL_SERVER_MODEL"


class Source(StrEnum):
    """Who said what serves: the setting goes before a deployment, and without either the shipped artifact serves."""

    SETTING = "setting"
    DEPLOYED = "deployed"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Served:
    """One artifact that serves. ``promised`` is the name it was deployed under, ``""`` where none was said."""

    folder: Path
    promised: str = ""

    @property
    def model_id(self) -> str:
        """Its name; of an artifact that was not deployed by name what its manifest says, ``""`` when it says nothing."""
        return self.promised or _claimed(self.folder)


@dataclass(frozen=True, slots=True)
class Serving:
    """What serves now. ``champion`` is ``None`` for templates alone; ``canary`` reads ``share`` percent of the documents beside it."""

    source: Source
    champion: Served | None
    canary: Served | None = None
    share: int = 0

    @property
    def models(self) -> tuple[Served, ...]:
        """The models that serve, the champion first."""
        return tuple(one for one in (self.champion, self.canary) if one is not None)

    def of(self, sha256: str) -> Served | None:
        """The model that reads the document of this content; ``None``: templates alone. The same document gets the same answer."""
        return self.canary if self.canary is not None and falls_to_canary(sha256, self.canary.model_id, self.share) else self.champion


def falls_to_canary(sha256: str, model_id: str, share: int) -> bool:
    """Whether a document is in the canary's ``share`` (percent): by a hash, so that a larger share holds all that a smaller one held."""
    return int(hashlib.sha256(f"{model_id}:{sha256}".encode()).hexdigest()[:8], 16) % 10_000 < share * 100


def serving(*, lock: bool = False) -> Serving:
    """What serves: at most one query, and no artifact is opened. With ``lock``, inside a transaction, it stays so until its end."""
    if settings.MODEL.strip():
        return Serving(Source.SETTING, _artifact(chosen_artifact(settings.MODEL)))
    stored = ServingModel.objects.order_by("pk")
    rows = {row.slot: row for row in (stored.select_for_update() if lock else stored)}
    champion, canary = rows.get(ServingModel.Slot.CHAMPION), rows.get(ServingModel.Slot.CANARY)
    first = _deployed(champion) if champion else _artifact(chosen_artifact(""))
    source = Source.DEPLOYED if champion else Source.SHIPPED
    beside = _deployed(canary) if canary else None
    return Serving(source, first, beside, canary.share if canary and beside else 0)


def serving_model() -> Path | None:
    """Artifact directory of the champion; ``None``: templates alone. Nothing is opened."""
    champion = serving().champion
    return champion.folder if champion else None


def fixed_by() -> str:
    """Name of the setting that says which model serves, so that no deployment can; ``""`` for none."""
    if settings.MODEL.strip():
        return SETTING
    return SERVER_SETTING if settings.MODEL_SERVER and settings.MODEL_SERVER_MODEL else ""


def artifacts_folder() -> Path:
    """Where packed models are; ``ServingModel.folder`` is relative to it unless it is absolute."""
    return Path(settings.DATA_DIR) / "artifacts"


def models_folder() -> Path:
    """Where base models are kept once they are made ready."""
    return Path(settings.DATA_DIR) / "models"


def model_server() -> ModelServer | None:
    """The server that computes for this station's inference worker; ``None``: the worker does it. Raises ``ModelServerRefused``."""
    if not settings.MODEL_SERVER:
        return None
    return ModelServer(settings.MODEL_SERVER, settings.MODEL_SERVER_MODEL, settings.MODEL_SERVER_TIMEOUT, settings.MODEL_BATCH)


def load_serving(artifact: Path, bases: Bases | None = None) -> TemplatedExtractor:
    """Check and load an artifact with its base model, or find it on its server; half a minute the first time. Raises ``MlcoreError``.

    ``bases`` are those that this process holds: one that is among them is not loaded again. The number of threads is set here because
    torch reads it once, when it is imported.
    """
    os.environ["OMP_NUM_THREADS"] = str(settings.MODEL_THREADS)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from mlcore.serving import load_extractor  # not at the top: every process imports this file, and one needs what that one brings

    return load_extractor(artifact, models_folder(), calibrated=True, server=model_server(), bases=bases)


def accepts_documents(model_id: str = "") -> bool:
    """Whether acceptance is certified: for the model that a prediction is named after (``model_id``) where it serves, else the champion."""
    now = serving()
    by_canary = now.canary is not None and model_id.startswith(prefix_of(now.canary.model_id))
    made = now.canary if by_canary else now.champion
    return made is not None and is_certified(made.folder)


@lru_cache(maxsize=8)
def is_certified(artifact: Path) -> bool:
    """Whether an artifact has a certificate of acceptance. Thresholds of one's own go before those that came with the scorer.

    An artifact's content never changes under its name, so the answer is kept.
    """
    for name in (THRESHOLDS, CONFIDENCE):
        try:
            found = json.loads((artifact / name).read_text(encoding="utf-8"))
            found = found["thresholds"] if name == CONFIDENCE else found
            return isinstance(Thresholds.from_json(found).accepted, Certificate)
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError):
            return False
    return False


def _artifact(folder: Path | None) -> Served | None:
    return Served(folder) if folder else None


def _deployed(row: ServingModel) -> Served | None:
    return Served(artifacts_folder() / row.folder, row.model_id) if row.model_id else None


def _claimed(folder: Path) -> str:
    try:
        return _claimed_at(folder, (folder / MANIFEST).stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=8)
def _claimed_at(folder: Path, changed_ns: int) -> str:
    try:
        return name_of(read_json(folder, MANIFEST)["files"])
    except (ArtifactError, KeyError, TypeError):
        return ""
