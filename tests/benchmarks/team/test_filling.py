"""The simulated people themselves: pure, repeatable, and wrong as often as they say."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.team.filling import Act, Label, Shown, fill_in
from benchmarks.team.habits import BILLERS, Habits
from benchmarks.team.sending import requests_of
from benchmarks.team.writing import other_form, plain, slip
from mlcore.compare import same
from mlcore.dataset.synthetic import generate
from mlcore.record_json import read_value, record_from_json
from mlcore.schema import InvoiceRecord, VendorParty, iter_values, spec_for

TRUTHS = [document.record for document in generate(40, 7)]
NOBODY = Habits("nobody", "nobody", "", accepts=0.0, misses=0.0, misses_row=0.0, spoils=0.0, deviates=0.0, accepts_row=0.0)


def wrong_in(truth: InvoiceRecord) -> InvoiceRecord:
    """A pre-fill with another total, another vendor and without the last row."""
    other = slip(spec_for("total"), truth.total, random.Random(1))
    assert isinstance(other, Decimal)
    items = truth.line_items[:-1]
    return replace(truth, total=other, vendor=VendorParty("Somebody Else", truth.vendor.address), line_items=items)


def label_of(truth: InvoiceRecord, who: Habits, seed: int, *, hidden: bool = False) -> Label:
    return fill_in(truth, None if hidden else Shown.of(truth, wrong_in(truth)), who, random.Random(seed))


def test_another_form_is_the_same_value_and_a_slip_is_another_one() -> None:
    dice, deviated, slipped = random.Random(3), 0, 0
    for truth in TRUTHS:
        for path, value in iter_values(truth):
            if value is None:
                continue
            spec = spec_for(path)
            read = read_value(spec.kind, other_form(spec, value, dice))
            assert same(spec.kind, read, value)  # type: ignore[arg-type]  # a value: what cannot be read is never written
            deviated += other_form(spec, value, dice) != plain(value)
            wrong = slip(spec, value, dice)
            slipped += not same(spec.kind, wrong, value)
            assert same(spec.kind, read_value(spec.kind, plain(wrong)), wrong)  # type: ignore[arg-type]  # as above
    assert deviated > 500
    assert slipped > 1_000


def test_the_same_dice_make_the_same_label_and_other_dice_another() -> None:
    hugo = BILLERS[1]
    assert label_of(TRUTHS[0], hugo, 5, hidden=True) == label_of(TRUTHS[0], hugo, 5, hidden=True)
    assert len({str(label_of(TRUTHS[0], hugo, seed, hidden=True)) for seed in range(8)}) > 1


@pytest.mark.parametrize("hidden", [True, False])
def test_who_makes_no_mistake_submits_the_truth(hidden: bool) -> None:
    never = replace(NOBODY, slips=dict.fromkeys(NOBODY.slips, 0.0), deviates=1.0)
    for truth in TRUTHS:
        label = label_of(truth, never, 1, hidden=hidden)
        right = [answer for _, answer in label.answers() if answer.act is not Act.SLIPPED]
        assert all(answer.right for answer in right)
        assert not label.overlooked_rows
        assert len(label.rows) == len(truth.line_items)


@pytest.mark.thorough
@pytest.mark.parametrize("who", BILLERS, ids=lambda who: who.title)
def test_mistakes_are_as_frequent_as_the_habits_say(who: Habits) -> None:
    stood = overlooked = offered = missed_rows = 0
    for day in range(40):
        for number, truth in enumerate(TRUTHS):
            seed = 1000 * day + number
            label = label_of(truth, who, seed)
            stood += label.header["vendor.name"].act is Act.ACCEPTED
            offered += 1
            missed_rows += bool(label.overlooked_rows)
            hidden = label_of(truth, who, seed, hidden=True)
            overlooked += hidden.header["invoice_number"].act is Act.MISSED
    assert stood / offered == pytest.approx(who.accepts, abs=0.04)
    assert missed_rows / offered == pytest.approx(who.misses_row, abs=0.03)
    assert overlooked / offered == pytest.approx(who.misses, abs=0.03)


def test_what_is_sent_is_the_label_that_was_meant() -> None:
    tamara = BILLERS[2]
    for number, truth in enumerate(TRUTHS):
        label = label_of(truth, tamara, number)
        sent = requests_of(label, len(wrong_in(truth).line_items), tamara, random.Random(number))
        stored = record_from_json(sent.submission["record"])
        for (path, meant), (_, read) in zip(iter_values(label.record), iter_values(stored), strict=True):
            assert same(spec_for(path).kind, meant, read)
        assert len(sent.edits) == sum(answer.touched for _, answer in label.answers())
        assert sent.marks
