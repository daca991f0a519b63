"""The frame of the labeling screen: who gets it, what it tells the script, how cheap it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labeling.views.label import MODULES
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, ItemType

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db
CONFIG = re.compile(r'<script id="label-config" type="application/json">(.*?)</script>', re.DOTALL)
SCRIPTS = Path(__file__).parents[3] / "labeling" / "static" / "labeling" / "js"
IMPORTED = re.compile(r'from "\./([a-z_]+\.js)"')


def config_of(client: Client, url: str) -> dict[str, Any]:
    """What the page tells its script."""
    found = CONFIG.search(client.get(url).content.decode())
    assert found is not None
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("url", ["/", "/label/", "/label/1/"])
def test_who_is_not_signed_in_is_asked_to(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_work_begins_with_the_next_document(client: Client, cast: Cast) -> None:
    client.force_login(cast.senior)
    assert client.get("/")["Location"] == "/label/"
    assert config_of(client, "/label/")["task"] is None
    assert config_of(client, "/label/17/")["task"] == 17


def test_the_script_gets_the_fields_as_the_schema_defines_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.biller1)
    schema = config_of(client, "/label/")["schema"]
    assert [spec["name"] for spec in schema["header"]] == [spec.name for spec in HEADER_FIELDS]
    assert [spec["name"] for spec in schema["columns"]] == [spec.name for spec in LINE_ITEM_FIELDS]
    assert {entry["value"] for entry in schema["item_types"]} == set(ItemType)
    assert len({entry["key"] for entry in schema["item_types"]}) == len(ItemType)


def test_preferences_arrive_with_their_defaults(client: Client, cast: Cast) -> None:
    cast.biller1.preferences = {"keymap": {"unsure": "Alt+Y"}}
    cast.biller1.save()
    client.force_login(cast.biller1)
    assert config_of(client, "/label/")["preferences"] == {"keymap": {"unsure": "Alt+Y"}, "theme": "auto", "auto_advance": True}


def test_the_frame_costs_no_query_of_its_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.biller1)
    client.get("/label/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/label/")
    assert len(queries) <= 4, [query["sql"] for query in queries]


def test_every_module_that_is_imported_is_preloaded_and_no_other() -> None:
    imported = {name for file in SCRIPTS.glob("*.js") for name in IMPORTED.findall(file.read_text())}
    assert {f"labeling/js/{name}" for name in imported} == set(MODULES)
