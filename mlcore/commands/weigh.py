"""``python -m mlcore weigh``: what the model of an artifact holds of the template reader's candidates, kept for ``calibrate``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence

from mlcore.commands.server_options import add_server, server_of
from mlcore.commands.sources import add_asked, add_header_weights, add_source, samples_of
from mlcore.dataset.directory import Split
from mlcore.errors import EvaluationError
from mlcore.evaluation.kept_readings import Kept, cut_torn_end, kept_weighed_line
from mlcore.evaluation.samples import Sample
from mlcore.inference.reading import WeighedField
from mlcore.rescoring.open_fields import open_fields
from mlcore.serving import load_extractor
from mlcore.templates.extractor import TemplateExtractor

_ABOUT = """Asks the model of an artifact how likely it holds each candidate of the header fields that the template reader is not sure of
(docs/confidence.md), and adds that to a file of readings. Nothing is read, so a document takes a fraction of the time: so many more can
teach how far the model is to be believed. Documents that the file has already are not asked about again.

What is too long for the model is passed over. python -m mlcore calibrate takes the documents and the file beside those that were read. The
candidates are those of readers with --header-weights: give the same there.
"""


def main(arguments: Sequence[str]) -> int:
    """Ask about what is not in the file yet, with progress."""
    options = _parser().parse_args(arguments)
    samples, _ = samples_of(options.data, Split(options.split), options.limit)
    extractor = load_extractor(options.artifact, options.models, server=server_of(options, options.batch))
    if extractor.weigher is None:
        raise EvaluationError(f"{options.server} weighs no given tokens, so it cannot be asked about candidates; see docs/operations.md.")
    cut_torn_end(options.out)
    kept = Kept.of([options.out] if options.out.exists() else [], extractor.reads_as)
    begun, asked, passed_over = time.monotonic(), 0, 0
    with options.out.open("a", encoding="utf-8") as target:
        for number, sample in enumerate(samples, start=1):
            opened = open_fields(TemplateExtractor().look(sample.example.document))
            if opened.fields and not kept.told(sample.example.document.content_id, opened):
                [weighed] = extractor.weigher.weigh([sample.example.document], [opened])
                if weighed:
                    target.write(_line(extractor.reads_as, sample, weighed))
                    target.flush()
                asked, passed_over = asked + bool(weighed), passed_over + (not weighed)
            pace = (time.monotonic() - begun) / number
            print(f"\r{number} of {len(samples)}, {pace:.1f} s a document", end="", file=sys.stderr, flush=True)
    print(f"\nasked about {asked}, passed over {passed_over}; the others were there or have nothing that is unsure", file=sys.stderr)
    return 0


def _line(reader: str, sample: Sample, weighed: Sequence[WeighedField]) -> str:
    line = kept_weighed_line(sample.id, sample.example.document.content_id, reader, weighed)
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore weigh", formatter_class=plain, description=_ABOUT)
    add_source(parser)
    add_asked(parser)
    parser.add_argument("--batch", type=int, default=1, help="requests that a server is asked at a time (default %(default)s)")
    add_header_weights(parser)
    add_server(parser)
    return parser
