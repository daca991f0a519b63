"""The policy's screen and API: who may, what is refused, and the history of who changed what."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.models import AuditEntry
from labeling.errors import RequestInvalid, RoleNeeded
from labeling.models import LabelingPolicy
from labeling.policies import LABELING_POLICY, current_policy, set_policy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "status"), [("biller1", 403), ("senior", 403), ("admin", 200), ("outsider", 401)])
def test_the_api_is_the_admins(cast: Any, client_of: Any, who: str, status: int) -> None:
    api = client_of(getattr(cast, who))
    before = LabelingPolicy.objects.count()
    assert api.get("/api/v1/labeling-policy/").status_code == status
    assert api.post("/api/v1/labeling-policy/", {"values": {"double_share": 0.2}}, format="json").status_code == status
    assert LabelingPolicy.objects.count() - before == (status == 200)


@pytest.mark.parametrize(("who", "status"), [("biller1", 403), ("senior", 403), ("admin", 200)])
def test_the_screen_is_the_admins(cast: Any, client: Any, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/policy/").status_code == status


def test_the_defaults_count_until_somebody_stores_a_version(db: None) -> None:
    policy = current_policy()
    assert [policy.pk, policy.double_share, policy.audit_share] == [None, 0.10, 0.02]


def test_a_change_is_a_new_version_with_who_when_and_why(cast: Any, client_of: Any) -> None:
    api = client_of(cast.admin)
    body = api.post("/api/v1/labeling-policy/", {"values": {"double_share": 0.2, "seed": 7}, "note": "quarter end"}, format="json").json()
    assert body["current"]["values"]["double_share"] == 0.2
    newest = body["history"][0]
    assert (newest["created_by"], newest["note"], newest["changed"]) == (
        "admin",
        "quarter end",
        {"double_share": [0.0, 0.2], "seed": [2026, 7]},
    )
    with pytest.raises(TypeError):
        LabelingPolicy.objects.get(pk=newest["id"]).save()
    again = api.post("/api/v1/labeling-policy/", {"values": {"double_share": 0.2}}, format="json").json()
    assert again["current"]["id"] == newest["id"], "nothing differs, so nothing is stored"


def test_a_change_is_in_the_trail_with_what_it_was_and_is(cast: Any) -> None:
    was = current_policy().audit_share
    set_policy(user=cast.admin, values={"audit_share": 0.05})
    entry = AuditEntry.objects.get(action="policy.changed")
    assert (entry.before, entry.after) == ({"audit_share": was}, {"audit_share": 0.05})
    with pytest.raises(RoleNeeded):
        set_policy(user=cast.senior, values={})


def test_a_note_is_stored_without_what_no_database_holds(cast: Any) -> None:
    assert set_policy(user=cast.admin, values={"seed": 8}, note=" quarter\0 end\ud800 ").note == "quarter end?"


def test_a_seed_is_shown_with_every_digit(cast: Any, client: Any) -> None:
    client.force_login(cast.admin)
    set_policy(user=cast.admin, values={"seed": 2**53 - 1, "new_vendor_documents": 1_000})
    page = client.get("/policy/").content.decode()
    assert 'value="9007199254740991"' in page
    assert "<strong>1,000</strong>" in page


def test_every_problem_is_named_and_nothing_is_stored(cast: Any) -> None:
    before = LABELING_POLICY.values(current_policy())
    wrong = {"double_share": 1.5, "new_vendor_documents": 2.5, "seed": "x", "colour": 1, "audit_share": True, "hidden_share": float("nan")}
    with pytest.raises(RequestInvalid) as caught:
        set_policy(user=cast.admin, values=wrong, note="n" * 501)
    assert {problem["path"] for problem in caught.value.extra["problems"]} == {*wrong, "note"}
    assert LABELING_POLICY.values(current_policy()) == before


def test_the_form_takes_percent_and_keeps_what_was_typed(cast: Any, client: Any) -> None:
    client.force_login(cast.admin)
    page = client.get("/policy/").content.decode()
    assert 'name="double_share" value="0"' in page
    values = {name: str(value) for name, value in LABELING_POLICY.values(current_policy()).items()}
    answer = client.post("/policy/", {**values, "recommend_pause_below": "90", "double_share": "12,5 %", "note": "more"}, follow=True)
    assert "Labeled twice" in answer.content.decode()
    assert current_policy().double_share == 0.125
    refused = client.post("/policy/", {**values, "double_share": "120", "note": "too many"})
    assert refused.status_code == 400
    assert 'value="120"' in refused.content.decode()
    assert "is not in 0 to 1" in refused.content.decode()


def test_the_screen_costs_the_same_for_many_versions(cast: Any, client: Any, django_assert_num_queries: Any) -> None:
    client.force_login(cast.admin)
    for n in range(3):
        set_policy(user=cast.admin, values={"seed": n})
    client.get("/policy/")
    with django_assert_num_queries(6):
        client.get("/policy/")
    for n in range(60):
        set_policy(user=cast.admin, values={"seed": 100 + n})
    with django_assert_num_queries(6):
        assert client.get("/policy/").content.decode().count("policy__version") > 50


def test_the_queue_says_why_everything_is_labeled_by_people(cast: Any, client: Any, settings: Any) -> None:
    settings.MODEL = "none"
    client.force_login(cast.biller1)
    assert "No model is certified yet, so every document is labeled by a person." in client.get("/queue/").content.decode()
