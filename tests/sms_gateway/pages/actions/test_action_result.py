"""After every form: a redirect (303) to a page that says what was done, or a line in the table of exceptions here.

The routes come from the application's URL map: one that is added and is in neither table fails the test.
`pytest -s` prints how many were walked for each role.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from db.citizens import account_administration
from db.schema import InboundState, KeptReason, OperatorRole, OutboundState
from db.staff.operators import add_operator
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.tickets.kept_texts import NewKept, keep_text
from db.units.contacts import ContactRow, add_contact
from db.units.memberships import Membership, set_membership
from db.units.route_rules import TopicRow, add_topic
from sms_gateway.pages.routes import GROUPS
from sms_gateway.pages.site.access import opens
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.generators.generated import LONG
from tests.sms_gateway.browser.pages import write_everything
from tests.sms_gateway.city_office import FOCAL
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import did, get, post
from tests.sms_gateway.pages.actions.form_stories import CONFIRMED, EXCEPTIONS, STORIES, TOPIC, World
from tests.sms_gateway.pages.actions.service_form_stories import RECEIVERS, SERVICE_STORIES
from tests.sms_gateway.pages.actions.unit_form_stories import UNIT_STORIES
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.pages.routes import path_of

REFUSED = 403
LAST = "admin.log_out"
EVERY_STORY = {**{name: one for name, one in STORIES.items() if name != LAST}, **UNIT_STORIES, **SERVICE_STORIES}
EVERY_STORY[LAST] = STORIES[LAST]
PAGES = {page.endpoint: page for group in GROUPS for page in group.pages}
LAYOUT_FORMS = 2
"""Log out and language, in the frame of every page."""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


@dataclass(kw_only=True)
class Control:
    """Links that an operator starts and stops."""

    done: list[str]

    def is_ours(self, name: str) -> bool:
        return bool(name)

    def start_channel(self, name: str) -> None:
        self.done.append(f"start {name}")

    def stop_channel(self, name: str) -> None:
        self.done.append(f"stop {name}")

    def drain_channel(self, name: str) -> None:
        self.done.append(f"drain {name}")


@pytest.fixture
def control() -> Control:
    return Control(done=[])


@pytest.fixture
def parts(parts: WebDependencies, control: Control) -> WebDependencies:
    """The same with links, which accounts need to send an SMS by, and a system that gets events."""
    links = {name: LinkSettings(host="smsc.example", system_id="hue") for name in ("viettel", "mobifone")}
    return replace(
        parts, settings=parts.settings.model_copy(update={"links": links, "webhooks": RECEIVERS}), control=control
    )


@pytest.fixture
def world(
    database: Database,
    new_id: Callable[[], int],
    logged_in: FlaskClient,
    operator_id: int,
    make: Callable[[OperatorRole], None],
) -> World:
    make(OperatorRole.ADMINISTRATOR)
    written = write_everything(database, new_id, NOON)
    with database.write() as connection:
        other = new_id()
        add_operator(
            connection, operator_id=other, name="huy", password_hash="!", role=OperatorRole.ADMINISTRATOR, now=NOON
        )
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        set_membership(connection, Membership(operator_id=operator_id, unit_id=FOCAL, leads=True))
        write_duty(connection, new_id)
        add_topic(connection, TopicRow(id=TOPIC, code="den", name="Đèn", words=()))
        keep_again(connection, new_id, NOON)
        parked = rows.text("HD", state=InboundState.PARKED, reading=None, outcome=None)
        asked = rows.text("HD")
        failed = rows.answer(asked, "Soan HD gui 8188", state=OutboundState.FAILED)
        holder = account_administration.find_account(connection, written.account)
        assert holder is not None
        corrected = account_administration.Corrected(
            full_name=holder.full_name, birth_date=holder.birth_date, phone=Msisdn(Address("84912000111"))
        )
        assert account_administration.correct(connection, holder, corrected, operator="huy", now=NOON)
    return World(
        client=logged_in,
        written=written,
        parked=parked,
        failed=(asked, failed),
        operator=other,
        changed_at=NOON.isoformat(),
        database=database,
        own=operator_id,
    )


def write_duty(connection: Connection, new_id: Callable[[], int]) -> None:
    """Write a contact of the focal unit who is on duty all day."""
    phone = Msisdn(Address("84935111222"))
    add_contact(
        connection,
        ContactRow(
            id=new_id(),
            unit_id=FOCAL,
            place="truc ban",
            name="Canary",
            phone=phone,
            position=1,
            duty_from=0,
            duty_to=0,
        ),
    )


def keep_again(connection: Connection, new_id: Callable[[], int], now: datetime) -> None:
    """Keep another text that waits to be sorted."""
    kept = NewKept(
        inbound_id=new_id(),
        sender=Address("84935111333"),
        short_code="8188",
        reply_link="viettel",
        reason=KeptReason.SEND,
        body="xin chao",
        kept_at=now - timedelta(hours=26),
        until=now - timedelta(hours=2),
    )
    keep_text(connection, kept, new_id=new_id)


def post_routes(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def test_every_form_is_in_a_table(app: Flask) -> None:
    assert post_routes(app) == set(EVERY_STORY) | set(EXCEPTIONS)
    assert not set(EVERY_STORY) & set(EXCEPTIONS)


@pytest.mark.parametrize(
    "role",  # the other two have forms of the administrator's
    list(OperatorRole) if LONG else [OperatorRole.ADMINISTRATOR, OperatorRole.AGENT],
)
def test_after_every_form_a_page_says_once_what_was_done(
    app: Flask, world: World, make: Callable[[OperatorRole], None], role: OperatorRole
) -> None:
    make(role)
    walked = refused = 0
    for endpoint, story in EVERY_STORY.items():
        if not opens(role, PAGES[endpoint]):
            refused += 1
            path = path_of(app, next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint))
            assert post(world.client, path).status_code == REFUSED, endpoint
            continue
        path, fields = story(world)
        response = post(world.client, path, **fields)
        assert response.status_code == 303, (endpoint, response.text[-2000:])
        page = get(world.client, response.location)
        assert page.status_code == 200, endpoint
        said = re.findall(r'id="was-done">([^<]+)</p>', page.text)
        assert len(said) == 1, endpoint
        assert said[0].strip(), endpoint
        if endpoint != LAST:
            again = get(world.client, response.location)
            assert "was-done" not in again.text, endpoint
        walked += 1
    sys.stdout.write(f"\n{role.value}: {walked} forms walked, {refused} refused\n")


def test_what_reaches_a_citizen_or_stops_a_link_is_asked_first(app: Flask, world: World) -> None:
    """No page but its own confirmation holds such a form; that page changes nothing."""
    adapter = app.url_map.bind("localhost")
    messages = [f"/admin/messages/{one}" for one in (world.parked, world.failed[0])]
    post(world.client, f"/admin/accounts/{world.written.account}/confirm-phone", change=world.changed_at)
    pages = [(path, get(world.client, path).text) for path in [*world.written.pages().values(), *messages]]
    post(world.client, f"{messages[0]}/block", days=7, reason="insults")
    pages += [(path, get(world.client, path).text) for path in [messages[0], "/admin/blocks"]]
    links = set[str]()
    for path, page in pages:
        for action in re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page):
            endpoint, _ = adapter.match(html.unescape(action).partition("?")[0], method="POST")
            assert endpoint not in CONFIRMED or action == path, (path, endpoint)
        links.update(html.unescape(link) for link in re.findall(r'href="([^"]+)"', page))
    asked: dict[str, str] = {}
    for link in sorted(links | {path for path, _ in pages}):  # a form that asks by GET leads there without a link
        if link.startswith("/admin"):
            endpoint, _ = adapter.match(link.partition("?")[0], method="GET")
            asked.setdefault(endpoint, link)
    for endpoint in CONFIRMED | {"admin.control_link"}:
        question = get(world.client, asked[endpoint])
        assert question.status_code == 200, endpoint
        assert question.text.count("<form") == LAYOUT_FORMS + 1, endpoint


def test_a_reveal_shows_once_and_each_is_written_down(world: World, database: Database) -> None:
    path = f"/admin/messages/{world.written.message}"
    for times in (1, 2):
        shown = post(world.client, f"{path}/reveal")
        assert "201499999" not in shown.location
        assert "201499999" not in str(shown.headers)
        assert "201499999" in get(world.client, path).text
        assert "201499999" not in get(world.client, path).text  # a reload
        assert (
            did(database).count(("revealed", f"inbound:{world.written.message}")) == times + 1
        )  # one is of the fixture


@pytest.mark.parametrize("path", ["/admin/messages/{0.failed[0]}", "/admin/accounts/{0.written.account}"])
def test_a_reveal_opens_no_other_row(world: World, path: str) -> None:
    post(world.client, f"/admin/messages/{world.written.message}/reveal")
    page = get(world.client, path.format(world)).text
    assert "201499999" not in page


def test_what_is_shown_once_is_for_this_session_and_a_minute(world: World, app: Flask, clock: Clock) -> None:
    def cookie() -> str:
        assert post(world.client, f"/admin/operators/{world.operator}", action="reset").status_code == 303
        found = world.client.get_cookie("done")
        assert found is not None
        return found.value

    stolen = cookie()
    other = app.test_client()
    assert log_in(other).status_code == 303
    other.set_cookie("done", stolen)
    assert "One-time password" not in get(other, "/admin/operators").text
    clock.advance(timedelta(seconds=61))
    assert "One-time password" not in get(world.client, "/admin/operators").text
    cookie()
    assert "One-time password of huy" in get(world.client, "/admin/operators").text
    world.client.set_cookie("done", "made-up")
    assert "was-done" not in get(world.client, "/admin/operators").text


def test_our_script_does_not_take_the_line_away(world: World) -> None:
    post(world.client, "/admin/blocks/add", number="0935111222", days=7, reason="a machine")
    assert "was-done" not in world.client.get("/admin", headers={"X-Live": "1"}).text
    assert "blocked for 7 days" in get(world.client, "/admin/blocks").text
