"""Line items: moving, inserting, deleting, ditto, filling, pasting; many rows; and why they do not add up."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from invoices.models import Prediction
from labeling.models import Annotation, LabelingTask, TaskDraft

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make

ROWS = ".grid__body .grid__row"


def transposed(amount: str) -> str:
    """The amount with the first two neighbouring different digits swapped."""
    for index, (left, right) in enumerate(itertools.pairwise(amount)):
        if left != right and left.isdigit() and right.isdigit() and not (index == 0 and right == "0"):
            return amount[:index] + right + left + amount[index + 2 :]
    raise AssertionError(amount)


def shown(amount: str) -> str:
    """Money as the grid writes it."""
    return f"{float(amount):,.2f}"


def test_arrows_move_and_tab_leaves_the_grid(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    screen.cell("p1.quantity").focus()
    screen.press("ArrowDown")
    assert screen.focused == "p2.quantity"
    screen.press("ArrowRight")
    assert screen.focused == "p2.unit_price"
    screen.press("Alt+ArrowLeft", "Alt+ArrowUp")
    assert screen.focused == "p1.quantity"
    screen.press("F2", "ArrowLeft")
    assert screen.focused == "p1.quantity"
    screen.press("Control+Home")
    assert screen.focused == "p0.quantity"
    screen.press("Tab")
    assert screen.focused == "subtotal"
    screen.press("Shift+Tab")
    assert screen.focused == "p0.quantity"
    screen.press("Shift+Tab")
    assert screen.focused == "date"


def test_numbers_are_shown_whole_beside_their_marks(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    numbers = {"quantity": "1234", "unit_price": "13165.99", "total": "152663.96"}
    paths = {f"line_items[0].{name}": value for name, value in numbers.items()}
    make_task(faults=paths, doubts=dict.fromkeys(paths, 0.5))
    screen = at_desk(cast.biller1, viewport={"width": 1366, "height": 768})
    screen.cell("date").focus()
    for name, text in (("quantity", "1,234"), ("unit_price", "13,165.99"), ("total", "152,663.96")):
        cell = screen.cell(f"p0.{name}")
        expect(cell).to_have_value(text)
        expect(cell).to_have_attribute("data-state", "confirm")
        assert cell.evaluate("input => input.scrollWidth <= input.clientWidth"), text


@pytest.mark.main_job
def test_insert_ditto_fill_delete_and_undo(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    screen = at_desk(cast.biller1)
    count = len(prepared.record["line_items"])
    screen.cell("p1.description").focus()
    screen.press("Insert")
    rows = screen.page.locator(ROWS)
    expect(rows).to_have_count(count + 1)
    added = screen.focused
    assert added.startswith("n")
    assert added.endswith(".description")
    screen.press("F4")
    expect(screen.cell(added)).to_have_value(prepared.record["line_items"][1]["description"])
    screen.press("Alt+Delete")
    expect(rows).to_have_count(count)
    expect(screen.part("note")).to_contain_text("Row deleted. Ctrl+Z brings it back.")
    screen.press("Control+z")
    expect(rows).to_have_count(count + 1)
    screen.press("Control+y")
    expect(rows).to_have_count(count)
    screen.cell("p0.type").focus()
    screen.press("d", "F8")
    for row in range(count):
        expect(screen.cell(f"p{row}.type")).to_have_value("DME")
    screen.press("Control+z")
    expect(screen.cell("p1.type")).not_to_have_value("DME")
    screen.saved()
    assert TaskDraft.objects.get().rows == [f"p{row}" for row in range(count)]


def test_rows_are_pasted_from_a_table(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    screen = at_desk(cast.biller1)
    count = len(prepared.record["line_items"])
    screen.cell(f"p{count - 1}.description").focus()
    table = "Gauze\t0071-0805-40\tA4216\tDME rental\t2\t3.50\t7.00\nTape\t\t\tstandard_medication\t1\t1,204.25\t1204.25"
    screen.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        table,
    )
    rows = screen.page.locator(ROWS)
    expect(rows).to_have_count(count + 1)
    last = rows.nth(count)
    expect(last.locator("input[data-key$='.description']")).to_have_value("Tape")
    expect(last.locator("input[data-key$='.unit_price']")).to_have_value("1,204.25")
    expect(screen.cell(f"p{count - 1}.type")).to_have_value("DME")
    expect(screen.part("note")).to_contain_text("Pasted 2 rows")


def test_the_residual_is_explained_and_one_key_goes_there_another_applies_it(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(number=1)
    truth = prepared.record["line_items"][0]["total"]
    screen = at_desk(cast.biller1)
    expect(screen.part("balance")).to_have_attribute("data-state", "confirmed")
    screen.cell("p0.total").fill(transposed(truth))
    expect(screen.part("balance")).to_have_attribute("data-state", "confirm")
    expect(screen.part("balance")).to_contain_text("two neighbouring digits are swapped")
    screen.cell("vendor.name").focus()
    screen.press("Alt+j")
    assert screen.focused == "p0.total"
    screen.press("Alt+k")
    expect(screen.part("balance")).to_have_attribute("data-state", "confirmed")
    expect(screen.cell("p0.total")).to_have_value(truth)
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().record == prepared.record
    assert "suggestion" in Annotation.objects.get().edits.values_list("cause", flat=True)


def test_a_missing_row_is_named_and_added(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(missing_rows=1)
    screen = at_desk(cast.biller1)
    truth = prepared.record["line_items"][-1]["total"]
    expect(screen.part("balance")).to_contain_text("Lines fall short of the")
    expect(screen.part("balance")).to_contain_text(f"A row of {shown(truth)} is missing")
    screen.press("Alt+k")
    expect(screen.page.locator(ROWS)).to_have_count(len(prepared.record["line_items"]))
    expect(screen.page.locator(ROWS).last.locator("input[data-key$='.total']")).to_have_value(shown(truth))
    expect(screen.part("balance")).to_have_attribute("data-state", "confirmed")


def test_two_hundred_rows_stay_in_the_grid_and_only_changed_ones_are_redrawn(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    prediction: Any = prepared.task.prediction
    record = copy.deepcopy(prediction.record)
    record["line_items"] = [record["line_items"][0]] * 200
    many = Prediction.objects.create(
        document=prediction.document, model_id="template:many", record=record, fields=[], checks=[], route="review"
    )
    LabelingTask.objects.filter(pk=prepared.task.pk).update(prediction=many)
    screen = at_desk(cast.biller1)
    expect(screen.page.locator(ROWS)).to_have_count(200)
    screen.cell("p199.total").focus()
    screen.page.evaluate(
        """() => {
          window.changed = new Set();
          new MutationObserver((all) => all.forEach((entry) => {
            const row = entry.target.closest?.('.grid__body .grid__row');
            if (row) window.changed.add(row.dataset.row);
          })).observe(document.querySelector('.grid__body'), {subtree: true, attributes: true, childList: true});
        }"""
    )
    screen.page.keyboard.type("5")
    expect(screen.part("balance")).to_have_attribute("data-state", "confirm")
    assert screen.page.evaluate("window.changed.size") <= 3


def test_without_a_prefill_rows_are_added_from_nothing(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(prefill=False)
    screen = at_desk(cast.biller1)
    expect(screen.part("left")).to_have_text("7 left")
    screen.page.get_by_role("button", name="Add the first row").click()
    screen.page.keyboard.type("Saline")
    screen.press("Enter")
    key = screen.focused
    assert key.endswith(".quantity")
    screen.page.keyboard.type("2")
    screen.press("Enter")
    screen.page.keyboard.type("3.5")
    screen.press("Enter")
    screen.page.keyboard.type("7")
    screen.press("Enter")
    expect(screen.page.locator(ROWS).locator("input[data-key$='.unit_price']")).to_have_value("3.50")
    assert screen.focused == "subtotal"
    screen.press("Control+Enter", "Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    item = Annotation.objects.get(task=prepared.task).record["line_items"]
    assert [(i["description"], i["quantity"], i["unit_price"], i["total"]) for i in item] == [("Saline", "2", "3.50", "7.00")]
