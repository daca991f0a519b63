"""``python -m mlcore read``: what the model of an artifact reads, kept for ``calibrate`` and ``evaluate``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mlcore.commands.server_options import add_server, server_of
from mlcore.commands.sources import add_source, samples_of
from mlcore.dataset.directory import Split
from mlcore.errors import EvaluationError
from mlcore.evaluation.kept_readings import cut_torn_end, kept_line, kept_readings, reading_key
from mlcore.evaluation.shown_lessons import shown_after
from mlcore.prompts import examples_id
from mlcore.serving import load_extractor

_ABOUT = """Reads labeled documents with the model of an artifact, without templates, and adds the readings to a file.

Documents that the file has from the same model are not read again, so a stopped call goes on. One document takes seconds on a CPU.
With --shown N a model that was trained with examples reads what is left after N confirmed documents of each vendor, shown the nearest of
them; such readings are kept beside those without.
"""


def main(arguments: Sequence[str]) -> int:
    """Read what is not in the file yet, with progress."""
    options = _parser().parse_args(arguments)
    samples, _ = samples_of(options.data, Split(options.split), options.limit)
    extractor = load_extractor(options.artifact, options.models, server=server_of(options, options.batch))
    if options.shown and not extractor.examples:
        raise EvaluationError(f"{options.artifact} was not trained with examples, so it is never shown any; leave --shown out.")
    cut_torn_end(options.out)
    known = kept_readings(options.out, extractor.reads_as) if options.out.exists() else {}
    lessons = shown_after(samples, options.shown, extractor.examples)
    wanted = [one for lesson in lessons for one in zip(lesson.rest, lesson.shown, strict=True)]
    waiting = [
        (sample, shown) for sample, shown in wanted if reading_key(sample.example.document.content_id, examples_id(shown)) not in known
    ]
    begun = time.monotonic()
    with options.out.open("a", encoding="utf-8") as target:
        for start in range(0, len(waiting), options.batch):
            part = waiting[start : start + options.batch]
            found = extractor.reader.read([sample.example.document for sample, _ in part], [shown for _, shown in part])
            for (sample, shown), reading in zip(part, found, strict=True):
                line = kept_line(sample.id, sample.example.document.content_id, extractor.reads_as, reading, examples_id(shown))
                target.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            target.flush()
            done = start + len(part)
            pace = (time.monotonic() - begun) / done
            print(f"\r{done} of {len(waiting)}, {pace:.1f} s a document", end="", file=sys.stderr, flush=True)
    print(f"\n{len(waiting)} read, {len(wanted) - len(waiting)} were there", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore read", formatter_class=plain, description=_ABOUT)
    add_source(parser)
    parser.add_argument("--artifact", type=Path, required=True, help="artifact directory")
    parser.add_argument("--out", type=Path, required=True, help="file of readings; added to")
    parser.add_argument("--shown", type=int, default=0, metavar="N", help="after N confirmed documents (default: shown nothing)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument(
        "--batch", type=int, default=1, help="documents read together, or asked for at a time; 32 on a GPU (default %(default)s)"
    )
    add_server(parser)
    return parser
