"""``python -m mlcore read``: what the model of an artifact reads, kept for ``calibrate`` and ``evaluate``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mlcore.commands.server_options import add_server, server_of
from mlcore.commands.sources import add_asked, add_header_weights, add_source, samples_of
from mlcore.dataset.directory import Split
from mlcore.documents import DocumentText
from mlcore.errors import EvaluationError
from mlcore.evaluation.kept_readings import Kept, cut_torn_end, kept_line, reading_key
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import shown_after
from mlcore.inference.reading import DocumentReading
from mlcore.prompts import Example, examples_id
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.rescoring.rescorer import covers
from mlcore.serving import ServingExtractor, load_extractor
from mlcore.templates.extractor import TemplateExtractor

_ABOUT = """Reads labeled documents with the model of an artifact, without templates, and adds the readings to a file.

Documents that the file has from the same model are not read again, so a stopped call goes on. One document takes seconds on a CPU.
Where the template reader is not sure of a field of the header, the model is asked how likely it holds each of the candidates
(docs/confidence.md), as the readers find them with --header-weights.

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
    known = Kept.of([options.out], extractor.reads_as).read if options.out.exists() else {}
    lessons = shown_after(samples, options.shown, extractor.examples)
    wanted = [_Wanted(*one) for lesson in lessons for one in zip(lesson.rest, lesson.shown, strict=True)]
    waiting = [one for one in wanted if one.lacks(known, weighs=extractor.weigher is not None)]
    begun = time.monotonic()
    with options.out.open("a", encoding="utf-8") as target:
        for start in range(0, len(waiting), options.batch):
            part = waiting[start : start + options.batch]
            found = _read(extractor, part, known)
            try:
                found = _weighed(extractor, part, found)
            finally:  # what was read is kept also when weighing fails
                for one, reading in zip(part, found, strict=True):
                    line = kept_line(one.sample.id, one.document.content_id, extractor.reads_as, reading, examples_id(one.shown))
                    target.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                target.flush()
            done = start + len(part)
            pace = (time.monotonic() - begun) / done
            print(f"\r{done} of {len(waiting)}, {pace:.1f} s a document", end="", file=sys.stderr, flush=True)
    print(f"\n{len(waiting)} read, {len(wanted) - len(waiting)} were there", file=sys.stderr)
    return 0


@dataclass(frozen=True)
class _Wanted:
    """A document that is to be read, and what it is shown."""

    sample: Sample
    shown: Sequence[Example]

    @property
    def document(self) -> DocumentText:
        return self.sample.example.document

    @property
    def key(self) -> str:
        return reading_key(self.document.content_id, examples_id(self.shown))

    @cached_property
    def opened(self) -> OpenFields:
        """What the template reader is not sure of, without any document of the vendor; nothing where confirmed ones are shown."""
        return open_fields(TemplateExtractor().look(self.document)) if not self.shown else OpenFields({}, ())

    def lacks(self, known: Mapping[str, DocumentReading], *, weighs: bool) -> bool:
        """Whether it was not read, or read without weighing what is open now."""
        kept = known.get(self.key)
        return kept is None or (weighs and kept.windows > 0 and not covers(kept.weighed, self.opened))


def _read(extractor: ServingExtractor, part: Sequence[_Wanted], known: Mapping[str, DocumentReading]) -> list[DocumentReading]:
    """The readings, those that are ``known`` not read again."""
    new = [one for one in part if one.key not in known]
    read = iter(extractor.reader.read([one.document for one in new], [one.shown for one in new]) if new else ())
    return [known[one.key] if one.key in known else next(read) for one in part]


def _weighed(extractor: ServingExtractor, part: Sequence[_Wanted], found: Sequence[DocumentReading]) -> list[DocumentReading]:
    """The same with their open fields weighed, where the model can do that."""
    if extractor.weigher is None:
        return list(found)
    weighed = extractor.weigher.weigh([one.document for one in part], [one.opened for one in part])
    return [replace(reading, weighed=own) for reading, own in zip(found, weighed, strict=True)]


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore read", formatter_class=plain, description=_ABOUT)
    add_source(parser)
    add_asked(parser)
    parser.add_argument("--shown", type=int, default=0, metavar="N", help="after N confirmed documents (default: shown nothing)")
    parser.add_argument(
        "--batch", type=int, default=1, help="documents read together, or asked for at a time; 32 on a GPU (default %(default)s)"
    )
    add_header_weights(parser)
    add_server(parser)
    return parser
