"""Documents for the labeling screen: synthetic invoices, really received and read, with a pre-fill whose faults are known.

``make_task(faults={"total": "1.00"}, doubts={"date": 0.6})`` stores a document and answers its task. The pre-fill is the
truth except for ``faults`` (path -> value) and has the confidence .98 except for ``doubts`` (path -> confidence).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from invoices.intake import receive
from invoices.models import Document, DocumentStatus, Prediction, Vendor
from invoices.parsing import parse_document
from labeling.models import LabelingTask
from labeling.sampling import open_task
from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.documents import Check
from mlcore.record_json import record_to_json, value_to_json
from mlcore.schema import iter_values

SURE = 0.98


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task that is ready to be labeled, with the truth about its document."""

    task: LabelingTask
    paper: SyntheticDocument
    record: dict[str, Any]


@cache
def papers(vendor: str, count: int = 3) -> tuple[SyntheticDocument, ...]:
    """The first documents of a synthetic vendor."""
    makers = [maker for maker in vendor_catalogue() if maker.key == vendor]
    return tuple(generate(count, seed=7, vendors=makers))


def predicted_fields(
    paper: SyntheticDocument, record: dict[str, Any], faults: Mapping[str, str | None], doubts: Mapping[str, float]
) -> list[dict[str, Any]]:
    """A field for each value of the pre-fill, at the place where the truth stands."""
    fields = []
    for path, truth in iter_values(paper.record):
        value = faults.get(path, value_to_json(truth))
        place_in(record, path, value)
        if value is None:
            continue
        places = [place.to_json() for place in paper.evidence.get(path, ())]
        fields.append({"path": path, "value": value, "confidence": doubts.get(path, SURE), "evidence": places, "raw": value, "note": ""})
    return fields


def place_in(record: dict[str, Any], path: str, value: str | None) -> None:
    """Write one value into the JSON form of a record."""
    holder: Any = record
    *parts, name = path.replace("[", ".").replace("]", "").split(".")
    for part in parts:
        holder = holder[int(part)] if part.isdigit() else holder[part]
    holder[name] = value


def prepare(
    paper: SyntheticDocument,
    *,
    faults: Mapping[str, str | None] | None = None,
    doubts: Mapping[str, float] | None = None,
    missing_rows: int = 0,
    prefill: bool = True,
    checks: Sequence[Check] = (),
) -> Prepared:
    """Receive and read the paper, store its pre-fill, open its task."""
    document = receive(name=f"{paper.id}.pdf", data=paper.pdf).document
    assert parse_document(document.pk, document.parse_revision) != DocumentStatus.FAILED
    truth = record_to_json(paper.record)
    if prefill:
        record = record_to_json(paper.record)
        fields = predicted_fields(paper, record, faults or {}, doubts or {})
        if missing_rows:
            kept = len(record["line_items"]) - missing_rows
            record["line_items"] = record["line_items"][:kept]
            fields = [f for f in fields if not any(f["path"].startswith(f"line_items[{row}]") for row in range(kept, kept + missing_rows))]
        told = [check.to_json() for check in checks]
        Prediction.objects.create(document=document, model_id="template:test", record=record, fields=fields, checks=told, route="review")
    vendor, _ = Vendor.objects.get_or_create(name=paper.record.vendor.name or paper.vendor.key, defaults={"status": "confirmed"})
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.PREFILLED, vendor=vendor)
    return Prepared(LabelingTask.objects.get(pk=open_task(document.pk)), paper, truth)


@pytest.fixture
def make_task(transactional_db: None) -> Callable[..., Prepared]:
    """Stores documents; see ``prepare``. ``vendor`` and ``number`` choose the paper."""

    def make(vendor: str = DEFAULT_VENDOR, number: int = 0, **options: Any) -> Prepared:
        return prepare(papers(vendor)[number], **options)

    return make


DEFAULT_VENDOR = next(maker.key for maker in vendor_catalogue() if maker.major)


class Screen:
    """The labeling screen as a person works on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, task: int | None = None) -> Screen:
        """Go there and wait until a document is open."""
        self.page.goto("/label/" if task is None else f"/label/{task}/")
        return self.ready()

    def ready(self) -> Screen:
        """Wait until a document is open."""
        expect(self.page.locator("[data-part=root]")).to_have_attribute("data-state", "ready")
        return self

    def cell(self, key: str) -> Locator:
        """The input of a cell key."""
        return self.page.locator(f'input[data-key="{key}"]')

    @property
    def focused(self) -> str:
        """The cell key that has the focus, ``""`` when it is elsewhere."""
        return str(self.page.evaluate("document.activeElement.dataset.key ?? ''"))

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def part(self, name: str) -> Locator:
        """A part of the screen by its name."""
        return self.page.locator(f"[data-part={name}]")

    def saved(self) -> None:
        """Wait until nothing is left to send; what was just typed is shown within two frames."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        expect(self.part("status")).to_have_attribute("data-state", "saved")


Make = Callable[..., Prepared]
AtDesk = Callable[..., Screen]


@pytest.fixture
def at_desk(signed_in: Callable[..., Page]) -> AtDesk:
    """Opens the labeling screen for a person."""

    def open_screen(user: Any, task: int | None = None, **context: Any) -> Screen:
        return Screen(signed_in(user, **context)).open(task)

    return open_screen
