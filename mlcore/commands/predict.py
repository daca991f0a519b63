"""``python -m mlcore predict``: read documents with an artifact, without any template."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from mlcore.commands.server_options import add_server, server_of
from mlcore.documents import DocumentText, Extraction, document_from_json, field_to_json
from mlcore.errors import DatasetError, DocumentError
from mlcore.record_json import record_to_json

_ABOUT = """Reads documents with the model of an artifact and writes one JSON object a line: id, model_id, record, fields, checks, route.

A FILE holds one JSON object a line: gold examples (their record is not looked at) or document texts. Files with pages to be read first,
such as PDF, are for manage.py predict, which reads them in its sandbox and knows the vendors' templates.
"""


def main(arguments: Sequence[str]) -> int:
    """Documents are read ``--batch`` at a time and written as they come."""
    options = _parser().parse_args(arguments)
    if options.limit is not None and options.limit < 1:
        raise DatasetError(f"--limit is {options.limit}; read 1 document or more.")
    documents = list(islice(documents_of(options.files), options.limit))
    from mlcore.serving import load_extractor

    extractor = load_extractor(options.artifact, options.models, server=server_of(options, options.batch))
    remaining, begun, done = iter(documents), time.monotonic(), 0
    with _target(options.out) as target:
        while part := list(islice(remaining, options.batch)):
            found = extractor.extract([document for _, document in part], [None] * len(part))
            for (name, _), extraction in zip(part, found, strict=True):
                target.write(json.dumps({"id": name, **answer(extraction)}, ensure_ascii=False) + "\n")
            target.flush()
            done += len(part)
            pace = (time.monotonic() - begun) / done
            print(f"{done} of {len(documents)} documents, {pace:.1f} s each", file=sys.stderr, flush=True)
    print(f"{len(documents)} documents read with {extractor.model_id}", file=sys.stderr)
    return 0


def answer(extraction: Extraction) -> dict[str, Any]:
    """An extraction as plain JSON types."""
    return {
        "model_id": extraction.model_id,
        "record": record_to_json(extraction.record),
        "fields": [field_to_json(field) for field in extraction.fields],
        "checks": [check.to_json() for check in extraction.checks],
        "route": extraction.route.value,
    }


def documents_of(files: Sequence[Path]) -> Iterator[tuple[str, DocumentText]]:
    """Names and texts of the documents of files, one JSON object a line. Raises ``DatasetError``."""
    for path in files:
        try:
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        data = json.loads(line)
                        yield str(data.get("id") or f"{path.name}:{number}"), document_from_json(data.get("document", data))
        except (OSError, ValueError, AttributeError, DocumentError) as error:
            raise DatasetError(f"{path} cannot be read as documents, one JSON object a line: {error}") from error


@contextlib.contextmanager
def _target(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8") as file:
        yield file


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore predict", formatter_class=plain, description=_ABOUT)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="documents or gold examples, one JSON object a line")
    parser.add_argument("--artifact", type=Path, required=True, help="artifact directory")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--out", type=Path, help="write there instead of to the screen")
    parser.add_argument("--limit", type=int, help="read the first so many documents")
    parser.add_argument("--batch", type=int, default=16, help="documents that are read together (default %(default)s)")
    add_server(parser)
    return parser
