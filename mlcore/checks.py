"""Checks of a record by itself, and of what a page says beside it: what a careful biller would notice.

Pure functions; the labeling screen holds the rules for a record in JavaScript against shared vectors.
``error`` is a contradiction (sums that do not hold, no total), ``warning`` something to look at, ``ok`` a check
that was made and holds. Sums and tolerances are those of ``mlcore.balance``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from mlcore.balance.books import Books, books_of, residuals_of, row_violated
from mlcore.billing import billing_findings
from mlcore.documents import Check, DocumentText, Severity
from mlcore.npi import npi_problem, printed_npis
from mlcore.schema import HEADER_FIELDS, InvoiceRecord, header_value, item_path

EARLIEST = dt.date(2000, 1, 1)
LATEST = dt.date(2068, 12, 31)
DAYS_AHEAD = 31
"""An invoice dated further in the future than this is suspicious."""


def check_record(record: InvoiceRecord, *, today: dt.date | None = None) -> tuple[Check, ...]:
    """Every check that applies, in the order of the record. Without ``today`` no date counts as in the future."""
    books = books_of(record)
    return (
        *_missing(record),
        *_date(record, today),
        *_rows(record, books),
        *_sums(record, books),
        *_billing(record),
        *_signs(record),
    )


def contradicts(record: InvoiceRecord, checks: Sequence[Check]) -> bool:
    """Whether a record cannot be right as it is: it has no total, or a check found an error."""
    return record.total is None or any(check.severity is Severity.ERROR for check in checks)


def check_document(document: DocumentText) -> tuple[Check, ...]:
    """What is printed on the pages and has no field in the record: the check digit of every NPI, with its place."""
    npis = printed_npis(document)
    wrong = [(npi, problem) for npi in npis if (problem := npi_problem(npi.text))]
    if npis and not wrong:
        return (Check("npi_check_digit", Severity.OK, "Every NPI on the pages has a right check digit."),)
    return tuple(Check("npi_check_digit", Severity.WARNING, f"NPI {npi.text} {problem}.", (), (npi.place,)) for npi, problem in wrong)


def _missing(record: InvoiceRecord) -> Iterator[Check]:
    for spec in HEADER_FIELDS:
        if spec.critical and header_value(record, spec.name) is None:
            severity = Severity.ERROR if spec.name == "total" else Severity.WARNING
            yield Check("missing_field", severity, f"{spec.label} is empty. {spec.hint}.", (spec.name,))
    if not record.line_items:
        yield Check("no_line_items", Severity.WARNING, "There are no line items.", ())


def _date(record: InvoiceRecord, today: dt.date | None) -> Iterator[Check]:
    date = record.date
    if date is None:
        return
    if not EARLIEST <= date <= LATEST:
        message = f"The invoice date {date.isoformat()} lies outside {EARLIEST.year} to {LATEST.year}."
        yield Check("date_implausible", Severity.WARNING, message, ("date",))
    elif today is not None and (date - today).days > DAYS_AHEAD:
        yield Check("date_in_future", Severity.WARNING, f"The invoice date {date.isoformat()} lies in the future.", ("date",))


def _rows(record: InvoiceRecord, books: Books) -> Iterator[Check]:
    known = [n for n, row in enumerate(books.rows) if row.residual is not None]
    wrong = [n for n in known if row_violated(books.rows[n])]
    for n in wrong:
        row = books.rows[n]
        product = (row.quantity or Decimal(0)) * (row.unit_price or Decimal(0))
        message = f"Row {n + 1}: {_plain(row.quantity)} x {_plain(row.unit_price)} is {_cents(product)}, not {_cents(row.total)}."
        yield Check("line_amount", Severity.ERROR, message, tuple(item_path(n, name) for name in ("quantity", "unit_price", "total")))
    if known and not wrong:
        yield Check("line_amount", Severity.OK, "Every line is quantity times unit price.")


def _sums(record: InvoiceRecord, books: Books) -> Iterator[Check]:
    count = len(books.rows)
    residuals, violated = residuals_of(books), books.violated_sums(count)
    target = "subtotal" if record.subtotal is not None else "total"
    if "lines" in violated and residuals.lines is not None:
        name = "the subtotal" if target == "subtotal" else "the total before tax"
        message = f"The lines sum to {_cents(books.lines_sum)}; {name} is {_cents(books.lines_sum - residuals.lines)}."
        yield Check("lines_sum_to_subtotal", Severity.ERROR, message, (target,))
    elif residuals.lines is not None:
        yield Check("lines_sum_to_subtotal", Severity.OK, f"The lines sum to the {target}.", (target,))
    paths = ("subtotal", "tax", "total")
    if "total" in violated:
        message = f"Subtotal {_cents(record.subtotal)} plus tax {_cents(record.tax)} is not the total {_cents(record.total)}."
        yield Check("subtotal_plus_tax", Severity.ERROR, message, paths)
    elif residuals.total is not None:
        yield Check("subtotal_plus_tax", Severity.OK, "Subtotal plus tax is the total.", paths)


def _billing(record: InvoiceRecord) -> Iterator[Check]:
    for finding in billing_findings(record):
        yield Check(finding.code, Severity.WARNING, f"Row {finding.row + 1}: {finding.message}", finding.paths)


def _signs(record: InvoiceRecord) -> Iterator[Check]:
    if record.total is not None and record.total < 0:
        yield Check("negative_total", Severity.WARNING, f"The total {_cents(record.total)} is negative: is this a credit note?", ("total",))
    if record.tax is not None and record.total is not None and abs(record.tax) > abs(record.total):
        message = f"The tax {_cents(record.tax)} is larger than the total {_cents(record.total)}."
        yield Check("tax_exceeds_total", Severity.WARNING, message, ("tax", "total"))


def _plain(value: Decimal | None) -> str:
    return format((value or Decimal(0)).normalize() + 0, ",f")


def _cents(value: Decimal | None) -> str:
    amount = value or Decimal(0)
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:,.{decimals}f}"
