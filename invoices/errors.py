"""The errors that ``invoices`` raises at its edges.

    InvoicesError                    anything raised on purpose by this package; ``code`` is stable, ``status`` is the HTTP status
    ├── IntakeRefused                a file that is not taken: empty, too large, of another kind
    ├── StorageFull                  the disk or the bucket has no room
    ├── BlobMissing                  a stored file is not where it should be
    ├── BlobDamaged                  a stored file is not what was stored (its hash differs)
    ├── NotRetryable                 a document that has not failed cannot be read again
    ├── NotYours                     a biller asks for what somebody else sent in
    └── NoPrediction                 nothing has been pre-filled yet

``invoices.sandbox.failures`` holds why a document cannot be read: these are outcomes, stored with the document.
"""

from __future__ import annotations


class InvoicesError(Exception):
    """Base of every error raised on purpose by ``invoices``. ``message`` is for people."""

    code = "invoices_error"
    status = 400

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        self.message = message
        self.code = code or self.code
        self.status = status or self.status
        super().__init__(message)


class IntakeRefused(InvoicesError):
    """A file that is not taken; the code says why: ``empty_file``, ``file_too_large``, ``file_type_unknown``, ``document_removed``."""

    code = "intake_refused"


class StorageFull(InvoicesError):
    """There is no room to store a file; nothing was kept of it."""

    code = "storage_full"
    status = 507


class BlobMissing(InvoicesError):
    """A stored file is not where it should be."""

    code = "blob_missing"
    status = 500


class BlobDamaged(InvoicesError):
    """A stored file does not have the hash under which it was stored."""

    code = "blob_damaged"
    status = 500


class NotRetryable(InvoicesError):
    """Only failed documents are read again."""

    code = "not_failed"
    status = 409


class NotYours(InvoicesError):
    """A biller has only their own documents read again, and those that no person sent in."""

    code = "not_yours"
    status = 403


class NoPrediction(InvoicesError):
    """Nothing has been pre-filled yet."""

    code = "no_prediction"
    status = 404
