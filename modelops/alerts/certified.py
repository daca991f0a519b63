"""The certificate of the model that serves, read from its files; nothing of it needs torch."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from invoices.serving import serving_model
from mlcore.artifacts.layout import CONFIDENCE, THRESHOLDS
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.routes import Thresholds


def certificate_in_force() -> Certificate | None:
    """How acceptance was certified for the serving model; ``None`` where no model serves, or nothing is certified."""
    folder = serving_model()
    return _certificate(folder) if folder is not None else None


@lru_cache(maxsize=8)
def _certificate(folder: Path) -> Certificate | None:
    """Thresholds of one's own go before those beside the scorer; an artifact's content never changes under its name."""
    for name in (THRESHOLDS, CONFIDENCE):
        try:
            found = json.loads((folder / name).read_text(encoding="utf-8"))
            accepted = Thresholds.from_json(found["thresholds"] if name == CONFIDENCE else found).accepted
            return accepted if isinstance(accepted, Certificate) else None
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError):
            return None
    return None
