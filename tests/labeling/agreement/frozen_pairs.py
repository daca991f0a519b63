"""Frozen pairs for tests, many at once: documents labeled twice, really compared, stored as a submit stores them."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from invoices.models import Document, User, Vendor
from labeling.agreement.slices import pair_key
from labeling.models import Agreement, Annotation, LabelingTask, TaskKind, TaskState
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.pair import compare_pair
from mlcore.record_json import record_from_json
from tests.labeling.conftest import RECORD

NOON = dt.datetime(2026, 9, 15, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pair to be made. ``changes`` are header values of the second label; ``missing_row`` is left out of it."""

    first: User
    second: User
    changes: tuple[tuple[str, str | None], ...] = ()
    missing_row: int | None = None
    vendor: Vendor | None = None
    at: dt.datetime = NOON
    prefills: tuple[str, str] = ("changed", "changed")

    @property
    def records(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both labels."""
        first, second = copy.deepcopy(RECORD), copy.deepcopy(RECORD)
        second.update(dict(self.changes))
        if self.missing_row is not None:
            del second["line_items"][self.missing_row]
        return first, second

    @property
    def outcome(self) -> PairOutcome:
        """What the comparison says."""
        one, other = (record_from_json(record) for record in self.records)
        vendor = str(self.vendor.pk) if self.vendor else ""
        return compare_pair(one, other, vendor_first=vendor, vendor_second=vendor)


def some(people: Sequence[User], count: int, *, seed: int = 1, vendors: Sequence[Vendor] = ()) -> list[Wanted]:
    """Pairs that differ now and then, by changing people, over months, of every class of pre-fill."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        first, second = rng.sample(list(people), 2)
        changes = {name: value for name, value in (("total", "91.00"), ("invoice_number", None), ("tax", "1.00")) if rng.random() < 0.12}
        made.append(
            Wanted(
                first,
                second,
                tuple(changes.items()),
                missing_row=0 if rng.random() < 0.1 else None,
                vendor=rng.choice(vendors) if vendors else None,
                at=NOON + dt.timedelta(days=number % 70),
                prefills=(rng.choice(("unchanged", "changed")), rng.choice(("unchanged", "changed", "hidden"))),
            )
        )
    return made


def freeze(wanted: Iterable[Wanted]) -> list[Agreement]:
    """Store these pairs, not counted: documents, tasks, annotations and what the comparison said."""
    pairs = list(wanted)
    start = Document.objects.count()
    documents = Document.objects.bulk_create(
        Document(sha256=f"{start + n:064x}", name=f"pair{start + n}.pdf", media_type="application/pdf", size=1, vendor=pair.vendor)
        for n, pair in enumerate(pairs)
    )
    labels: list[list[Annotation]] = []
    for side, kind in ((0, TaskKind.LABEL), (1, TaskKind.SECOND_LABEL)):
        tasks = LabelingTask.objects.bulk_create(
            LabelingTask(document=document, kind=kind, state=TaskState.DONE, side=side, assignee=(pair.first, pair.second)[side])
            for document, pair in zip(documents, pairs, strict=True)
        )
        labels.append(
            Annotation.objects.bulk_create(
                Annotation(task=task, document=task.document, author=task.assignee, record=pair.records[side], request_hash="0" * 64)
                for task, pair in zip(tasks, pairs, strict=True)
            )
        )
    known: dict[tuple[Any, ...], PairOutcome] = {}
    rows = []
    for document, pair, first, second in zip(documents, pairs, *labels, strict=True):
        key = (pair.changes, pair.missing_row, pair.vendor and pair.vendor.pk)
        outcome = known[key] if key in known else known.setdefault(key, pair.outcome)
        rows.append(
            Agreement(
                document=document,
                vendor=pair.vendor,
                first=first,
                second=second,
                first_author=pair.first,
                second_author=pair.second,
                first_prefill=pair.prefills[0],
                second_prefill=pair.prefills[1],
                exact=outcome.exact,
                critical=outcome.critical,
                outcome=outcome.to_json(),
            )
        )
    made = Agreement.objects.bulk_create(rows)
    for row, pair in zip(made, pairs, strict=True):
        row.compared_at = pair.at
    Agreement.objects.bulk_update(made, ["compared_at"], batch_size=500)
    return made


def direct(pairs: Iterable[Agreement]) -> list[tuple[str, PairOutcome]]:
    """Document and outcome of stored pairs, the person with the smaller id first: what mlcore counts."""
    found = []
    for row in pairs:
        outcome = PairOutcome.from_json(row.outcome)
        found.append((str(row.document_id), outcome if row.first_author_id < row.second_author_id else outcome.mirrored))
    return found


def key_of(one: User, other: User) -> str:
    """The key of two people's slice."""
    return pair_key(one.pk, other.pk)
