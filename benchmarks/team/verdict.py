"""What the product must not have done, and what it must have recovered. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.team.holding import Held, coverage
from benchmarks.team.kept import Kept
from benchmarks.team.readout import counts

AGREEMENT_MAY_BE_OFF = 0.02
"""Agreement is of the very labels that were submitted. Rows are matched by their cells there and by their place on the document here, so
that a row with hardly a right cell may count otherwise; nothing else may."""


def faults_of(kept: Kept, rows: Sequence[Held]) -> list[str]:
    """One sentence for each."""
    found = list(kept.faults)
    leaks = kept.leaks
    if not leaks.own:
        found.append("The search for leaks did not even find what people sent themselves: it proves nothing.")
    if leaks.traces:
        found.append(f"{leaks.traces} answers held a mark of another label while it was blind.")
    if leaks.same_twice:
        found.append(f"{leaks.same_twice} documents were labeled twice by the same person.")
    left = len(kept.papers) - kept.unread - len(kept.stored["golds"])
    if left:
        found.append(f"{left} documents that were read have no gold at the end.")
    if len(kept.stored["labels"]) != len(kept.done):
        found.append(f"{len(kept.done)} labels were submitted, {len(kept.stored['labels'])} are stored.")
    for row in rows:
        if row.name[0] == "agreement" and row.bias is not None and abs(row.bias) > AGREEMENT_MAY_BE_OFF:
            found.append(f"{' '.join(row.name)} is {row.value:.4f} and really was {row.realised:.4f}.")
    covered = coverage(row for row in rows if counts(row.name))
    if covered.covered < covered.least:
        found.append(f"Only {covered.covered} of {covered.figures} intervals have the expected value; {covered.least} were to be expected.")
    return found
