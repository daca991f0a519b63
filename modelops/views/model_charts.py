"""Charts of one evaluation, made of its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelops.charts import Bin, Caption, Histogram, Promise, Rank, RankingChart, ReliabilityChart, Unit, histogram, ranking, reliability

MOST_VENDORS = 20


def reliability_of(evidence: Mapping[str, Any]) -> ReliabilityChart:
    """What was promised against what held, on documents that nothing was learned from."""
    bins = evidence.get("served", {}).get("quality", {}).get("bins", [])
    said = Caption(
        "reliability",
        "Is its confidence true?",
        note="Values of the held-out documents as they would be served, in groups of like confidence. On the line, it is true.",
        empty="No value with a confidence was read.",
    )
    return reliability(said, [Promise(confidence, accuracy, count) for count, confidence, accuracy in bins])


def histogram_of(evidence: Mapping[str, Any]) -> Histogram:
    """How sure it is: values by confidence, in the three parts of the specification."""
    counts = evidence.get("served", {}).get("histogram", [])
    step = 1 / max(1, len(counts))
    bins = [Bin(round(n * step, 6), round((n + 1) * step, 6), count, _group((n + 0.5) * step)) for n, count in enumerate(counts)]
    said = Caption("confidences", "How sure it is", note="Values by their confidence.", empty="No value with a confidence was read.")
    return histogram(said, bins, Unit.SHARE, groups=["below 90 %", "90 to 95 %", "from 95 %"])


def vendors_of(evidence: Mapping[str, Any], names: Mapping[str, str], target: float | None) -> RankingChart:
    """The vendors it reads worst first."""
    groups = [one for one in evidence.get("evaluation", {}).get("groups", []) if one["kind"] == "vendor"]
    known = sorted(groups, key=lambda one: (one["field_accuracy"]["value"] is None, one["field_accuracy"]["value"] or 0, one["name"]))
    ranks = [
        Rank(names.get(one["name"], one["name"]), **one["field_accuracy"], n=one["documents"], note=f"{one['documents']} documents")
        for one in known[:MOST_VENDORS]
    ]
    more = f"The {MOST_VENDORS} worst of {len(known)}." if len(known) > MOST_VENDORS else ""
    note = f"Share of right values on held-out documents, with 95 % intervals over documents. {more}"
    return ranking(Caption("vendors", "Vendor by vendor", note=note), ranks, Unit.SHARE, target=target, label="Vendor")


def _group(confidence: float) -> int:
    return 0 if confidence < 0.9 else 1 if confidence < 0.95 else 2
