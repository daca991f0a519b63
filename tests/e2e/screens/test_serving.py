"""Promoting, trying in the dark and rolling back, on the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from invoices.models import ServingModel
from modelops.deployment.present import present
from modelops.deployment.shadow import start_shadow
from modelops.models import Deployment
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, judge, make_model, run_folder, station

__all__ = ["base_folder", "calibrated", "make_model", "run_folder", "station"]


@pytest.mark.main_job
def test_promote_and_roll_back(cast: Cast, make_model: Make, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin, reason="The first one")
    judge(second, passed=True)
    page = signed_in(cast.admin)
    page.goto("/serving/")
    assert_accessible(page)
    page.get_by_text("Promote …").click()
    expect(page.get_by_text("instead of model 1")).to_be_visible()
    page.get_by_label("Why").filter(visible=True).fill("Better on totals")
    page.get_by_role("button", name="Yes, promote model 2").click()
    expect(page.get_by_role("heading", name="Model 2 Champion")).to_be_visible()
    expect(page.get_by_role("row", name="Better on totals")).to_contain_text("Passed the gate")
    assert ServingModel.objects.get().model_id == second.model_id
    page.get_by_text("Roll back …").click()
    expect(page.get_by_text("Back to model 1, which served")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Yes, go back to model 1").click()
    expect(page.get_by_role("heading", name="Model 1 Champion")).to_be_visible()
    expect(page.get_by_text("Rolled back").first).to_be_visible()
    assert present().model == first


def test_a_canary_begins_with_the_keyboard_and_ends(cast: Cast, make_model: Make, signed_in: SignedIn) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    judge(second, passed=True)
    page = signed_in(cast.admin)
    page.goto("/serving/")
    page.get_by_text("Canary …").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Percent of the documents").fill("25")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Model 2 Canary")).to_be_visible()
    expect(page.get_by_text("75 %", exact=True)).to_be_visible()
    page.get_by_text("Roll back …").click()
    page.get_by_role("button", name="End the canary").click()
    expect(page.get_by_text("Model 2 taken back")).to_be_visible()
    assert present().canary is None


def test_who_pressed_second_sees_what_serves_now(cast: Cast, make_model: Make, signed_in: SignedIn) -> None:
    first, second = make_model(), make_model()
    page, other = signed_in(cast.admin), signed_in(cast.admin)
    for one, model in ((page, first), (other, second)):
        one.goto(f"/serving/?model={model.number}")
        one.get_by_text("Promote …").click()
    page.get_by_role("button", name="Yes, promote model 1").click()
    expect(page.get_by_role("heading", name="Model 1 Champion")).to_be_visible()
    other.get_by_role("button", name="Yes, promote model 2").click()
    expect(other.get_by_text("has changed what serves since you looked: now it is model 1")).to_be_visible()
    assert Deployment.objects.count() == 1


def test_without_a_pass_the_buttons_are_off_and_say_why(cast: Cast, make_model: Make, signed_in: SignedIn) -> None:
    make_model(passed=False)
    page = signed_in(cast.admin, color_scheme="dark")
    page.goto("/serving/")
    expect(page.get_by_role("button", name="Promote")).to_be_disabled()
    expect(page.get_by_text("Did not pass")).to_be_visible()
    page.get_by_role("button", name="Try in the dark").click()
    expect(page.get_by_role("heading", name="Waits for the worker")).to_be_visible()
    page.get_by_text("Take away …").click()
    page.get_by_role("button", name="Yes, take it away").click()
    expect(page.get_by_text("The shadow run is gone")).to_be_visible()


def test_an_empty_station_says_what_to_do(
    cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None], station: None
) -> None:
    page = signed_in(cast.admin)
    page.goto("/serving/")
    expect(page.get_by_text("Nothing was deployed yet")).to_be_visible()
    expect(page.get_by_text("No candidate")).to_be_visible()
    assert_accessible(page)


def test_a_shadow_run_is_read(cast: Cast, make_model: Make, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    run = start_shadow(make_model(), by=cast.admin)
    page = signed_in(cast.admin)
    page.goto(f"/shadow/{run.pk}/")
    assert_accessible(page)
    run.state, run.summary = "finished", {"documents": 0}
    run.save()
    expect(page.get_by_text("Nothing was read")).to_be_visible()
