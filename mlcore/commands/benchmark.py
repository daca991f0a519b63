"""``python -m mlcore benchmark``: how fast the model of an artifact reads on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlcore.commands.predict import documents_of
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText
from mlcore.errors import DatasetError
from mlcore.shipped import SHIPPED
from mlcore.training.config import Precision

if TYPE_CHECKING:
    from mlcore.inference.reading_speed import SpeedBench, SpeedTable

_ABOUT = """Reads documents with the model of an artifact, each in several ways, and says what each way takes: plain generate (no
grammar, as many tokens as the answer has), the grammar with forced tokens skipped, what is looked up in the prompt as well, and what the
page suggests as well, which is the way that serves. "Same" counts the values that are those of the grammar alone: guesses change none.
"Weighing" is what asking about all candidates of the template reader takes beside reading, of documents with a field of which it is not
sure (an artifact asks about those that it has learned to weigh). A longer document is read in windows, which is not measured here.

Times are CPU seconds where the model is on a CPU (comparable beside other work; OMP_NUM_THREADS=1 gives those of one core), and of the
way that serves also documents an hour by the clock, one after the other (a worker on a GPU reads many together). Without a FILE,
documents are synthetic.
"""
_SEED = 21
_COMPOSED = 100


def main(arguments: Sequence[str]) -> int:
    """Documents come one by one, each with what it took; then the table."""
    options = _parser().parse_args(arguments)
    if options.limit < 1:
        raise DatasetError(f"--limit is {options.limit}; measure 1 document or more.")
    bench, device = _bench(options.artifact, options.models, options.precision)
    from mlcore.inference.reading_speed import SpeedTable

    longest = min(options.longest or bench.longest, bench.longest)
    table = SpeedTable()
    for name, document in _chosen(options, bench, longest):
        bench.measure(document, table, plain=not options.without_plain)
        prompt, answer = table.tokens[-1]
        took = ", ".join(f"{way} {rows[-1].seconds:.1f} s" for way, rows in table.rows.items() if len(rows) == len(table.tokens))
        print(f"{len(table.tokens)} of {options.limit}: {name}, {prompt} and {answer} tokens: {took}", file=sys.stderr, flush=True)
    if not table.tokens:
        told = f"No document has a prompt of at most {longest} tokens; {bench.longest} are read at once"
        raise DatasetError(f"{told}. Give a larger --longest, or other documents.")
    measured = {"artifact": str(options.artifact), "device": device, **table.to_json()}
    print("\n".join(_lines(measured, table)))
    if options.out:
        options.out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    return 0


def _bench(folder: Path, models: Path, precision: str) -> tuple[SpeedBench, str]:
    from mlcore.artifacts import load_artifact
    from mlcore.base_model.loading import load_base
    from mlcore.inference.adapters import Adapters
    from mlcore.inference.reading_speed import SpeedBench
    from mlcore.serving import base_of, most_tokens

    artifact = load_artifact(folder)
    base = load_base(base_of(artifact, models), precision)
    adapters = Adapters(base)
    adapters.load("measured", artifact.adapter)
    adapters.use("measured")
    return SpeedBench(base, artifact.form, most_tokens(artifact)), f"{base.device}, {base.precision}"


def _chosen(options: argparse.Namespace, bench: SpeedBench, longest: int) -> Iterator[tuple[str, DocumentText]]:
    """The first documents with prompts that are short enough: of twenty times as many, so that it ends."""
    if options.files:
        every = documents_of(options.files)
    else:
        every = ((one.id, one.text) for one in generate(20 * options.limit, _SEED, vendor_catalogue(composed=_COMPOSED)))
    fitting = ((name, document) for name, document in every if 0 < len(bench.prompt_of(document)) <= longest)
    return islice(fitting, options.limit)


def _lines(told: dict[str, Any], table: SpeedTable) -> Iterator[str]:
    from mlcore.inference.reading_speed import PLAIN, SERVES, WEIGHING

    yield f"{told['artifact']} on {told['device']}: {told['documents']} documents, medians"
    cut = f"; {told['cut']} answers had no room and were broken off" if told["cut"] else ""
    yield f"{told['prompt_tokens']:.0f} tokens of the prompt, {told['answer_tokens']:.0f} of the answer{cut}"
    for way, row in told["ways"].items():
        least, usual, most = row.get("times_plain", (None,) * 3)
        times = f"  times plain {usual:.2f} ({least:.2f} to {most:.2f})" if usual is not None and way != PLAIN else ""
        same = f"  same {row['same']} of {table.values}" if way not in (PLAIN, WEIGHING) else ""
        count = f"  {row['documents']} documents" if row["documents"] != told["documents"] else ""
        yield f"{way:32} {row['seconds']:7.2f} s{times}  passes {row['passes']:.0f}{same}{count}"
    seconds = sum(one.wall for one in table.rows[SERVES])
    yield f"{3600 * told['documents'] / seconds:,.0f} documents an hour, one after the other"


def _parser() -> argparse.ArgumentParser:
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m mlcore benchmark", formatter_class=plain, description=_ABOUT)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="documents or gold examples, one JSON object a line")
    parser.add_argument("--artifact", type=Path, default=SHIPPED, help="artifact directory (default: the one that comes with the product)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--precision", choices=list(Precision), default=Precision.AUTO, help="of the base (default %(default)s)")
    parser.add_argument("--limit", type=int, default=6, help="documents (default %(default)s)")
    parser.add_argument("--longest", type=int, help="longest prompt in tokens (default, and most: what the artifact reads at once)")
    parser.add_argument("--without-plain", action="store_true", help="leave out plain generate, which takes the longest")
    parser.add_argument("--out", type=Path, help="write the numbers there as JSON")
    return parser
