"""Two billers label one document, each as if alone; when both are in, they see each other's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from labeling.models import Agreement, Annotation, GoldRecord, LabelingPolicy, LabelingTask
from labeling.task_view import is_for
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn
from tests.e2e.label.conftest import Screen


@pytest.mark.main_job
def test_the_second_of_two_works_as_if_there_were_no_first(cast: Cast, make_task: Any, signed_in: SignedIn) -> None:
    LabelingPolicy.objects.create(double_share=1, new_vendor_share=0, new_biller_share=0, hidden_share=1)
    document = make_task().task.document
    tasks = {user: next(task for task in LabelingTask.objects.all() if is_for(task, user)) for user in (cast.biller1, cast.biller2)}
    assert len({task.pk for task in tasks.values()}) == 2
    hidden = next(user for user, task in tasks.items() if task.hides_prefill)
    shown = next(user for user in tasks if user != hidden)
    first = Screen(signed_in(shown)).open()
    expect(first.cell("total")).not_to_have_value("")
    first.page.keyboard.press("Control+Enter")
    expect(first.part("root")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().author == shown
    second = signed_in(hidden)
    second.goto("/queue/")
    row = second.get_by_role("row").filter(has_text=document.name)
    expect(row).to_have_count(1)
    expect(row.get_by_role("cell").nth(2)).to_have_text("Label")
    second.goto(f"/documents/{document.pk}/")
    expect(second.get_by_role("heading", name="History")).to_be_visible()
    expect(second.get_by_text("submitted", exact=False)).to_have_count(0)
    blank = Screen(second).open()
    expect(blank.cell("total")).to_have_value("")
    assert not GoldRecord.objects.exists()
    assert not Agreement.objects.exists()
