"""What the model's opinion of the template reader's candidates is worth, from readings that were kept.

    python -m benchmarks.rescoring DATA... --artifact DIR --readings FILE... [--header-weights FILE]

DATA are as for ``python -m mlcore calibrate``, of new vendors, read or only weighed (of the latter those that have an open field). For
each field of the header: labeled values, those that the template reader has wrong, how often the right one is among the options of an open
field, and how often the model holds it likelier than what the template would say; then values won and lost by rescoring, with the weights
of the artifact if it has any, and with weights learned from the other vendors of all DATA.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from mlcore.answers.form import is_labeled
from mlcore.artifacts import load_artifact
from mlcore.commands.confidence_samples import confidence_samples
from mlcore.commands.sources import add_header_weights
from mlcore.compare import same
from mlcore.confidence.rescored import changed_by, check_weighed, cross_fitted_rescorers
from mlcore.confidence.sample import ConfidenceSample
from mlcore.evaluation.kept_readings import Kept
from mlcore.rescoring.rescorer import Rescorer
from mlcore.schema import HEADER_FIELDS, FieldSpec, value_at
from mlcore.serving import reading_name, scoring_of

_COLUMNS = ("labeled", "wrong", "among", "likelier", "won", "lost", "cross-fitted won", "cross-fitted lost")


def labeled_fields(sample: ConfidenceSample) -> Iterator[FieldSpec]:
    """The fields of the header that were labeled."""
    return (spec for spec in HEADER_FIELDS if is_labeled(spec.name, sample.gold.label_fields))


def seen(sample: ConfidenceSample) -> Counter[tuple[str, str]]:
    """``(field, column)`` -> count: what the template reader has wrong, and what was known of the right one."""
    counts: Counter[tuple[str, str]] = Counter()
    options = {field.name: field.options for field in sample.opened.fields}
    told = {field.name: dict(field.options) for field in sample.weighed}
    for spec in labeled_fields(sample):
        right = value_at(sample.gold.record, spec.name)
        counts[spec.name, "labeled"] += 1
        if same(spec.kind, value_at(sample.template.record, spec.name), right):
            continue
        counts[spec.name, "wrong"] += 1
        own = options.get(spec.name, ())
        held = [one for one in own if same(spec.kind, one.candidate.value if one.candidate is not None else None, right)]
        if held and all(one.text in told.get(spec.name, ()) for one in own):
            chosen = next(one for one in own if one.chosen)
            counts[spec.name, "among"] += 1
            counts[spec.name, "likelier"] += told[spec.name][held[0].text] > told[spec.name][chosen.text]
    return counts


def changed(sample: ConfidenceSample, rescorer: Rescorer, prefix: str = "") -> Counter[tuple[str, str]]:
    """``(field, "won" or "lost")`` -> values that rescoring made right, and made wrong."""
    return Counter({(name, prefix + ("won" if won else "lost")): count for (name, won), count in changed_by(sample, rescorer).items()})


def main() -> None:
    """Entry point."""
    options = _parser().parse_args()
    artifact = load_artifact(options.artifact)
    own = scoring_of(artifact).rescorer
    kept = Kept.of(options.readings, reading_name(artifact))
    parts = {data: list(confidence_samples(data, kept, [0], 0)) for data in options.data}
    every = [one for part in parts.values() for one in part]
    for asked in (False, True):
        check_weighed([one for one in every if one.only_weighed is asked])
    rescorers = iter(cross_fitted_rescorers(every) if every else ())
    for data, samples in parts.items():
        counts: Counter[tuple[str, str]] = Counter()
        for sample in samples:
            counts += seen(sample) + changed(sample, next(rescorers), "cross-fitted ")
            if own is not None:
                counts += changed(sample, own)
        print(f"{Path(data).name}: {len(samples)} documents, {sum(bool(one.opened.fields) for one in samples)} with an open field")
        print("\n".join(_lines(counts)))


def _lines(counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for name in [spec.name for spec in HEADER_FIELDS]:
        if (name, "labeled") in counts:
            yield f"  {name:16}" + "  ".join(f"{column} {counts.get((name, column), 0):4}" for column in _COLUMNS)
    totals = {column: sum(count for (_, own), count in counts.items() if own == column) for column in _COLUMNS}
    yield f"  {'all':16}" + "  ".join(f"{column} {totals[column]:4}" for column in _COLUMNS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", metavar="DATA[@SPLIT]")
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--readings", type=Path, action="append", required=True, help="may be repeated")
    add_header_weights(parser)
    return parser


if __name__ == "__main__":
    main()
