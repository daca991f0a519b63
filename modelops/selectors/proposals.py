"""Proposals as they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from modelops.errors import NotFound
from modelops.models import TriggerProposal

PAGE_SIZE = 20
State = TriggerProposal.State
TABS = {"open": "Open", "started": "Started", "dismissed": "Dismissed", "overtaken": "Overtaken"}
_OLDEST = Ordering("pk")
_NEWEST = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """What was asked for. Values that do not exist are left out, so any address works."""

    tab: str = "open"
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> ProposalFilter:
        """Read ``?tab=&cursor=``."""
        tab = query.get("tab", "open")
        return cls(tab if tab in TABS else "open", query.get("cursor", ""))


@dataclass(frozen=True)
class ProposalList:
    """One page, with a number for each tab."""

    rows: list[TriggerProposal]
    next: str
    previous: str
    counts: dict[str, int]


def proposal_list(wanted: ProposalFilter) -> ProposalList:
    """One page: two statements."""
    counts = dict.fromkeys(TABS, 0) | dict(TriggerProposal.objects.order_by().values_list("state").annotate(Count("pk")))
    listed = TriggerProposal.objects.filter(state=wanted.tab).select_related(
        "vendor", "decided_by", "taken_up_by", "dataset", "run", "policy"
    )
    page = slice_of(listed, _OLDEST if wanted.tab == State.OPEN else _NEWEST, read_cursor(wanted.cursor), PAGE_SIZE)
    return ProposalList(page.rows, page.next, page.previous, counts)


def proposal_numbered(proposal_id: int) -> TriggerProposal:
    """One proposal. Raises ``NotFound``."""
    related = TriggerProposal.objects.select_related("vendor", "decided_by", "taken_up_by", "dataset", "run", "policy")
    proposal = related.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("proposal_not_found", f"There is no proposal {proposal_id}.")
    return proposal
