"""Every frozen pair is in the stored sums once, and the sums are those of mlcore on the pairs themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from invoices.models import Vendor
from labeling.agreement import counting
from labeling.agreement.counting import count_pairs, waiting
from labeling.agreement.recounting import recount
from labeling.agreement.slices import Kind, people_of
from labeling.agreement.stored import tally_of
from labeling.errors import TallyUnreadable
from labeling.models import Agreement, AgreementDiffering, AgreementTally, LabelingTask, TaskKind, TaskState
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import Wanted, direct, freeze, key_of, some

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendors(db: None) -> list[Vendor]:
    return [Vendor.objects.create(name=name, status="confirmed") for name in ("Apex Infusion", "Zenith")]


def all_counted() -> int:
    batches = 0
    while count_pairs():
        batches += 1
    return batches


def slice_named(kind: str, key: str = "") -> AgreementTally:
    return AgreementTally.objects.get(kind=kind, key=key)


def test_the_sums_are_those_of_the_pairs_themselves(cast: Cast, vendors: list[Vendor]) -> None:
    people = [cast.biller1, cast.biller2, cast.senior]
    rows = freeze(some(people, 130, vendors=vendors))
    assert all_counted() == 3
    assert waiting() == 0
    assert tally_of(slice_named("all")) == Tally.of(direct(rows))
    assert slice_named("all").documents == 130
    groups: dict[str, Any] = {
        "month": lambda row: f"{row.compared_at:%Y-%m}",
        "vendor": lambda row: str(row.vendor_id),
        "pair": lambda row: key_of(row.first_author, row.second_author),
    }
    for kind, of in groups.items():
        for key in {of(row) for row in rows}:
            expected = Tally.of(direct(row for row in rows if of(row) == key))
            found = slice_named(kind, key)
            assert tally_of(found) == expected
            statistics = agreement_of(expected).to_json()
            assert {name: statistics[name] for name in found.figures} == found.figures
    assert sum(AgreementTally.objects.filter(kind="prefill").values_list("documents", flat=True)) == 130
    assert sum(AgreementTally.objects.filter(kind="week").values_list("documents", flat=True)) == 130


def test_of_two_people_the_same_one_is_first_whoever_labeled_first(cast: Cast) -> None:
    rows = freeze([Wanted(cast.biller1, cast.biller2, (("total", None),)), Wanted(cast.biller2, cast.biller1, (("total", None),))])
    all_counted()
    sums = tally_of(slice_named("pair", key_of(cast.biller1, cast.biller2))).sums
    assert (sums.count("total:first_only"), sums.count("total:second_only")) == (1, 1)
    assert [PairOutcome.from_json(row.outcome).header[-1].outcome for row in rows] == ["first_only", "first_only"]


def test_nothing_is_counted_twice(cast: Cast) -> None:
    freeze(some([cast.biller1, cast.biller2], 5))
    assert [count_pairs(2), count_pairs(2), count_pairs(2), count_pairs(2)] == [2, 2, 1, 0]
    before = slice_named("all").tally
    assert count_pairs() == 0
    assert slice_named("all").tally == before
    assert sorted(row.counted_in or 0 for row in Agreement.objects.all()) == [1, 1, 2, 2, 3]


def test_what_breaks_in_the_middle_leaves_everything_as_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(some([cast.biller1, cast.biller2], 6))
    count_pairs(3)
    before = list(AgreementTally.objects.order_by("name").values_list("name", "tally", "documents"))
    writes = counting.store

    def written_then_lost(*args: Any) -> None:
        writes(*args)
        raise ConnectionError

    monkeypatch.setattr(counting, "store", written_then_lost)
    with pytest.raises(ConnectionError):
        count_pairs()
    monkeypatch.undo()
    assert list(AgreementTally.objects.order_by("name").values_list("name", "tally", "documents")) == before
    assert waiting() == 3
    assert AgreementDiffering.objects.filter(agreement__counted_in=None).count() == 0
    assert count_pairs() == 3
    assert recount(repair=False).equal


def test_a_pair_with_a_lower_id_that_comes_later_is_counted(cast: Cast) -> None:
    """Ids are given before transactions end: the one that is committed last may have the lowest."""
    first, *rest = freeze(some([cast.biller1, cast.biller2], 4))
    late = Agreement(**{f.attname: getattr(first, f.attname) for f in Agreement._meta.concrete_fields})
    Agreement.objects.filter(pk=first.pk).delete()
    assert count_pairs() == 3
    Agreement.objects.bulk_create([late])
    assert count_pairs() == 1
    assert tally_of(slice_named("all")) == Tally.of(direct([late, *rest]))


def test_a_pair_waits_while_its_document_is_blind(cast: Cast) -> None:
    blind, other = freeze(some([cast.biller1, cast.biller2], 2))
    third = LabelingTask.objects.create(document=blind.document, kind=TaskKind.SECOND_LABEL, ordinal=2, side=-1)
    assert waiting() == 1
    assert all_counted() == 1
    assert list(Agreement.objects.filter(counted_in__gt=0)) == [other]
    assert waiting() == 0
    third.state = TaskState.DONE
    third.save()
    assert waiting() == 1
    assert all_counted() == 1
    assert slice_named("all").documents == 2


def test_a_comparison_that_cannot_be_read_holds_up_nothing(cast: Cast) -> None:
    broken, *_ = freeze(some([cast.biller1, cast.biller2], 3))
    Agreement.objects.filter(pk=broken.pk).update(outcome={"format": 1, "header": {"no_such_field": "same"}})
    all_counted()
    assert slice_named("all").documents == 2
    assert waiting() == 0
    found = recount(repair=False)
    assert (found.equal, found.unreadable) == (True, 1)
    Agreement.objects.filter(pk=broken.pk).update(outcome=broken.outcome)
    assert recount().added == 1
    assert slice_named("all").documents == 3


def test_the_fields_that_differ_are_noted(cast: Cast) -> None:
    freeze([Wanted(cast.biller1, cast.biller2, (("total", "1.00"), ("tax", None)), missing_row=1), Wanted(cast.biller1, cast.biller2)])
    all_counted()
    differing, same = Agreement.objects.order_by("pk")
    assert sorted(differing.differing.values_list("name", flat=True)) == ["line_items", "tax", "total"]
    assert (differing.differences, same.differences) == (3, 0)


def test_damaged_sums_are_said_to_be_damaged_and_mended(cast: Cast, capsys: Any) -> None:
    rows = freeze(some([cast.biller1, cast.biller2], 30))
    all_counted()
    for damage in ("{", "[]", '{"format": 2}', json.dumps({**json.loads(slice_named("all").tally), "resampled": "AAAA"})):
        AgreementTally.objects.filter(kind="all").update(tally=damage)
        with pytest.raises(TallyUnreadable, match="recount_agreement"):
            tally_of(slice_named("all"))
    freeze(some([cast.biller1, cast.biller2], 1))
    with pytest.raises(TallyUnreadable):
        count_pairs()
    assert waiting() == 1
    month = AgreementTally.objects.filter(kind="month").first()
    assert month is not None
    wrong = Tally.of(direct(rows[:1]))
    AgreementTally.objects.filter(pk=month.pk).update(tally=json.dumps(wrong.to_json()))
    AgreementTally.objects.filter(kind="prefill")[0].delete()
    AgreementTally.objects.create(name="pair:98-99", kind="pair", key="98-99", tally="{}")
    with pytest.raises(CommandError, match="4 slices are not right"):
        call_command("recount_agreement", "--check")
    told = capsys.readouterr().out
    assert "all: could not be read" in told
    assert f"month:{month.key}: had 1 pairs and other sums" in told
    assert "pair:98-99: had sums, and no pair belongs to it" in told
    call_command("recount_agreement")
    assert "1 pairs that waited were added" in capsys.readouterr().out
    call_command("recount_agreement", "--check")
    assert "31 pairs" in capsys.readouterr().out
    assert tally_of(slice_named("all")) == Tally.of(direct(Agreement.objects.all()))


def test_pairs_that_were_there_before_are_counted_like_new_ones(cast: Cast) -> None:
    """The migration leaves ``counted_in`` empty."""
    freeze(some([cast.biller1, cast.biller2], 3))
    assert set(Agreement.objects.values_list("counted_in", flat=True)) == {None}
    assert waiting() == 3


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(cast: Cast, vendors: list[Vendor]) -> None:
    from tests.labeling.api.test_budgets import counting as statements

    freeze(some([cast.biller1, cast.biller2, cast.senior], 44, vendors=vendors))
    count_pairs(2)
    costs = []
    for size in (2, 40):
        with statements() as run:
            assert count_pairs(size) == size
        costs.append(len(run.sql))
    assert max(costs) <= 8, run.sql
    assert connection.vendor != "sqlite" or costs[0] == costs[1]


@pytest.mark.parametrize("text", ["", "3", "3-3", "5-3", "a-b", "-3-4", "3-4-5", "²-4", "9999999999999999-1"])
def test_what_is_no_pair_of_people(text: str) -> None:
    assert people_of(text) is None


def test_kinds_are_those_of_the_model() -> None:
    assert [kind.value for kind in Kind] == AgreementTally.Kind.values
