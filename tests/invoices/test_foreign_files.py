"""A file that is not taken is named in words a biller knows."""

from __future__ import annotations

import io
import zipfile

import pytest

from invoices.errors import IntakeRefused
from invoices.foreign_files import describe
from invoices.intake import receive


def packed(*names: str) -> bytes:
    """A real archive with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("start", "told", "kind"),
    [
        (b"GIF89a\x01\x00", "", "a GIF picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "", "a WebP picture"),
        (b"\x00\x00\x00\x18ftypheic\x00", "", "a photo of the HEIC kind"),
        (packed("[Content_Types].xml", "word/document.xml"), "", "an Office file"),
        (packed("march.pdf"), "", "a ZIP archive"),
        (b"\n <!DOCTYPE html><html>", "", "a web page"),
        (b"Return-Path: <billing@apex.example>\r\n", "", "an e-mail"),
        ("Invoice 17\nTotal\t10,00 €".encode(), "application/pdf", "plain text"),
        ("Total 10,00 €".encode()[:-1], "", "plain text"),
        (b"\x00\x01\x02\x03", "image/x-raw", "a picture of another kind"),
        (b"\x00\x01\x02\x03", "application/octet-stream", "a file of another kind"),
        (b"", "", "a file of another kind"),
    ],
    ids=["gif", "webp", "heic", "office", "zip", "html", "e-mail", "text", "cut text", "raw", "other", "empty"],
)
def test_what_a_file_is(start: bytes, told: str, kind: str) -> None:
    assert describe(start, told).kind == kind


@pytest.mark.parametrize("told", ["text/plain", "application/octet-stream", None])
def test_the_refusal_names_the_file_what_can_be_read_and_what_to_do(db: None, told: str | None) -> None:
    with pytest.raises(IntakeRefused) as refused:
        receive(name="C:\\scans\\march.pdf", data=b"Invoice 17\n", media_type=told)
    assert refused.value.message == (
        "march.pdf is plain text. What can be read is PDF, PNG, JPEG or TIFF; what is inside counts, not the name. "
        "Export or print the invoice as a PDF and upload that."
    )
