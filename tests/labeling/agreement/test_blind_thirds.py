"""Where two labels differ and a third is asked for, blind too, agreement tells nothing of the two until the third is in.

The viewer is a senior who may do the third label and sees every screen, list and export of agreement.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from labeling.agreement.counting import count_pairs, waiting
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.models import Adjudication, Agreement, LabelingPolicy, LabelingTask, TaskKind
from labeling.sampling import open_task
from labeling.submission import read_submission
from labeling.task_view import is_for
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import freeze, some

pytestmark = pytest.mark.django_db

SCREENS = ("/agreement/", "/agreement/vendors/", "/agreement/labelers/", "/agreement/documents/")
API = "/api/v1/agreement/"
ADDRESSES = [
    *SCREENS,
    *(f"/agreement/{part}?{query}" for part in ("", "documents/") for query in ("vendor={vendor}", "pair={pair}", "prefill=both_typed")),
    *(f"/agreement/documents/?{query}" for query in ("differing=1", "critical=1", "field=total")),
    API,
    *(f"{API}?by={by}" for by in ("field", "vendor", "pair", "month", "prefill")),
    *(f"{API}documents/?{query}" for query in ("", "differing=true", "field=total", "page_size=1")),
    *(f"{API}export/?table={table}" for table in ("fields", "vendors", "pairs", "months", "weeks", "prefill", "documents")),
]
MASKS = rb'(?:data-csrf="|csrfmiddlewaretoken" value=")[^"]*"'


def told(viewer: Client, **values: Any) -> dict[str, tuple[int, bytes]]:
    found = {}
    for template in ADDRESSES:
        address = template.format(**values)
        answer = viewer.get(address)
        found[address] = answer.status_code, re.sub(MASKS, b"", answer.getvalue())
    return found


def label(user: Any, task: LabelingTask, record: dict[str, Any]) -> None:
    claim_task(user=user, task_id=task.pk)
    submit(user=user, task_id=task.pk, submission=read_submission(record=record, version=0, marks={}, unsure=[], evidence={}))


def test_nothing_shows_before_the_third_label_is_in(cast: Cast, make_document: Any, record: Any) -> None:
    billers = [cast.biller1, cast.biller2]
    freeze(some([*billers, cast.senior], 30))
    count_pairs(30)
    LabelingPolicy.objects.create(double_share=1, hidden_share=0, new_biller_share=0, third_label_from=1)
    document = make_document()
    open_task(document.pk)
    viewer = Client()
    viewer.force_login(cast.senior)
    pair = f"{cast.biller1.pk}-{cast.biller2.pk}"
    before = told(viewer, vendor=document.vendor_id, pair=pair)
    assert {status for status, _ in before.values()} == {200}
    tasks = LabelingTask.objects.filter(document=document).order_by("pk")
    for number, task in enumerate(tasks):
        able = next(user for user in billers if is_for(task, user))
        label(able, task, {**record, "total": f"{number}.00"})
    assert Agreement.objects.filter(document=document).exists(), "the pair is compared"
    assert Adjudication.objects.get().state == "waiting"
    third = LabelingTask.objects.get(kind=TaskKind.SECOND_LABEL, ordinal=2)
    assert is_for(third, cast.senior), "the viewer may do the third label"
    assert (waiting(), count_pairs()) == (0, 0)
    after = told(viewer, vendor=document.vendor_id, pair=pair)
    assert [address for address in before if before[address] != after[address]] == []
    label(cast.senior, third, {**record, "total": "0.00"})
    assert waiting() == 1
    lifted = told(viewer, vendor=document.vendor_id, pair=pair)
    assert waiting() == 0, "the first page has counted it"
    changed = {address for address in before if before[address] != lifted[address]}
    assert {API, "/agreement/", "/agreement/labelers/", f"{API}documents/?"} <= changed
    assert document.name.encode() in lifted["/agreement/documents/?field=total"][1]
