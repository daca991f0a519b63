"""The files of an artifact. The set is closed: what is not named here has no place in one."""

from __future__ import annotations

MANIFEST = "MANIFEST.json"
"""SHA-256 and bytes of every other file; written last."""
DESCRIPTION = "artifact.json"
CARD = "README.md"
WEIGHTS = "adapter/adapter_model.safetensors"
CONFIG = "adapter/adapter_config.json"
CONFIDENCE = "confidence.json"
THRESHOLDS = "thresholds.json"
METRICS = "metrics.json"

REQUIRED = (DESCRIPTION, WEIGHTS, CONFIG, CARD)
OPTIONAL = (CONFIDENCE, THRESHOLDS, METRICS)
DECIDING = (DESCRIPTION, WEIGHTS, CONFIG, CONFIDENCE, THRESHOLDS)
"""Files that an answer depends on: the name of an artifact is made of them, so that a new card or measurement keeps it."""

FORMAT = "countersign-artifact-1"
"""Raised whenever an older program could not read an artifact."""
