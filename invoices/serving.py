"""Which model serves, and how the process that runs it gets hold of it.

Every process may ask ``serving_model``; only the one that reads with the model calls ``load_serving``, which imports torch unless a
model server computes.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from mlcore.artifacts.layout import CONFIDENCE, THRESHOLDS
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.routes import Thresholds
from mlcore.inference.extractor import TemplatedExtractor
from mlcore.inference.remote.server import ModelServer
from mlcore.shipped import chosen_artifact


def serving_model() -> Path | None:
    """Artifact directory of the model that pre-fills beside the templates; ``None``: templates alone. Nothing is opened."""
    return chosen_artifact(settings.MODEL)


def models_folder() -> Path:
    """Where base models are kept once they are made ready."""
    return Path(settings.DATA_DIR) / "models"


def model_server() -> ModelServer | None:
    """The server that computes for this station's inference worker; ``None``: the worker does it. Raises ``ModelServerRefused``."""
    if not settings.MODEL_SERVER:
        return None
    return ModelServer(settings.MODEL_SERVER, settings.MODEL_SERVER_MODEL, settings.MODEL_SERVER_TIMEOUT, settings.MODEL_BATCH)


def load_serving(artifact: Path) -> TemplatedExtractor:
    """Check and load an artifact with its base model, or find it on its server; half a minute the first time. Raises ``MlcoreError``.

    The number of threads is set here because torch reads it once, when it is imported.
    """
    os.environ["OMP_NUM_THREADS"] = str(settings.MODEL_THREADS)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from mlcore.serving import load_extractor  # not at the top: every process imports this file, and one needs what that one brings

    return load_extractor(artifact, models_folder(), calibrated=True, server=model_server())


def accepts_documents() -> bool:
    """Whether acceptance is certified for the serving model: whether any document may do without a person."""
    artifact = serving_model()
    return artifact is not None and _is_certified(artifact)


@lru_cache(maxsize=8)
def _is_certified(artifact: Path) -> bool:
    """Thresholds of one's own go before those that came with the scorer; an artifact's content never changes under its name."""
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
