"""The program as an installation serves it, put together into one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from labeling.models import Annotation
from labeling.module_bundle import bundle

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import Make

ROOT = Path(__file__).parents[3]


def source(name: str) -> str:
    """A static file of this product by its name."""
    app = "invoices" if name.startswith("countersign/") else "labeling"
    return (ROOT / app / "static" / name).read_text()


@pytest.mark.main_job
def test_the_bundle_labels_a_document_without_asking_for_another_module(cast: Cast, make_task: Make, signed_in: SignedIn) -> None:
    prepared = make_task()
    page = signed_in(cast.biller1)
    program = bundle("labeling/js/label.js", source)
    page.route("**/labeling/js/label.js", lambda route: route.fulfill(body=program, content_type="text/javascript"))
    page.goto("/label/")
    expect(page.locator("[data-part=root]")).to_have_attribute("data-state", "ready")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=root]")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().record == prepared.record
