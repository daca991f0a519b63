"""The child's life: shut itself in, read one document, write frames, end. Never returns to the server's loop."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from invoices.ocr.absent import AbsentEngine
from invoices.ocr.choice import NoOcrEngine, choose_engine
from invoices.ocr.engine import OcrEngine
from invoices.reading.document import read_document
from invoices.reading.page_image import PageImage
from invoices.sandbox.confinement import allow_next_page, confine
from invoices.sandbox.failures import Failure, ReadingFailed
from invoices.sandbox.frames import EXIT_DONE, EXIT_FAULT, EXIT_NOT_CONFINED, write_frame
from invoices.sandbox.limits import Limits
from mlcore.documents import Page, page_to_json


@dataclass(frozen=True, slots=True)
class Reader:
    """What the server has loaded before it forks."""

    engine: OcrEngine
    engine_name: str


def preload() -> Reader:
    """Load libraries, the OCR engine and its language data, and use each once."""
    engine: OcrEngine
    try:
        engine = choose_engine()
    except NoOcrEngine:
        engine = AbsentEngine()
    engine.warm_up()
    return Reader(engine, engine.name)


def run(reader: Reader, document: int, output: int, media_type: str, limits: Limits, scratch: str) -> NoReturn:
    """Read the document behind the descriptor and end the process."""
    code = EXIT_FAULT
    try:
        stream = os.fdopen(output, "wb")
        os.set_inheritable(output, False)
        _silence()
        try:
            confine(limits, scratch, programs=reader.engine.program_folders)
        except OSError:
            os._exit(EXIT_NOT_CONFINED)
        _read(reader, document, stream, media_type, limits)
        code = EXIT_DONE
    except BrokenPipeError:
        code = EXIT_DONE
    finally:
        os._exit(code)


def _read(reader: Reader, document: int, stream: BinaryIO, media_type: str, limits: Limits) -> None:
    count = 0

    def deliver(page: Page, image: PageImage) -> None:
        nonlocal count
        count += 1
        head = {"page": page_to_json(page), "image": {"width": image.width, "height": image.height, "media_type": image.media_type}}
        write_frame(stream, head, image.data)
        allow_next_page(limits)

    signal.signal(signal.SIGXCPU, signal.SIG_DFL)  # the kernel ends the process, also inside a library
    try:
        with os.fdopen(document, "rb") as file:
            read_document(file, media_type, limits, reader.engine, deliver)
        write_frame(stream, {"done": count})
    except ReadingFailed as error:
        write_frame(stream, {"failure": error.code, "value": error.value, "limit": error.limit})
    except MemoryError:
        write_frame(stream, {"failure": Failure.MEMORY.value, "value": "", "limit": ""})


def _silence() -> None:
    """Libraries write about broken files to the standard streams; what they say may quote the document."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - lives as long as the process
