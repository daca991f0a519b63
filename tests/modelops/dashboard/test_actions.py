"""What to do next follows from facts alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from modelops.dashboard.actions import (
    CANARY_DOCUMENTS,
    FIRST_GOLD,
    NEW_GOLD,
    OFF_VALUES,
    Canary,
    Candidate,
    Facts,
    OpenAlert,
    Urgency,
    next_actions,
)

CALM = Facts(held_out=True, dataset=3, judged_documents=400, gold=500)
"""A station of which nothing asks for anybody."""


def titles(**facts: object) -> list[str]:
    return [action.title for action in next_actions(replace(CALM, **facts))]  # type: ignore[arg-type]


def test_a_calm_station_asks_for_nobody() -> None:
    assert next_actions(CALM) == []


def test_an_empty_station_asks_for_documents_first() -> None:
    (first, *rest) = next_actions(Facts(documents=False, model_serves=False))
    assert (first.title, first.urgency, first.page) == ("Send in the first documents", Urgency.NOW, "documents")
    assert rest == []


def test_people_who_wait_are_named_with_their_number_and_age() -> None:
    found = next_actions(replace(CALM, adjudications=12, adjudications_oldest=90_000, reviews=1, escalated=2, suspects=1, overdue=1))
    assert [(action.title, action.urgency) for action in found] == [
        ("Get 1 task done", Urgency.NOW),
        ("Adjudicate 12 documents", Urgency.TODAY),
        ("Review 1 document", Urgency.TODAY),
        ("Take 2 tasks that need a senior", Urgency.TODAY),
        ("Check 1 gold record", Urgency.SOON),
    ]
    assert found[1].why == "Two labels differ, and only a senior can say what is right. The oldest has waited 25 hours."
    assert found[3].query == "tab=escalated"


def test_alerts_and_problems_come_before_everything() -> None:
    alerts = (
        OpenAlert("A worker is silent", "w1 since 10:00.", True),
        OpenAlert("New layout", "Of Acme.", False),
        OpenAlert("B", "b", False),
    )
    found = next_actions(replace(CALM, problems=("No worker.", "No disk."), alerts=alerts, reviews=1))
    assert [action.title for action in found] == [
        "Mend the station",
        "Look into an alert: A worker is silent",
        "Look into 2 alerts",
        "Review 1 document",
    ]
    assert found[0].why == "No worker. And 1 more."
    assert found[2].why == "New layout; B."


def test_a_candidate_is_promoted_when_it_may_and_evaluated_when_nobody_asked() -> None:
    assert titles(candidates=(Candidate(4, True), Candidate(3, False), Candidate(2, None))) == [
        "Promote model 4, or dismiss it",
        "Have model 2 evaluated",
    ]
    assert titles(candidates=(Candidate(3, False, overridden=True),)) == ["Promote model 3, or dismiss it"]
    assert titles(candidates=(Candidate(4, True),), canary=Canary(4, 10, 3)) == [], "it is on its way already"
    assert titles(canary=Canary(4, 10, CANARY_DOCUMENTS)) == ["Decide about the canary, model 4"]


def test_a_worker_that_does_not_read_with_the_model_comes_at_once() -> None:
    (found,) = next_actions(replace(CALM, refusal="Its files are damaged."))
    assert (found.urgency, found.page, found.why) == (Urgency.NOW, "serving", "Its files are damaged. What served before goes on.")


def test_a_proposed_run_waits_while_another_one_is_under_way() -> None:
    assert titles(proposals=("Acme has 214.",)) == ["Confirm a proposed training run"]
    assert titles(proposals=("a", "b")) == ["Decide about 2 proposed runs"]
    assert titles(proposals=("a",), running=True) == []
    assert titles(broken_run=7) == ["Let training run 7 go on, or give it up"]


def test_data_sets_follow_gold() -> None:
    assert titles(dataset=None, gold=FIRST_GOLD - 1) == []
    assert titles(dataset=None, gold=FIRST_GOLD) == ["Freeze the first data set"]
    assert titles(new_gold=NEW_GOLD) == ["Freeze another data set"]
    assert titles(new_gold=NEW_GOLD - 1, dataset_used=False) == ["Train on data set 3"]
    assert titles(held_out=False) == ["Hold out a vendor"]
    assert titles(held_out=False, gold=0, dataset=None) == []


def test_accuracy_that_is_not_known_says_what_makes_it_known() -> None:
    assert titles(judged_documents=7) == ["Settle 13 documents more"]
    assert titles(passed_unchecked=True, judged_documents=7) == ["Have accepted documents audited"]


def test_promises_that_are_not_kept_call_for_calibration_from_enough_values_on() -> None:
    assert titles(off_by=0.06, off_values=OFF_VALUES) == ["Calibrate the model that serves"]
    assert titles(off_by=0.06, off_values=OFF_VALUES - 1) == []
    assert titles(off_by=0.01, off_values=10**6) == []
    assert titles(certified=False) == ["See what it would take to let documents through"]
    assert titles(certified=False, model_serves=False) == []


@given(
    st.builds(
        Facts,
        documents=st.booleans(),
        problems=st.lists(st.text(min_size=1), max_size=3).map(tuple),
        alerts=st.lists(st.builds(OpenAlert, st.text(min_size=1), st.text(min_size=1), st.booleans()), max_size=4).map(tuple),
        failed=st.integers(0, 3),
        adjudications=st.integers(0, 10**6),
        adjudications_oldest=st.integers(0, 10**9),
        reviews=st.integers(0, 3),
        candidates=st.lists(st.builds(Candidate, st.integers(1, 9), st.none() | st.booleans(), st.booleans()), max_size=3).map(tuple),
        gold=st.integers(0, 10**6),
        judged_documents=st.integers(0, 100),
        off_by=st.none() | st.floats(0, 1),
        off_values=st.integers(0, 10**6),
    )
)
def test_whatever_the_facts_the_most_urgent_comes_first_and_everything_has_a_reason(facts: Facts) -> None:
    found = next_actions(facts)
    assert [action.urgency for action in found] == sorted(action.urgency for action in found)
    assert all(action.title and action.why and action.page for action in found)
