"""The questions that a candidate has to answer, one function each. No check decides by itself whether a model serves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from mlcore.evaluation.against import CRITICAL_FIELDS
from mlcore.evaluation.metrics import restricted
from mlcore.evaluation.paired import Paired, compare_systems
from mlcore.evaluation.scores import Estimate, Evaluation
from mlcore.gate.evidence import System
from mlcore.gate.policy import GatePolicy
from mlcore.gate.verdict import Check, State
from mlcore.percent import in_percent, in_points

_NAMED = 5
"""So many vendors of a leak are named."""


def held_out(candidate: System, policy: GatePolicy) -> Check:
    """Whether it was judged on vendors that nothing in it was learned from, and on enough of them."""
    documents = candidate.evaluation.documents
    vendors = {document.vendor for document in documents}
    leaked = sorted(vendors & candidate.trained_vendors | {document.vendor for document in documents if document.seen})
    numbers = {"documents": len(documents), "vendors": len(vendors), "leaked": len(leaked), "at_least": [policy.documents, policy.vendors]}

    def says(state: State, sentence: str) -> Check:
        return Check("held_out", "Held-out vendors", state, sentence, numbers)

    if leaked:
        named = ", ".join(leaked[:_NAMED]) + (" and more" if len(leaked) > _NAMED else "")
        return says(State.FAILED, f"{len(leaked)} vendors of the evaluation were trained on ({named}).")
    if not candidate.vendors_known:
        return says(State.UNKNOWN, "Nothing says which vendors it was trained on, so nobody can say that these are new to it.")
    if len(documents) < policy.documents or len(vendors) < policy.vendors:
        least = f"{policy.documents} documents of {policy.vendors} are the least"
        return says(State.UNKNOWN, f"It was judged on {len(documents)} documents of {len(vendors)} held-out vendors; {least}.")
    return says(State.PASSED, f"Judged on {len(documents)} documents of {len(vendors)} vendors that it has not learned from.")


def accurate(candidate: System, policy: GatePolicy) -> Check:
    """Whether enough is right on held-out vendors."""
    found = candidate.evaluation.overall.get(policy.measure, Estimate(None))
    numbers = {**found.to_json(), "limit": policy.accuracy, "measure": policy.measure, "by_lower_bound": policy.by_lower_bound}
    judged = found.low if policy.by_lower_bound else found.value
    title = "Accuracy on held-out vendors"
    if judged is None or found.value is None:
        return Check("accuracy", title, State.UNKNOWN, "There is no value to judge the accuracy by.", numbers)
    name = policy.measure.replace("_", " ")
    part = "the lower end of its interval" if policy.by_lower_bound else "it"
    above = judged > policy.accuracy
    what = f"{name[:1].upper()}{name[1:]} is {in_percent(found.value)}{_between(found)}"
    verb = "is" if above else "has to be"
    sentence = f"{what}; {part} {verb} above {in_percent(policy.accuracy)}."
    return Check("accuracy", title, State.PASSED if above else State.FAILED, sentence, numbers)


def documents_not_lost(paired: Paired, policy: GatePolicy) -> Check:
    """Whether fewer documents are wholly right than with the champion (McNemar's exact test)."""
    lost, won = paired.first_only, paired.second_only
    numbers = {"won": won, "lost": lost, "both": paired.both, "neither": paired.neither, "p": paired.p_value, "limit": policy.significance}
    worse = lost > won and paired.p_value < policy.significance
    sentence = f"Of {paired.documents} documents {won} became wholly right and {lost} no longer are (McNemar p {paired.p_value:.3f})."
    return Check("documents", "Whole documents against the champion", State.FAILED if worse else State.PASSED, sentence, numbers)


def fields_not_lost(paired: Paired) -> Check:
    """Whether fewer values are right than with the champion (bootstrap by vendor, the policy's level)."""
    found = paired.differences.get("field_accuracy", Estimate(None))
    numbers = {**found.to_json(), "vendors": paired.vendors}
    title = "Values against the champion"
    if found.value is None or found.high is None:
        return Check("fields", title, State.UNKNOWN, "Values cannot be compared with the champion's: there is but one vendor.", numbers)
    worse = found.high < 0
    sentence = f"The share of right values differs by {in_points(found.value)}{_between(found, points=True)}."
    return Check("fields", title, State.FAILED if worse else State.PASSED, sentence, numbers)


def critical_fields_not_lost(paired: Paired, policy: GatePolicy) -> Iterator[Check]:
    """For each field that decides about a payment: whether a loss of more than the margin can be excluded."""
    for name in CRITICAL_FIELDS:
        found = paired.differences.get(f"field:{name}")
        if found is not None:
            yield _not_inferior(f"field:{name}", f"Critical field: {name}", found, policy.field_margin)


def vendors_not_lost(candidate: Evaluation, champion: Evaluation, policy: GatePolicy) -> Iterator[Check]:
    """For each of the vendors with the most documents: whether a loss of more than the margin can be excluded (bootstrap by document)."""
    counts = Counter(document.vendor for document in candidate.documents)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    for vendor, count in ordered[: policy.top_vendors]:
        code, title = f"vendor:{vendor}", f"Vendor {vendor}"
        if count < policy.vendor_documents:
            numbers = {"documents": count, "at_least": policy.vendor_documents}
            sentence = f"{vendor} has {count} documents; with fewer than {policy.vendor_documents} a vendor is not judged by itself."
            yield Check(code, title, State.SKIPPED, sentence, numbers)
            continue
        ids = {document.id for document in candidate.documents if document.vendor == vendor}
        paired = compare_systems(restricted(champion, ids), restricted(candidate, ids))
        found = paired.differences.get("field_accuracy", Estimate(None))
        yield _not_inferior(code, title, found, policy.vendor_margin, documents=count)


def calibrated(candidate: System, policy: GatePolicy) -> Check:
    """Whether its confidences mean what they say."""
    title = "Calibration"
    if candidate.calibration is None:
        return Check("calibration", title, State.UNKNOWN, "How true its confidences are was not measured.", {"limit": policy.calibration})
    found = candidate.calibration
    numbers = {"value": round(found.value, 6), "n": found.n, "limit": policy.calibration}
    fine = found.value <= policy.calibration
    sentence = f"Confidences are off by {in_percent(found.value)} on average (n = {found.n}); at most {in_percent(policy.calibration)}."
    return Check("calibration", title, State.PASSED if fine else State.FAILED, sentence, numbers)


def valid(candidate: System, policy: GatePolicy) -> Check:
    """Whether it gives a record of the schema for every document."""
    count, failed = len(candidate.evaluation.documents), candidate.evaluation.failed
    share = (count - failed) / count
    numbers = {"value": round(share, 6), "failed": failed, "n": count, "limit": policy.valid}
    sentence = f"{count - failed} of {count} documents have a record of the schema; at least {in_percent(policy.valid)} have to."
    return Check("valid", "Answers of the schema", State.PASSED if share >= policy.valid else State.FAILED, sentence, numbers)


def fast(candidate: System, champion: System | None, policy: GatePolicy) -> Check:
    """Whether it takes no longer than it may: by itself, and beside the champion."""
    title, own = "Seconds per document", candidate.seconds
    if own is None:
        return Check("seconds", title, State.UNKNOWN, "How long it takes was not measured.", {"limit": policy.seconds or None})
    theirs = champion.seconds if champion is not None else None
    limits = [*([policy.seconds] if policy.seconds else []), *([theirs.value * policy.slower] if theirs else [])]
    numbers = {"value": round(own.value, 4), "n": own.n, "limit": round(min(limits), 4) if limits else None}
    numbers["champion"] = round(theirs.value, 4) if theirs else None
    if not limits:
        return Check("seconds", title, State.PASSED, f"A document takes {own.value:.2f} s; there is nothing to hold it to.", numbers)
    sentence = f"A document takes {own.value:.2f} s (median of {own.n}); at most {min(limits):.2f} s."
    return Check("seconds", title, State.PASSED if own.value <= min(limits) else State.FAILED, sentence, numbers)


def paired_at(
    candidate: Evaluation, champion: Evaluation, policy: GatePolicy, names: tuple[str, str]
) -> tuple[Evaluation, Evaluation, Paired]:
    """Both on the documents that both have read, with intervals of level 1 - ``significance``, and their comparison.

    Raises ``EvaluationError`` when none is shared or the labels differ.
    """
    shared = {document.id for document in champion.documents} & {document.id for document in candidate.documents}
    level = 1 - policy.significance
    ours, theirs = (replace(one, resampling=replace(one.resampling, level=level)) for one in (candidate, champion))
    ours, theirs = restricted(ours, shared), restricted(theirs, shared)
    return ours, theirs, compare_systems(theirs, ours, names)


def _not_inferior(code: str, title: str, found: Estimate, margin: float, *, documents: int | None = None) -> Check:
    numbers = {**found.to_json(), "margin": margin, **({"documents": documents} if documents is not None else {})}
    if found.value is None or found.low is None:
        return Check(code, title, State.UNKNOWN, f"{title}: too little to compare with the champion.", numbers)
    if found.low >= -margin:
        state, rest = State.PASSED, f"a loss of {in_points(margin)} or more is excluded."
    else:
        state, rest = State.FAILED, f"a loss of more than {in_points(margin)} is not excluded."
    return Check(code, title, state, f"{title}: {in_points(found.value)}{_between(found, points=True)}; {rest}", numbers)


def _between(found: Estimate, *, points: bool = False) -> str:
    if found.low is None or found.high is None:
        return ""
    shown = in_points if points else in_percent
    return f" ({shown(found.low)} to {shown(found.high)})"
