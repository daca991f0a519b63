"""Training runs in a real browser: what the preflight asks for, a real run watched to its end, stopped, gone on with, compared."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, Route, expect

from modelops.models import DatasetVersion, ModelVersion, RunLine, RunPoint, RunState, TrainingRun, TrainingSweep
from modelops.runs.working import work_on
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import LONG, RECIPE, frozen

__all__ = ["dataset", "station", "tiny_base"]

SMALL = {"lora-rank": "4", "lora-alpha": "8", "epochs": "2", "accumulate": "2", "schedule-warmup_steps": "2", "save_every_steps": "2"}


@pytest.fixture(autouse=True)
def after_the_browser(cast: Cast, dataset: DatasetVersion) -> None:
    """A data set that can be trained on, in a database that threads share."""


Hands = Callable[[TrainingRun], threading.Thread]


@pytest.fixture
def worker() -> Iterator[Hands]:
    """A worker's hands on a run, in a thread that is waited for."""
    threads = []

    def take(run: TrainingRun) -> threading.Thread:
        def work() -> None:
            try:
                work_on(run.pk, run.attempts, fence=lambda: None)
            finally:
                connection.close()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        threads.append(thread)
        return thread

    yield take
    for run in TrainingRun.objects.filter(state__in=(RunState.RUNNING, RunState.STOPPING)):
        TrainingRun.objects.filter(pk=run.pk).update(state=RunState.STOPPING)
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


def shoot(page: Page, name: str, *, whole: bool = True) -> None:
    """A picture in both themes, where somebody wants to look."""
    if folder := os.environ.get("SHOTS"):
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            page.screenshot(path=f"{folder}/{name}-{theme}.png", full_page=whole)


def hide(page: Page, hidden: str) -> None:
    """The tab goes behind another one, or comes back."""
    page.evaluate(f"Object.defineProperty(document, 'hidden', {{value: {hidden}, configurable: true}})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def confirm_all(page: Page) -> int:
    """Confirm what is asked, one by one; answers how many there were."""
    boxes = page.locator('input[name="confirm"]')
    for number in range(boxes.count()):
        boxes.nth(number).check()
    return boxes.count()


def fill(page: Page, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        page.locator(f"#{name}").fill(value)


@pytest.mark.main_job
def test_what_refuses_and_what_has_to_be_confirmed(
    cast: Cast, signed_in: SignedIn, dataset: DatasetVersion, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/runs/")
    expect(page.get_by_role("heading", name="Nothing was trained here yet")).to_be_visible()
    shoot(page, "runs-empty")
    page.get_by_role("link", name="New run").first.click()
    start = page.get_by_role("button", name="Start the run")
    expect(start).to_be_disabled()
    expect(page.get_by_text("have to be confirmed first")).to_be_visible()
    page.get_by_label("Rank", exact=True).fill("0")
    row = page.locator('[data-row="lora.rank"]')
    expect(row).to_contain_text("it has to be 1 to 512")
    expect(page.get_by_label("Rank", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(start).to_be_disabled()
    shoot(page, "run-new-wrong")
    page.get_by_label("Rank", exact=True).fill("4")
    expect(row).not_to_contain_text("it has to be")
    asked = page.locator('input[name="confirm"]')
    expect(asked.first).to_be_visible()
    first = asked.first
    first.focus()
    page.keyboard.press("Space")
    page.get_by_label("Epochs", exact=True).fill("3")
    expect(page.locator("[data-panel][data-stale]")).to_have_count(0)
    expect(first).to_be_checked()
    assert_accessible(page)
    shoot(page, "run-new")
    confirm_all(page)
    expect(page.get_by_text("All points are confirmed.")).to_be_visible()
    DatasetVersion.objects.filter(pk=dataset.pk).update(removed_documents=1)
    start.click()
    expect(page.get_by_text("documents of data set 1 had to go").first).to_be_visible()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("3")
    expect(page.get_by_role("button", name="Start the run")).to_be_disabled()
    shoot(page, "run-new-refused")
    assert TrainingRun.objects.count() == 0


def test_enter_looks_again_and_starts_nothing(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/runs/new/")
    confirm_all(page)
    expect(page.get_by_role("button", name="Start the run")).to_be_enabled()
    page.get_by_label("Rank", exact=True).fill("8")
    page.keyboard.press("Enter")
    expect(page.locator("[data-panel][data-stale]")).to_have_count(0)
    expect(page).to_have_url(f"{page.url.partition('/runs/')[0]}/runs/new/")
    assert TrainingRun.objects.count() == 0


@pytest.mark.slow
def test_a_real_run_is_watched_to_its_end(
    cast: Cast, signed_in: SignedIn, worker: Hands, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/runs/new/")
    fill(page, SMALL)
    expect(page.locator("[data-panel][data-stale]")).to_have_count(0)
    confirm_all(page)
    page.get_by_label("Why").fill("A first look")
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("heading", name="Run ")).to_be_visible()
    expect(page.locator(".run__states")).to_contain_text("Waiting")
    page.evaluate("window.neverLoadedAnew = true")
    run = TrainingRun.objects.get()
    worker(run)
    expect(page.locator(".run__states")).to_contain_text("Running", timeout=120_000)
    expect(page.locator("#chart-loss .chart__drawing .chart__line").first).to_be_attached(timeout=300_000)
    shoot(page, "run-running")
    ended = page.locator(".run__states").get_by_text("Finished").or_(page.locator(".run__states").get_by_text("Failed"))
    expect(ended).to_be_visible(timeout=600_000)
    assert page.evaluate("window.neverLoadedAnew"), "it grew by itself"
    run.refresh_from_db()
    assert run.state == RunState.FINISHED, (run.error_code, run.error_message)
    expect(page.locator(".run__figures")).to_contain_text(f"{run.validation_loss:.4f}")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert page.locator(".run__lines li").count() == RunLine.objects.filter(run=run).count()
    assert_accessible(page)
    shoot(page, "run-finished")


@pytest.mark.slow
def test_a_run_is_stopped_and_goes_on(cast: Cast, signed_in: SignedIn, dataset: DatasetVersion, worker: Hands) -> None:
    from modelops.runs.starting import start_run

    run = start_run(by=cast.admin, dataset=dataset, recipe=LONG)
    page = signed_in(cast.admin)
    page.goto(f"/runs/{run.pk}/")
    hands = worker(run)
    expect(page.locator(".run__steps")).to_contain_text("Step", timeout=120_000)
    expect(page.locator("#chart-loss .chart__drawing .chart__sign, #chart-loss .chart__drawing .chart__line").first).to_be_attached(
        timeout=300_000
    )
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator(".run__states")).to_contain_text("Stopped", timeout=300_000)
    hands.join(120)
    expect(page.get_by_text("goes on from its last checkpoint")).to_be_visible()
    shoot(page, "run-stopped")
    run.refresh_from_db()
    before = run.step
    assert 0 < before < run.steps
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".run__states")).to_contain_text("Waiting")
    run.refresh_from_db()
    assert run.attempts == 2
    worker(run)
    expect(page.locator(".run__states")).to_contain_text("Running", timeout=120_000)
    expect(page.locator(".run__figures div", has_text="Attempts")).to_contain_text("2")


def test_it_goes_on_after_the_server_was_away_after_a_reload_and_in_a_tab_that_was_hidden(
    cast: Cast, signed_in: SignedIn, dataset: DatasetVersion
) -> None:
    run = TrainingRun.objects.create(
        dataset=dataset, recipe=RECIPE.to_json(), state=RunState.RUNNING, steps=12, asked_by=cast.admin, attempts=1
    )
    page = signed_in(cast.admin)
    page.goto(f"/runs/{run.pk}/")

    def step(number: int) -> None:
        RunPoint.objects.create(run=run, step=number, loss=3 / number)
        RunLine.objects.create(run=run, text=f"Step {number} was made.")
        TrainingRun.objects.filter(pk=run.pk).update(step=number, loss=3 / number)

    step(1)
    expect(page.locator(".run__steps")).to_contain_text("Step 1 of 12")
    page.locator(".chart__behind summary").click()

    def away(route: Route) -> None:
        route.abort()

    page.route("**/live/**", away)
    step(2)
    expect(page.get_by_text("The server cannot be reached just now.")).to_be_visible()
    shoot(page, "run-away")
    page.unroute("**/live/**", away)
    expect(page.locator(".run__steps")).to_contain_text("Step 2 of 12")
    expect(page.get_by_text("The server cannot be reached just now.")).to_be_hidden()
    expect(page.locator(".chart__behind")).to_have_attribute("open", "")
    page.reload()
    expect(page.locator(".run__lines li")).to_have_count(2)
    hide(page, "true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    step(3)
    page.wait_for_timeout(5000)
    assert asked == [], "a hidden tab asks for nothing"
    hide(page, "false")
    expect(page.locator(".run__steps")).to_contain_text("Step 3 of 12")
    expect(page.locator(".run__lines li")).to_have_count(3)
    TrainingRun.objects.filter(pk=run.pk).update(
        state=RunState.FAILED,
        error_code="out_of_memory",
        error_message="The device has 8 GB; a batch of 64 needs more. Take a smaller one.",
    )
    expect(page.get_by_role("alert")).to_contain_text("Take a smaller one.")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    shoot(page, "run-failed")
    page.get_by_role("link", name="Again, changed").click()
    expect(page.get_by_label("Rank", exact=True)).to_have_value("4")


def test_runs_are_compared_and_a_sweep_is_looked_at(
    cast: Cast, signed_in: SignedIn, dataset: DatasetVersion, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/runs/new/")
    page.get_by_text("Try several values: a sweep").click()
    page.get_by_label("Ranks").fill("4, 8, 16")
    page.get_by_label("both ways").check()
    expect(page.get_by_role("button", name="Start 5 runs")).to_be_visible()
    confirm_all(page)
    shoot(page, "run-new-sweep")
    page.get_by_role("button", name="Start 5 runs").click()
    expect(page.locator(".table tbody tr")).to_have_count(5)
    sweep = TrainingSweep.objects.get()
    for place, run in enumerate(sweep.runs.order_by("pk")):
        for number in range(1, 13):
            loss = (2 + 0.2 * place) / number
            RunPoint.objects.create(run=run, step=number, loss=loss, validation_loss=loss + 0.1 if number % 6 == 0 else None)
        TrainingRun.objects.filter(pk=run.pk).update(
            state=RunState.FINISHED,
            stage="done",
            step=12,
            steps=12,
            loss=loss,
            validation_loss=loss + 0.1,
            seconds=740.0,
            memory=3 * 1024**3,
        )
    page.reload()
    expect(page.get_by_text("Least", exact=True)).to_have_count(1)
    assert_accessible(page)
    shoot(page, "sweep")
    page.get_by_role("link", name="All sweeps").click()
    expect(page.get_by_role("row").filter(has_text="5 of 5")).to_be_visible()
    assert_accessible(page)
    shoot(page, "sweeps")
    page.goto("/runs/")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Compare")).to_be_disabled()
    for number in (1, 2):
        boxes.nth(number).check()
    assert_accessible(page)
    shoot(page, "runs")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Runs compared")).to_be_visible()
    expect(page.locator("#chart-training .chart__drawing .chart__line")).to_have_count(3)
    expect(page.get_by_role("row", name="Alpha")).to_be_visible()
    assert_accessible(page)
    shoot(page, "run-compare")


def test_where_a_run_starts_is_chosen_and_what_does_not_fit_is_said(
    cast: Cast, signed_in: SignedIn, dataset: DatasetVersion, tiny_base: Path, assert_accessible: Callable[[Page], None]
) -> None:
    model_of(tiny_base, dataset, state="champion")
    frozen(number=2, train=8)
    page = signed_in(cast.admin)
    page.goto("/runs/new/")
    begins = page.get_by_label("Starts from")
    expect(begins.locator("option:checked")).to_have_text("The model that serves (model 1)")
    expect(page.get_by_label("Rank", exact=True)).to_have_value("4")
    expect(page.get_by_text("goes on with what it knows")).to_be_visible()
    assert_accessible(page)
    shoot(page, "run-new-starts")
    page.get_by_label("Rank", exact=True).fill("8")
    panel = page.locator("[data-panel]")
    expect(panel).to_contain_text("lora.rank is 8, and model 1 has 4; take 4, or start from the base.")
    expect(page.get_by_role("button", name="Start the run")).to_be_disabled()
    shoot(page, "run-new-starts-unfit")
    begins.focus()
    page.keyboard.press("End")
    expect(begins).to_have_value("base")
    expect(panel).not_to_contain_text("lora.rank is 8")
    page.get_by_label("Rank", exact=True).fill("4")
    begins.select_option(label="The model that serves (model 1)")
    expect(page.locator("[data-panel][data-stale]")).to_have_count(0)
    confirm_all(page)
    page.get_by_role("button", name="Start the run").click()
    expect(page.locator("dt", has_text="Starts from").locator("xpath=following-sibling::dd")).to_have_text("model 1")
    assert_accessible(page)
    shoot(page, "run-starts")
    run = TrainingRun.objects.get()
    assert (run.start_model_id, run.recipe["name"]) == (ModelVersion.objects.get().pk, "further")
