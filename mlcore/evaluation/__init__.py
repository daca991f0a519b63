"""Scoring of extractors: metrics with intervals, comparison of two systems, learning curves, and a report.

Everything is computed from ``mlcore.compare``; docs/evaluation.md has one line for each metric. Pure: files are read and
written by ``mlcore.commands.evaluate``.
"""

from mlcore.evaluation.case import Case
from mlcore.evaluation.metrics import evaluate
from mlcore.evaluation.paired import compare_systems
from mlcore.evaluation.scores import Evaluation

__all__ = ["Case", "Evaluation", "compare_systems", "evaluate"]
