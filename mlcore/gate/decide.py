"""The gate: may this candidate serve in the champion's place?"""

from __future__ import annotations

from mlcore.errors import EvaluationError
from mlcore.gate import checks
from mlcore.gate.evidence import System
from mlcore.gate.policy import GatePolicy
from mlcore.gate.verdict import Check, State, Verdict

_COMPARED = "Comparison with the champion"


def decide(candidate: System, champion: System | None, policy: GatePolicy) -> Verdict:
    """Ask everything, whatever the first answers are, so that the verdict has every number.

    The candidate passes when no check failed and none that was asked lacks evidence. Two kinds of comparison are made. Whole documents and
    all values must not be shown to be worse: with few documents little is shown, so the policy has a least number. Critical fields and
    vendors must be shown not to be worse by more than a margin; all of these have to be shown, so their levels need no correction
    (intersection-union test, Berger 1982): asking more never lets a worse model through more often.

    Without a champion nothing is compared. Both have to be evaluated on the same documents with the same labels; where they are not, the
    verdict says so and the candidate does not pass.
    """
    asked: list[Check] = [checks.held_out(candidate, policy), checks.accurate(candidate, policy)]
    asked += _compared(candidate, champion, policy) if champion is not None else [_alone()]
    asked += [checks.calibrated(candidate, policy), checks.valid(candidate, policy), checks.fast(candidate, champion, policy)]
    return Verdict(candidate.name, champion.name if champion is not None else "", policy, tuple(asked))


def _compared(candidate: System, champion: System, policy: GatePolicy) -> list[Check]:
    try:
        names = champion.name, candidate.name
        ours, theirs, paired = checks.paired_at(candidate.evaluation, champion.evaluation, policy, names)
    except EvaluationError as error:
        return [Check("champion", _COMPARED, State.UNKNOWN, f"It cannot be compared with {champion.name}: {error}", {})]
    left_out = len(candidate.evaluation.documents) - paired.documents
    numbers = {"documents": paired.documents, "left_out": left_out, "at_least": policy.documents}
    if paired.documents < policy.documents:
        sentence = f"Both have read {paired.documents} documents; {policy.documents} are the least to compare on."
        return [Check("champion", _COMPARED, State.UNKNOWN, sentence, numbers)]
    sentence = f"Compared with {champion.name} on the {paired.documents} documents that both have read."
    return [
        Check("champion", _COMPARED, State.PASSED, sentence, numbers),
        checks.documents_not_lost(paired, policy),
        checks.fields_not_lost(paired),
        *checks.critical_fields_not_lost(paired, policy),
        *checks.vendors_not_lost(ours, theirs, policy),
    ]


def _alone() -> Check:
    return Check("champion", _COMPARED, State.SKIPPED, "No model serves yet, so there is none to compare with.", {})
