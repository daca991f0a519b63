"""Measures the pre-fill on the development sets with the product's own comparator.

    python -m benchmarks.prefill DATA [--sets sroie,odoo,...] [--limit N] [--after 0,1,3,10] [--real] [--kept DIR]

Zero-shot is without any record of the vendor. ``after k`` learns the vendor's template from ``k`` other confirmed
documents of it (Odoo: of the vendor and layout) and reads the rest; vendors with too few documents are left out of
that column. ``--real`` takes only documents with a file and reads it as the product does. Only labeled fields count.
``fields`` is right values over values that either side has; ``exact`` is documents with every labeled field right;
then each field by itself.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.dev_data import SYNTHETIC_COUNT, DevDocument, load, whole_vendors
from mlcore.compare import Outcome, RecordComparison, compare_records
from mlcore.evaluation.protocols import template_lessons
from mlcore.templates.extractor import TemplateExtractor

SETS = ("sroie", "odoo", "fcc", "zugferd", "small", "synthetic")


@dataclass
class Score:
    """Counts over documents."""

    documents: int = 0
    exact: int = 0
    seconds: float = 0.0
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    decided: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[tuple[str, RecordComparison]] = field(default_factory=list)
    layouts: dict[str, Score] = field(default_factory=dict)

    def add(self, document: str, comparison: RecordComparison, seconds: float) -> None:
        """Count one document."""
        self.documents += 1
        self.seconds += seconds
        self.exact += comparison.exact
        for one in comparison.fields:
            if one.outcome is not Outcome.BOTH_ABSENT:
                self.decided[one.name] += 1
                self.right[one.name] += one.outcome is Outcome.CORRECT
        if not comparison.exact:
            self.wrong.append((document, comparison))

    def line(self, title: str) -> str:
        """One row of the report."""
        decided = sum(self.decided.values())
        share = sum(self.right.values()) / decided if decided else 0.0
        parts = " ".join(f"{name}={self.right[name] / count:.3f}" for name, count in self.decided.items())
        pace = 1000 * self.seconds / max(self.documents, 1)
        exact = self.exact / max(self.documents, 1)
        return f"{title:22} n={self.documents:<4d} fields={share:.3f} exact={exact:.3f} {pace:.0f}ms CPU  {parts}"


def measure(documents: Sequence[DevDocument], confirmed: int) -> Score:
    """Every document after that many confirmed ones of its vendor (and layout), as ``template_lessons`` deals them out."""
    score = Score()
    for extractor, rest in template_lessons(documents, confirmed):
        for document in rest:
            _score_one(extractor, document, score)
    return score


def _score_one(extractor: TemplateExtractor, document: DevDocument, score: Score) -> None:
    started = time.process_time()
    extraction = extractor.extract([document.example.document])[0]
    seconds = time.process_time() - started
    comparison = compare_records(document.example.record, extraction.record, document.example.label_fields)
    score.add(document.id, comparison, seconds)
    if document.layout:
        score.layouts.setdefault(document.layout, Score()).add(document.id, comparison, seconds)


def _documents(folder: Path, name: str, limit: int | None, real: bool, kept: Path | None) -> list[DevDocument]:
    if not real:
        return load(folder, name, limit)
    from benchmarks.real_reading import read_files, read_synthetic_scans

    if name == "synthetic":
        return list(read_synthetic_scans(limit or SYNTHETIC_COUNT, kept))
    with_file = [document for document in load(folder, name) if document.image or document.pdf]
    return read_files(with_file if limit is None else whole_vendors(with_file, limit), kept)


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--limit", type=int, default=None, help="about that many documents of each set, whole vendors")
    parser.add_argument("--after", default="0,1,3,10")
    parser.add_argument("--real", action="store_true", help="read the files with the product: text layer, or OCR")
    parser.add_argument("--kept", type=Path, default=None, help="with --real: folder that keeps what was read between runs")
    parser.add_argument("--wrong", type=int, default=0, help="print that many wrong documents of each line")
    options = parser.parse_args()
    if options.kept:
        options.kept.mkdir(parents=True, exist_ok=True)
    for name in options.sets.split(","):
        documents = _documents(options.data, name, options.limit, options.real, options.kept)
        for count in (int(part) for part in options.after.split(",")):
            score = measure(documents, count)
            if score.documents:
                print(score.line(f"{name} {'zero-shot' if count == 0 else f'after {count}'}"), flush=True)
            for layout in sorted(score.layouts):
                print(score.layouts[layout].line(f"  {layout}"), flush=True)
            for document, comparison in score.wrong[: options.wrong]:
                for one in comparison.fields:
                    if one.outcome not in (Outcome.CORRECT, Outcome.BOTH_ABSENT):
                        print(f"    {document} {one.name}: expected {one.expected!r}, found {one.found!r}")


if __name__ == "__main__":
    main()
