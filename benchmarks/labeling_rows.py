"""Fills a benchmark's database through the product's own services; prints one JSON object.

    python -m benchmarks.labeling_rows import N     take N files in, each with a page of 2 KB of words and 15 pre-filled fields
    python -m benchmarks.labeling_rows fill N       the same rows without files, in bulk, to lengthen the queue
    python -m benchmarks.labeling_rows people N     N billers and a senior with API tokens
    python -m benchmarks.labeling_rows gold         give every document that has none a gold record
    python -m benchmarks.labeling_rows statements   SQL statements of each request, by counting

``import`` does what the pipeline does to a file except reading it: store it, its page, its prediction, open its task.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import django

WORDS = 220
BATCH = 500


def record(number: int) -> dict[str, Any]:
    """Fifteen values: seven in the header, eight in two rows."""
    rows = [
        {"description": f"Ondansetron 4 mg lot {number}", "quantity": "2", "unit_price": "22.50", "total": "45.00"},
        {"description": "Infusion, first hour", "quantity": "1", "unit_price": "45.00", "total": "45.00"},
    ]
    return {
        "vendor": {"name": "Apex Infusion", "address": "12 Elm St, Dayton, OH"},
        "invoice_number": f"INV-{number:06d}",
        "date": "2026-03-04",
        "subtotal": "90.00",
        "tax": "0.00",
        "total": "90.00",
        "line_items": rows,
    }


def fields(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The pre-filled values with a place for each."""
    header = {name: value for name, value in values.items() if name not in ("vendor", "line_items")}
    flat = {f"vendor.{name}": value for name, value in values["vendor"].items()} | header
    for row, item in enumerate(values["line_items"]):
        flat |= {f"line_items[{row}].{name}": value for name, value in item.items()}
    place = [{"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}]
    return [{"path": path, "value": value, "confidence": 0.9, "evidence": place, "raw": value, "note": ""} for path, value in flat.items()]


def import_documents(count: int) -> dict[str, Any]:
    """Take ``count`` files in; CPU seconds, wall seconds and growth of this process's memory."""
    from invoices.intake import receive
    from invoices.models import Document, DocumentStatus, Page, Prediction, Vendor
    from labeling.sampling import open_task

    vendor, _ = Vendor.objects.get_or_create(name="Apex Infusion", defaults={"status": "confirmed"})
    first = Document.objects.count()
    memory, cpu, wall = memory_mb(), cpu_seconds(), time.perf_counter()
    for number in range(first, first + count):
        document = receive(name=f"apex-{number:06d}.pdf", data=_file(number), source="command").document
        Page.objects.create(document=document, **page(document.sha256))
        values = record(number)
        Prediction.objects.create(document=document, model_id="benchmark", record=values, fields=fields(values), checks=[], route="review")
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.PREFILLED, vendor=vendor, page_count=1)
        open_task(document.pk)
    return {
        "documents": count,
        "cpu_seconds": cpu_seconds() - cpu,
        "wall_seconds": time.perf_counter() - wall,
        "memory_growth_mb": memory_mb() - memory,
    }


def fill(count: int) -> dict[str, Any]:
    """Lengthen the queue by ``count`` open tasks like those of ``import_documents``, in bulk and without files; not measured."""
    from django.db import connection

    from invoices.models import Document, DocumentStatus, Page, Prediction, Vendor
    from labeling.models import LabelingTask

    vendor, _ = Vendor.objects.get_or_create(name="Apex Infusion", defaults={"status": "confirmed"})
    first = Document.objects.count()
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        documents = Document.objects.bulk_create(
            Document(
                sha256=f"{n:064x}",
                name=f"apex-{n:06d}.pdf",
                media_type="application/pdf",
                size=2_000,
                status=DocumentStatus.PREFILLED,
                vendor=vendor,
                page_count=1,
            )
            for n in numbers
        )
        Page.objects.bulk_create(Page(document=document, **page(document.sha256)) for document in documents)
        records = [record(n) for n in numbers]
        predictions = Prediction.objects.bulk_create(
            Prediction(document=document, model_id="benchmark", record=values, fields=fields(values), checks=[], route="review")
            for document, values in zip(documents, records, strict=True)
        )
        LabelingTask.objects.bulk_create(
            LabelingTask(document=document, prediction=prediction, priority=1)
            for document, prediction in zip(documents, predictions, strict=True)
        )
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"documents": count}


def page(sha256: str) -> dict[str, Any]:
    """One page with 2 KB of words."""
    words = [["wordword", 0.1, 0.01 * (n % 90), 0.2, 0.01 * (n % 90) + 0.008, n // 6, 1.0] for n in range(WORDS)]
    size = {"width": 612, "height": 792, "image_width": 1275, "image_height": 1650}
    return {"number": 1, "source": "text_layer", "words": words, "image_sha256": sha256, **size}


def people(count: int) -> dict[str, Any]:
    """Tokens of ``count`` billers, and of a senior under ``senior``."""
    from rest_framework.authtoken.models import Token

    from invoices.models import User

    names = {f"biller{n}": "biller" for n in range(count)} | {"senior": "senior"}
    users = {name: User.objects.get_or_create(username=name, defaults={"role": role})[0] for name, role in names.items()}
    return {name: Token.objects.get_or_create(user=user)[0].key for name, user in users.items()}


def gold() -> dict[str, Any]:
    """Confirm in bulk whatever has no gold record; not measured."""
    from invoices.models import Document, User
    from labeling.models import Annotation, GoldRecord, LabelingTask, TaskState

    author = User.objects.order_by("pk").first()
    tasks = list(LabelingTask.objects.filter(annotation=None).values_list("pk", "document_id", "document__vendor_id"))
    for start in range(0, len(tasks), BATCH):
        part = tasks[start : start + BATCH]
        annotations = Annotation.objects.bulk_create(
            Annotation(task_id=task, document_id=document, author=author, record=record(document), request_hash="0")
            for task, document, _ in part
        )
        golds = []
        for annotation, (_, document, vendor) in zip(annotations, part, strict=True):
            named = {field["path"]: field for field in fields(annotation.record)}
            evidence = {path: field["evidence"] for path, field in named.items()}
            provenance = {path: {"source": "confirmed", "by": author and author.pk, "model_id": "benchmark"} for path in named}
            more = {"evidence": evidence, "provenance": provenance, "record": annotation.record}
            golds.append(GoldRecord(document_id=document, vendor_id=vendor, annotation=annotation, **more))
        GoldRecord.objects.bulk_create(golds)
        LabelingTask.objects.filter(pk__in=[task for task, _, _ in part]).update(state=TaskState.DONE)
        Document.objects.filter(pk__in=[document for _, document, _ in part]).update(status="gold")
    return {"golds": GoldRecord.objects.count()}


def statements() -> dict[str, Any]:
    """SQL statements of each request with a token, sign-in included, transaction control not."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from rest_framework.test import APIClient

    tokens = people(1)
    api, senior = APIClient(), APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {tokens['biller0']}")
    senior.credentials(HTTP_AUTHORIZATION=f"Token {tokens['senior']}")
    counted: dict[str, int] = {}

    def count(name: str, method: str, path: str, body: object = None, client: APIClient = api) -> Any:
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json", HTTP_HOST="localhost")
            content = b"".join(answer)
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        counted[name] = sum(not query["sql"].lstrip().startswith(control) for query in captured.captured_queries)
        return json.loads(content) if name != "export" and content else None

    task = count("claim", "POST", "tasks/claim/", {})
    count("save 15 edits", "PATCH", f"tasks/{task['id']}/draft/", {"version": 0, "edits": edits(task["prediction"]["record"])})
    count("submit", "POST", f"tasks/{task['id']}/submit/", {"record": task["prediction"]["record"], "version": 1})
    count("list of 30", "GET", "tasks/?state=open")
    count("export", "GET", "gold/export/?format=jsonl", client=senior)
    return counted


def edits(values: dict[str, Any]) -> list[dict[str, Any]]:
    """One edit for each of the fifteen fields, keeping its value."""
    keys = ["vendor.name", "vendor.address", "invoice_number", "date", "subtotal", "tax", "total"]
    keys += [
        f"p{row}.{name}" for row, item in enumerate(values["line_items"]) for name in ("description", "quantity", "unit_price", "total")
    ]
    cell: dict[str, Any] = {"value": "90.00", "mark": None, "unsure": False, "confirmed": True, "evidence": [], "cause": "typed"}
    return [{"id": str(uuid.uuid4()), "key": key, "cell": cell, "active_ms": 500, "keystrokes": 5} for key in keys]


def cpu_seconds() -> float:
    """CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_048_576


def _file(number: int) -> bytes:
    return b"%PDF-1.4\n" + f"% benchmark document {number:09d}\n".encode() * 60


def main(arguments: list[str]) -> None:
    """Run one of the actions."""
    django.setup()
    actions = {"import": import_documents, "fill": fill, "people": people}
    name, *rest = arguments
    done = actions[name](int(rest[0])) if name in actions else {"gold": gold, "statements": statements}[name]()
    sys.stdout.write(f"\n{json.dumps(done)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
