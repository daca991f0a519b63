"""Settings of the person, and sessions without a CSRF token."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def patch(api: Any, **preferences: Any) -> Any:
    return api.patch("/api/v1/me/", {"preferences": preferences}, format="json")


def test_settings_are_merged(cast: Any, client_of: Any) -> None:
    api = client_of(cast.biller1)
    defaults = api.get("/api/v1/me/").json()
    assert defaults == {"username": "biller1", "role": "biller", "preferences": {"keymap": {}, "theme": "auto", "auto_advance": True}}
    assert patch(api, keymap={"row.insert": "Alt+Insert"}, theme="dark").status_code == 200
    assert patch(api, auto_advance=False).json()["preferences"] == {
        "keymap": {"row.insert": "Alt+Insert"},
        "theme": "dark",
        "auto_advance": False,
    }
    assert patch(api, keymap={"row.insert": None}).json()["preferences"]["keymap"] == {}


@pytest.mark.parametrize(
    "preferences",
    [
        {"theme": "neon"},
        {"auto_advance": "yes"},
        {"keymap": {"row.insert": "Ctrl+W"}},
        {"keymap": {"a": "Alt+A", "b": "alt+a"}},
        {"keymap": {"a": ["Alt+A"]}},
        {"keymap": "none"},
        {"Nested": {"a": 1}},
        {"zoom": {"a": 1}},
        {"zoom": "x" * 201},
    ],
)
def test_bad_settings_are_refused_and_nothing_changes(cast: Any, client_of: Any, preferences: dict[str, Any]) -> None:
    api = client_of(cast.biller1)
    answer = api.patch("/api/v1/me/", {"preferences": preferences}, format="json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "preferences_invalid"
    assert answer.json()["problems"]
    cast.biller1.refresh_from_db()
    assert cast.biller1.preferences == {}


def test_every_problem_is_reported_at_once(cast: Any, client_of: Any) -> None:
    answer = patch(client_of(cast.biller1), theme="neon", auto_advance=3, keymap={"x": "Ctrl+T"})
    assert {problem["path"] for problem in answer.json()["problems"]} == {"theme", "auto_advance", "keymap.x"}


def test_a_session_without_the_csrf_token_changes_nothing(cast: Any, make_task: Any) -> None:
    task = make_task()
    api = APIClient(enforce_csrf_checks=True)
    api.force_login(cast.biller1)
    requests = [
        ("post", "/api/v1/tasks/claim/"),
        ("patch", f"/api/v1/tasks/{task.pk}/draft/"),
        ("post", f"/api/v1/tasks/{task.pk}/submit/"),
        ("post", f"/api/v1/tasks/{task.pk}/release/"),
        ("post", f"/api/v1/tasks/{task.pk}/skip/"),
        ("post", f"/api/v1/tasks/{task.pk}/postpone/"),
        ("patch", "/api/v1/me/"),
    ]
    for method, address in requests:
        assert getattr(api, method)(address, {}, format="json").status_code == 403, address
    task.refresh_from_db()
    assert task.assignee_id is None
