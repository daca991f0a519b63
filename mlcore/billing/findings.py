"""All findings of a record, in the order of its lines."""

from __future__ import annotations

from collections.abc import Iterator

from mlcore.billing.codes import drug_code_problem, procedure_problem
from mlcore.billing.finding import BillingFinding
from mlcore.billing.repeats import repeats
from mlcore.billing.service_dates import service_problem
from mlcore.schema import InvoiceRecord, LineItem, item_path


def billing_findings(record: InvoiceRecord) -> tuple[BillingFinding, ...]:
    """Pure function of the record. A line has at most one finding about its dates, its NDC, its code, and its repetition."""
    repeated = {finding.row: finding for finding in repeats(record.line_items)}
    found: list[BillingFinding] = []
    for row, item in enumerate(record.line_items):
        found.extend(_of_line(record, row, item))
        if row in repeated:
            found.append(repeated[row])
    return tuple(found)


def _of_line(record: InvoiceRecord, row: int, item: LineItem) -> Iterator[BillingFinding]:
    if item.description is not None and (problem := service_problem(item.description, record.date)):
        before = ("date",) if problem.concerns_invoice_date else ()
        yield BillingFinding(problem.code, row, problem.message, (*before, item_path(row, "description")))
    if item.ndc_code is not None and (problem := drug_code_problem(item.ndc_code)):
        yield BillingFinding(problem.code, row, problem.message, (item_path(row, "ndc_code"),))
    if item.cpt_code is not None and (problem := procedure_problem(item.cpt_code)):
        yield BillingFinding(problem.code, row, problem.message, (item_path(row, "cpt_code"),))
