"""The page of the systems that may call the back office."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from db.back_office.api_clients import find_by_key, list_clients
from db.schema import OperatorRole
from db.store.engine import Database
from sms_gateway.pages.staff.api_clients import OVERLAP
from sms_gateway.settings.back_office_model import BackOfficeSettings
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import is_on
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, did, get, post
from tests.sms_gateway.pages.service.test_service import Make

PAGE = "/admin/systems"


@pytest.fixture(autouse=True)
def _administrator(make: Make) -> None:
    make(OperatorRole.ADMINISTRATOR)


def secrets_on(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'class="told"><code>([^<]+)</code>', page)]


def owner(database: Database, key: str) -> str | None:
    with database.read() as connection:
        found = find_by_key(connection, key, NOON)
    return None if found is None else found.name


def test_a_system_gets_a_key_that_is_shown_once(logged_in: FlaskClient, database: Database) -> None:
    (key,) = secrets_on(act(logged_in, f"{PAGE}/add", name="lgsp", scope="dossiers").text)
    assert owner(database, key) == "lgsp"
    shown = get(logged_in, PAGE).text
    assert key not in shown
    assert "push dossiers" in shown
    signing = secrets_on(act(logged_in, f"{PAGE}/add", name="other", scope="dossiers", signs="yes").text)
    assert [value.partition("_")[0] for value in signing] == ["sgk", "whsec"]


def test_another_key_holds_beside_the_first_until_the_system_is_disabled(
    logged_in: FlaskClient, database: Database
) -> None:
    (first,) = secrets_on(act(logged_in, f"{PAGE}/add", name="lgsp", scope="dossiers").text)
    (second,) = secrets_on(act(logged_in, f"{PAGE}/lgsp", action="rotate").text)
    assert (owner(database, first), owner(database, second)) == ("lgsp", "lgsp")
    with database.read() as connection:
        assert [one.previous_until for one in list_clients(connection)] == [NOON + OVERLAP]
    assert "lgsp is disabled." in act(logged_in, f"{PAGE}/lgsp", action="disable").text
    assert (owner(database, first), owner(database, second)) == (None, None)
    assert did(database) == [(f"api_client_{done}", "api_client:lgsp") for done in ("added", "rotated", "disabled")]
    assert post(logged_in, f"{PAGE}/lgsp", action="rotate").status_code == 404


def test_what_cannot_be_is_refused_with_its_fault(logged_in: FlaskClient) -> None:
    act(logged_in, f"{PAGE}/add", name="lgsp", scope="dossiers")
    cases = [
        ("add", {"name": "One Stop", "scope": "dossiers"}, 400, "small letters"),
        ("add", {"name": "other"}, 400, "Choose what"),
        ("add", {"name": "other", "scope": "everything"}, 400, "Choose what"),
        ("add", {"name": "lgsp", "scope": "dossiers"}, 409, "of this name"),
        ("lgsp", {"action": "crown"}, 400, ""),
        ("nobody", {"action": "rotate"}, 404, ""),
    ]
    for path, fields, status, words in cases:
        response = post(logged_in, f"{PAGE}/{path}", **fields)
        assert (response.status_code, words in response.text) == (status, True), (path, fields)


def test_the_document_is_shown_to_administrators_only(logged_in: FlaskClient, make: Make) -> None:
    response = get(logged_in, "/admin/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.json is not None
    assert "/back-office/dossiers" in response.json["paths"]
    make(OperatorRole.OPERATOR)
    assert [get(logged_in, path).status_code for path in (PAGE, "/admin/openapi.json")] == [403, 403]


def test_the_pages_are_off_until_the_back_office_is_on(parts: WebDependencies) -> None:
    rules = {}
    for enabled in (False, True):
        settings = Settings(back_office=BackOfficeSettings(enabled=enabled))
        app = create_app(replace(parts, settings=settings, is_on=is_on(settings, parts.vocabulary)))
        rules[enabled] = {rule.rule for rule in app.url_map.iter_rules()}
    assert rules[True] - rules[False] == {
        "/admin/openapi.json",
        "/admin/systems",
        "/admin/systems/<name>",
        "/admin/systems/add",
        "/back-office/dossiers",
    }
