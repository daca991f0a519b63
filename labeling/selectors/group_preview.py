"""The crops and values of a group that would be ruled together."""

from __future__ import annotations

from invoices.models import Page
from labeling.adjudication.grouping import Preview
from labeling.adjudication.holding import adjudications
from labeling.models import Difference
from labeling.selectors.adjudication_case import ShownDifference, shown_differences


def shown_proposals(preview: Preview) -> tuple[dict[int, ShownDifference], dict[int, list[Page]]]:
    """The differences of a preview with the places of their values, by id, and the pages of their documents, by document.

    Two statements, and one for the words of each document in which nobody pointed at a value; at most ``MOST_AT_ONCE`` documents.
    """
    by_case: dict[int, list[Difference]] = {}
    for proposal in preview.proposals:
        by_case.setdefault(proposal.difference.adjudication_id, []).append(proposal.difference)
    shown: dict[int, ShownDifference] = {}
    pages: dict[int, list[Page]] = {}
    cases = list(adjudications().filter(pk__in=by_case))
    for case in cases:
        shown |= {one.difference.pk: one for one in shown_differences(case, by_case[case.pk], {})}
    rows = Page.objects.filter(document__in=[case.document_id for case in cases]).order_by("number")
    for page in rows.only("document_id", "number", "image_sha256", "image_width", "image_height"):
        pages.setdefault(page.document_id, []).append(page)
    return shown, pages
