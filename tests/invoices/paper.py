"""Small real files for tests: PDFs written by reportlab, pictures drawn by Pillow, and broken ones made by hand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

LINES = (
    "Apex Infusion Pharmacy LLC",
    "12 Elm Street, Dayton, OH 45402",
    "INVOICE",
    "Invoice number: INV-204881",
    "Invoice date: 03/04/2026",
    "Description            Qty      Unit price      Amount",
    "Ondansetron 4 mg vial  2        22.50           45.00",
    "Infusion, first hour   1        45.00           45.00",
    "Subtotal                                        90.00",
    "Tax                                              0.00",
    "Total                                           90.00",
)


def invoice_pdf(lines: Sequence[str] = LINES, *, pages: int = 1, size: tuple[float, float] = LETTER, rotate: int = 0) -> bytes:
    """A digital PDF with one line of text every 24 points; ``rotate`` is the page's own turn."""
    out = io.BytesIO()
    paper = (size[1], size[0]) if rotate % 180 else size  # reportlab swaps the sides of a turned page
    canvas = Canvas(out, pagesize=paper, invariant=1)
    for _ in range(pages):
        canvas.setPageRotation(rotate)
        canvas.setFont("Helvetica", 11)
        for row, line in enumerate(lines):
            canvas.drawString(72, size[1] - 72 - 24 * row, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def drawn(*commands: str, pages: int = 1) -> bytes:
    """A PDF whose pages are the given content stream, by hand."""
    stream = "\n".join(commands).encode()
    kids = " ".join(f"{5 + n} 0 R" for n in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>"
    return assembled([*bodies, *[page] * pages])


def assembled(bodies: Sequence[bytes]) -> bytes:
    """A PDF file of these objects, numbered from 1, with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    return bytes(out + f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())


def page_picture(lines: Sequence[str] = LINES, *, size: tuple[int, int] = (1240, 1600), mode: str = "L") -> Image.Image:
    """A scan-like picture of the lines, black on white."""
    image = Image.new(mode, size, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(32)
    for row, line in enumerate(lines):
        x = 90
        for part in line.split("  "):
            if part.strip():
                pen.text((x, 90 + 64 * row), part.strip(), fill="black", font=font)
                x = max(x + 60 + int(pen.textlength(part.strip(), font=font)), 90 + 260 * (1 + (x - 90) // 260))
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file of ``kind``."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scanned_pdf(image: Image.Image, hidden: Sequence[str] = ()) -> bytes:
    """A PDF whose page is a picture, with invisible text over it where ``hidden`` is given (as scanners write it)."""
    from reportlab.lib.utils import ImageReader

    width, height = 612.0, 612.0 * image.height / image.width
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.drawImage(ImageReader(image), 0, 0, width, height)
    scale = width / image.width
    for row, line in enumerate(hidden):
        text = canvas.beginText(90 * scale, height - (90 + 64 * row + 28) * scale)
        text.setFont("Helvetica", 32 * scale)
        text.setTextRenderMode(3)
        text.textOut(line)
        canvas.drawText(text)
    canvas.save()
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def flate_bomb() -> bytes:
    """A PDF page whose content of 200 KB unpacks to 200 MB of text operators."""
    stream = zlib.compress(b"BT /F1 9 Tf 10 10 Td (x) Tj ET\n" * 6_500_000, 9)
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Length " + str(len(stream)).encode() + b" /Filter /FlateDecode >>\nstream\n" + stream + b"\nendstream",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>",
        ]
    )


def self_reference() -> bytes:
    """A PDF whose form draws itself, forever."""
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 4 0 R >> >> /Length 5 >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            b"<< /Length 5 >>\nstream\n/X Do\nendstream",
            form + b"\nstream\n/X Do\nendstream",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /XObject << /X 4 0 R >> >> /Contents 3 0 R >>",
        ]
    )


def locked_pdf() -> bytes:
    """A PDF that opens only with a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", canPrint=0))
    canvas.drawString(72, 700, "locked")
    canvas.save()
    return out.getvalue()
