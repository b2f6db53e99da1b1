"""Numbers that travel sealed in addresses and forms: for one operator, for an hour."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.schema import OperatorRole
from db.staff.operators import add_operator, change_password
from db.store.engine import Database
from tests.sms_gateway.conftest import HASHED, NOON, Clock, form_token, log_in
from tests.sms_gateway.pages.acting import act, get, noted, post
from tests.sms_gateway.pages.routes import path_of

NUMBER = "0905 123 456"
TOLD = "This address held a number, encrypted for one operator and one hour."


@pytest.fixture(params=["accounts", "messages", "blocks"])
def address(request: pytest.FixtureRequest, logged_in: FlaskClient) -> str:
    """An address that holds a number: of a search, or of a link in the list of blocked ones."""
    if request.param == "accounts":
        return post(logged_in, "/admin/accounts/search", who=NUMBER).location
    if request.param == "messages":
        return post(logged_in, "/admin/messages/filter", number=NUMBER).location
    post(logged_in, "/admin/blocks/add", number=NUMBER, days=7, reason="calls our staff")
    (found,) = addresses(logged_in, "/admin/blocks")
    return found


@pytest.fixture
def huy(logged_in: FlaskClient, database: Database, new_id: Callable[[], int]) -> FlaskClient:
    """Another operator, logged in elsewhere."""
    with database.write() as connection:
        made = new_id()
        role = OperatorRole.OPERATOR
        add_operator(connection, operator_id=made, name="huy", password_hash=HASHED, role=role, now=NOON)
        change_password(connection, made, HASHED)
    client = logged_in.application.test_client()
    assert log_in(client, name="huy").status_code == 303
    return client


def addresses(client: FlaskClient, path: str) -> set[str]:
    """Return the addresses on a page that hold a number."""
    return {html.unescape(one) for one in re.findall(r'(?:href|action)="([^"]*[?;]who=[^"]+)"', get(client, path).text)}


def is_refused(page: TestResponse) -> bool:
    return page.status_code == 410 and TOLD in page.text


def test_it_opens_for_an_hour(logged_in: FlaskClient, address: str, clock: Clock) -> None:
    clock.advance(timedelta(minutes=29))
    get(logged_in, "/admin")
    clock.advance(timedelta(minutes=29))
    assert get(logged_in, address).status_code == 200
    clock.advance(timedelta(minutes=3))
    assert is_refused(get(logged_in, address))


def test_it_opens_for_nobody_else(huy: FlaskClient, address: str, database: Database) -> None:
    before = noted(database)
    assert is_refused(get(huy, address))
    assert noted(database) == before


def test_what_opens_for_nobody_changes_nothing(huy: FlaskClient, logged_in: FlaskClient) -> None:
    post(logged_in, "/admin/blocks/add", number=NUMBER, days=7, reason="calls our staff")
    (address,) = addresses(logged_in, "/admin/blocks")
    assert is_refused(post(huy, address))
    assert addresses(logged_in, "/admin/blocks")
    assert post(logged_in, address).status_code == 303
    assert not addresses(logged_in, "/admin/blocks")


def test_no_address_of_any_page_opens_for_another_operator(
    huy: FlaskClient, logged_in: FlaskClient, make: Callable[[OperatorRole], None], address: str
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    app, seen = logged_in.application, {address}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ()):
            seen.update(addresses(logged_in, path_of(app, rule)))
    for one in seen:
        assert is_refused(get(huy, one)), one.partition("?")[0]


@pytest.mark.parametrize("path", ["/admin/accounts", "/admin/messages", "/admin/blocks/remove"])
@pytest.mark.parametrize("made_up", ["forged", "A", "%C3%A9"])
def test_a_made_up_one_is_refused(logged_in: FlaskClient, path: str, made_up: str) -> None:
    assert is_refused(get(logged_in, f"{path}?who={made_up}"))


def test_a_filter_that_is_sent_again_is_sealed_for_another_hour(logged_in: FlaskClient, clock: Clock) -> None:
    first = post(logged_in, "/admin/messages/filter", number=NUMBER).location
    clock.advance(timedelta(minutes=29))
    get(logged_in, "/admin")
    clock.advance(timedelta(minutes=29))
    who = first.partition("who=")[2]
    second = post(logged_in, "/admin/messages/filter", who=who, state="failed").location
    clock.advance(timedelta(minutes=29))
    assert get(logged_in, second).status_code == 200
    assert is_refused(get(logged_in, first))


def test_a_person_who_was_looked_at_is_exported_by_the_same_operator_only(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], clock: Clock
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    page = act(logged_in, "/admin/person", kind="number", who=NUMBER)
    sealed = page.text.partition('name="person" value="')[2].partition('"')[0]
    assert post(logged_in, "/admin/person/export", person=sealed).status_code == 200
    for _ in range(3):
        clock.advance(timedelta(minutes=25))
        get(logged_in, "/admin")
    token = form_token(get(logged_in, "/admin/person"))
    assert is_refused(
        logged_in.post(
            "/admin/person/export", data={"csrf": token, "person": sealed}, headers={"Accept-Language": "en"}
        )
    )
