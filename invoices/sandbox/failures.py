"""Why a document cannot be read: stable codes, and sentences that a biller understands."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Every terminal outcome of reading that is not a success."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE_PAGE = "too_large_page"
    NOT_AN_INVOICE_FILE = "not_an_invoice_file"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    READER_CRASHED = "reader_crashed"
    NO_OCR = "no_ocr"


SENTENCES = {
    Failure.ENCRYPTED: "This file is locked with a password. Ask the sender for an unlocked copy and upload that.",
    Failure.DAMAGED: "This file is damaged and cannot be opened. Ask the sender for a new copy and upload that.",
    Failure.NO_PAGES: "This file opens but has no pages. Check whether the right file was sent.",
    Failure.TOO_MANY_PAGES: "This file has {value} pages; the limit is {limit}. Split it into single invoices and upload those.",
    Failure.TOO_LARGE_PAGE: "A page of this file is {value}; the limit is {limit}. Scan or print it again at a usual paper size.",
    Failure.NOT_AN_INVOICE_FILE: "What is inside this file is not a PDF, PNG, JPEG or TIFF. Export the invoice as a PDF and upload that.",
    Failure.TIMEOUT: "Reading this file took more than {limit} and was stopped. Print it to a new PDF, or split it, and upload that.",
    Failure.MEMORY: "Reading this file needed more memory than the limit of {limit}. Print it to a new PDF, or split it, and upload that.",
    Failure.TOO_MUCH_OUTPUT: "This file unpacks to more than the limit of {limit}. Print it to a new PDF, or split it, and upload that.",
    Failure.NO_OCR: "A page of this file is a picture, and there is no OCR to read pictures. Tell an administrator, then try again.",
    Failure.READER_CRASHED: "This file makes the reader stop; it is probably damaged. Ask the sender for a new copy.",
}


class ReadingFailed(Exception):
    """A document cannot be read, and trying again will not change that. ``message`` is for people."""

    def __init__(self, failure: Failure, value: str = "", limit: str = "") -> None:
        self.code = failure.value
        self.failure = failure
        self.value = value
        self.limit = limit
        self.message = SENTENCES[failure].format(value=value or "too large", limit=limit or "what is allowed")
        super().__init__(self.message)


class SandboxLost(Exception):
    """The fork server died (for example, somebody killed it). The document is not to blame: read it again."""

    code = "sandbox_lost"
