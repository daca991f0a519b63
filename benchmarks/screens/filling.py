"""Fills a database with documents in every state, straight into its tables; what is in them fits together as if people had worked."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from benchmarks.screens.fates import BILLERS, VENDORS, Paper, papers
from benchmarks.screens.invoices import fields, otherwise, page, record, vendor_name
from benchmarks.screens.people import Staff
from benchmarks.screens.store import Rows, gather_statistics, moment, own_dates
from benchmarks.screens.surroundings import after, guidelines, policies, trail_of
from benchmarks.screens.work import once, twice
from invoices.models import Document, DocumentStatus, Page, Prediction, ReadingEvent, Vendor, VendorAlias
from invoices.vendor_master.editing import alias_key
from labeling.models import Draw, FieldDoubt, FieldVerification, LabelingTask, SkipReason, TaskKind, TaskSkip
from labeling.review.doubted import doubts_about
from mlcore.confidence.doubts import amount_of, at_risk
from mlcore.record_json import record_from_json

AT_ONCE = 500
MODEL = "shipped@benchmark"
_STATUS = {"received": DocumentStatus.RECEIVED, "failed": DocumentStatus.FAILED, "adjudication": DocumentStatus.LABELED}
_OPEN = ("open", "open_pair", "half_pair", "held", "postponed", "escalated", "review", "audit", "accepted", "waiting")


def fill(count: int, *, first: int = 0) -> None:
    """Add the documents ``first`` to ``count``; with the first ones also people, vendors, policies and guidelines. Not measured."""
    now = timezone.now()
    staff = Staff.hired()
    vendors = _vendors()
    policy = policies(staff.admin)
    with own_dates():
        guidelines(staff.seniors[0], now)
        for start in range(first, count, AT_ONCE):
            rows = Rows()
            for paper in papers(range(start, min(start + AT_ONCE, count))):
                _paper(rows, paper, vendors[paper.vendor], staff, policy, moment(paper.number, count, now))
            rows.store()
    after()
    gather_statistics()


def _vendors() -> list[Vendor]:
    names = [vendor_name(number) for number in range(VENDORS)]
    if not Vendor.objects.exists():
        made = Vendor.objects.bulk_create(Vendor(name=name, status="confirmed") for name in names)
        VendorAlias.objects.bulk_create(VendorAlias(vendor=one, name=one.name, key=alias_key(one.name)) for one in made)
    by_name = {vendor.name: vendor for vendor in Vendor.objects.all()}
    return [by_name[name] for name in names]


def _paper(rows: Rows, paper: Paper, vendor: Vendor, staff: Staff, policy: Any, at: dt.datetime) -> None:
    """One document with everything that there is of it."""
    unread = paper.fate in ("received", "failed")
    document = rows.add(
        Document(
            sha256=f"{paper.number:064x}",
            name=f"invoice-{paper.number:06d}.pdf",
            media_type="application/pdf",
            size=40_000,
            status=_STATUS.get(paper.fate, DocumentStatus.PREFILLED if paper.fate in _OPEN else DocumentStatus.GOLD),
            error_code="encrypted" if paper.fate == "failed" else "",
            error_message="The file is locked with a password." if paper.fate == "failed" else "",
            vendor=None if unread else vendor,
            page_count=0 if unread else 1,
            source=("upload", "api", "folder")[paper.number % 3],
            uploaded_by=staff.billers[paper.number % BILLERS],
            received_at=at,
            parsed_at=None if unread else at,
        )
    )
    trail_of(rows, document, paper, staff, at)
    if paper.fate == "failed":
        rows.add(ReadingEvent(document=document, kind="failed", message=document.error_message, at=at))
    if unread:
        return
    rows.add(Page(document=document, **page(document.sha256)))
    truth = record(paper.number, paper.vendor, paper.draw)
    prediction = rows.add(_prediction(document, truth, paper, at))
    _work(rows, paper, document, prediction, truth, staff, policy, at)


def _prediction(document: Document, truth: dict[str, Any], paper: Paper, at: dt.datetime) -> Prediction:
    """Right but for a tenth of vendor names, in which a letter was misread, and some totals."""
    read = {**truth, "vendor": dict(truth["vendor"])}
    if paper.draw.random() < 0.1:
        read["vendor"]["name"] = read["vendor"]["name"].replace("Infusion", "lnfusion")
    doubted = paper.fate in ("review", "gold_reviewed")
    checks = []
    if doubted and paper.draw.random() < 0.2:
        read["total"] = f"{float(read['total']) + 10:.2f}"
        checks = [{"code": "total", "severity": "error", "message": "Lines and total differ by 10.00.", "paths": ["total"], "places": []}]
    route = "accepted" if paper.fate in ("accepted", "audit", "gold_audited") else "review" if doubted else "flagged"
    predicted = fields(read, paper.draw, doubted=doubted)
    values = {"record": read, "fields": predicted, "checks": checks, "route": route, "created_at": at}
    return Prediction(document=document, model_id=MODEL, **values)


def _work(
    rows: Rows, paper: Paper, document: Document, prediction: Prediction, truth: dict[str, Any], staff: Staff, policy: Any, at: dt.datetime
) -> None:
    """The tasks of a document, and what became of them."""
    stratum = {"stratum": f"vendor {paper.vendor}", "position": paper.number, "seed": 2026, "policy": policy, "at": at}
    if paper.fate in ("accepted", "audit", "gold_audited"):
        rows.add(Draw(document=document, what="audit", share=0.02, drawn=paper.fate != "accepted", **stratum))
    else:
        pair = paper.fate in ("open_pair", "half_pair", "waiting", "gold_agreed", "gold_adjudicated", "adjudication")
        rows.add(Draw(document=document, what="double", share=0.1, drawn=pair, **stratum))
    if paper.fate == "accepted":
        return
    common: dict[str, Any] = {"document": document, "prediction": prediction, "policy": policy, "created_at": at}
    if paper.fate in ("open_pair", "half_pair", "waiting", "gold_agreed", "gold_adjudicated", "adjudication"):
        other = truth if paper.fate == "gold_agreed" else otherwise(truth, paper.draw)
        twice(rows, paper, common, (truth, other), staff, at)
    elif paper.fate.startswith("gold_"):
        kind = {"gold_reviewed": TaskKind.REVIEW, "gold_audited": TaskKind.AUDIT}.get(paper.fate, TaskKind.LABEL)
        by = staff.seniors[paper.number % 3] if kind == TaskKind.REVIEW else staff.billers[paper.draw.randrange(BILLERS)]
        once(rows, paper, LabelingTask(kind=kind, priority=paper.draw.randint(1, 90), **common), truth, by, staff, at)
    else:
        _open(rows, paper, common, prediction, staff, at)


def _open(rows: Rows, paper: Paper, common: dict[str, Any], prediction: Prediction, staff: Staff, at: dt.datetime) -> None:
    now = timezone.now()
    kind = {"review": TaskKind.REVIEW, "audit": TaskKind.AUDIT}.get(paper.fate, TaskKind.LABEL)
    task = rows.add(LabelingTask(kind=kind, priority=paper.draw.randint(1, 90), escalated=paper.fate == "escalated", **common))
    if paper.draw.random() < 0.05:
        task.due_at = now + dt.timedelta(days=paper.draw.randint(-1, 30))
    if paper.draw.random() < 0.05:
        reason = SkipReason.values[paper.number % len(SkipReason.values)]
        rows.add(TaskSkip(task=task, user=staff.billers[1 + paper.number % 30], reason=reason, created_at=at))
    if paper.fate == "held":
        task.assignee, task.claimed_at, task.lease_expires_at = staff.billers[1 + paper.number % 30], now, now + dt.timedelta(days=30)
    elif paper.fate == "postponed":
        task.postponed_by, task.postponed_until = staff.billers[1 + paper.number % 30], now + dt.timedelta(days=30)
    elif paper.fate == "review":
        found = doubts_about(prediction, ["total"] if paper.draw.random() < 0.005 else [])
        named = dict.fromkeys((doubt.name, doubt.cause.value) for doubt in found) or {("", "low"): None}
        wanted = dict.fromkeys(row for name, cause in named for row in ((name, cause), (name, "*"), ("*", cause), ("*", "*")))
        for name, cause in wanted:
            rows.add(FieldDoubt(task=task, name=name, cause=cause))
        task.priority = at_risk(amount_of(record_from_json(prediction.record)), found)
    elif paper.fate == "open" and paper.draw.random() < 0.25:
        value, batch = prediction.record["total"], uuid.UUID(int=paper.number // 48)
        said = {"path": "total", "value": value, "verdict": "confirmed", "batch": batch, "by": staff.seniors[1], "at": at}
        rows.add(FieldVerification(document=task.document, prediction=prediction, **said))
