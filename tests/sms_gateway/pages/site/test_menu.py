"""The menu: at most six entries at the top, each page shows its group, and a service that is off has nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.audit import Action, append
from db.store.engine import Database
from sms_gateway.pages.routes import GROUPS
from sms_gateway.pages.site.page import Top
from sms_gateway.process.schedule import Schedule
from sms_gateway.settings.switches import CONVERSATION, LOOK_UP_DOSSIER, NOTICES, REGISTER_ACCOUNT, all_on
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.browser.pages import Written, write_everything
from tests.sms_gateway.conftest import NAME, NOON, form_token, log_in
from tests.sms_gateway.pages.routes import ARGUMENTS, path_of

MOST_TOP_ENTRIES = 6
ENGLISH = {"Accept-Language": "en"}
TOPS = {
    OperatorRole.VIEWER: ["Today", "Messages", "Dossiers", "Service"],
    OperatorRole.OPERATOR: ["Today", "Messages", "Tickets", "Dossiers", "Accounts", "Service"],
    OperatorRole.ADMINISTRATOR: ["Today", "Messages", "Tickets", "Dossiers", "Accounts", "Service"],
    OperatorRole.AGENT: ["Tickets"],
}
LABELS = {
    Top.TODAY: "Today",
    Top.MESSAGES: "Messages",
    Top.TICKETS: "Tickets",
    Top.DOSSIERS: "Dossiers",
    Top.ACCOUNTS: "Accounts",
    Top.SERVICE: "Service",
}
LEAST_WALKED = {
    OperatorRole.VIEWER: 11,
    OperatorRole.OPERATOR: 23,
    OperatorRole.ADMINISTRATOR: 28,
    OperatorRole.AGENT: 7,
}
OPEN_TO_ALL = {"admin.log_in"}
TOP_OF = {page.endpoint: group.top for group in GROUPS for page in group.pages}
SERVICE_OF = {page.endpoint: group.service for group in GROUPS for page in group.pages}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for the frame of the pages."""
    return sqlite_database


@pytest.fixture
def written(database: Database, new_id: Callable[[], int], operator_id: int) -> Written:
    assert operator_id
    return write_everything(database, new_id, NOON)


def menus(page: str) -> list[list[tuple[str, str]]]:
    """Return the label and aria-current of each entry: first of the top menu, then of the menu beneath."""
    found = re.findall(r'<ul class="menu[^"]*">(.*?)</ul>', page, re.DOTALL)
    entry = re.compile(r'<a href="[^"]*"(?: aria-current="(\w+)")?>([^<]*)</a>')
    return [[(label, current) for current, label in entry.findall(each)] for each in found]


def entry_addresses(page: str) -> list[str]:
    navigation = "".join(re.findall(r"<nav.*?</nav>", page, re.DOTALL))
    return re.findall(r'<li><a href="([^"]+)"', navigation)


def with_rows(app: Flask, written: Written) -> dict[str, str]:
    """Return the address of every page that answers a GET, with rows that are there, by its endpoint."""
    rows = {
        "inbound_id": written.message,
        "dossier_id": written.dossier,
        "account_id": written.account,
        "upload_id": written.upload,
        "ticket_id": written.ticket,
        "entry_id": written.entry,
    }
    adapter = app.url_map.bind("localhost")
    return {
        rule.endpoint: adapter.build(
            rule.endpoint, {name: rows.get(name, ARGUMENTS.get(name, 1)) for name in rule.arguments}
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint in TOP_OF and "GET" in (rule.methods or ()) and rule.endpoint not in OPEN_TO_ALL
    }


def without(parts: WebDependencies, *off: str) -> Flask:
    shut = {*off, *([NOTICES] if LOOK_UP_DOSSIER in off else [])}  # the settings demand both or none
    return create_app(replace(parts, is_on=lambda service: service not in shut))


@pytest.mark.parametrize("role", list(OperatorRole))
def test_the_top_menu_has_few_entries_for_every_role(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], role: OperatorRole
) -> None:
    make(role)
    top = [label for label, _ in menus(logged_in.get("/admin", headers=ENGLISH).text)[0]]
    assert top == TOPS[role]
    assert len(top) <= MOST_TOP_ENTRIES


@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=[] if role is OperatorRole.ADMINISTRATOR else pytest.mark.long) for role in OperatorRole],
)
def test_every_page_shows_its_group_as_current_and_its_menus_open(
    app: Flask, logged_in: FlaskClient, make: Callable[[OperatorRole], None], written: Written, role: OperatorRole
) -> None:
    make(role)
    pages = with_rows(app, written)
    walked, entries_seen = set(), set()
    for endpoint, path in pages.items():
        response = logged_in.get(path, headers=ENGLISH)
        if response.mimetype != "text/html" or response.status_code in {302, 303}:
            continue  # a file, or a page that leads to another one
        assert response.status_code < 500, path
        top, *beneath = menus(response.text)
        current = [label for label, mark in top if mark]
        wanted = TOP_OF[endpoint]
        if wanted is None:
            assert f'aria-current="true" aria-label="{NAME}' in response.text, path
        if wanted is not None and LABELS[wanted] in TOPS[role]:
            assert current == [LABELS[wanted]], path
        else:  # one's own page, or a page of a group that the role does not see
            assert current == [], path
        if response.status_code != 200:
            continue
        for entries in beneath:
            assert len(entries) > 1
            assert len([label for label, mark in entries if mark]) == 1, path
        entries_seen |= set(entry_addresses(response.text))
        walked.add(endpoint)
    for address in entries_seen:
        assert logged_in.get(address).status_code == 200, address
    assert len(walked) >= LEAST_WALKED[role]


def test_every_entry_of_the_table_is_in_a_menu(
    logged_in: FlaskClient, make: Callable[[OperatorRole], None], app: Flask
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    shown = set()
    for path in (
        "/admin",
        "/admin/messages",
        "/admin/tickets",
        "/admin/dossiers",
        "/admin/accounts",
        "/admin/links",
        "/admin/sessions",
    ):
        shown |= set(entry_addresses(logged_in.get(path).text))
    listed = {page.endpoint for group in GROUPS for page in group.pages if page.entry}
    addresses = {path_of(app, rule) for rule in app.url_map.iter_rules() if rule.endpoint in listed}
    assert addresses <= shown


def test_a_visitor_has_no_menu(client: FlaskClient) -> None:
    for path in ("/admin/log-in", "/phone", "/nowhere"):
        assert menus(client.get(path).text) == [], path


def test_the_handset_of_the_demo_is_in_the_header_and_in_no_menu(logged_in: FlaskClient) -> None:
    page = logged_in.get("/phone", headers=ENGLISH).text
    assert '<a href="/phone" aria-current="page">Test phone</a>' in page
    assert [label for label, _ in menus(page)[0]] == TOPS[OperatorRole.OPERATOR]


@pytest.mark.parametrize(
    "off",
    [
        (REGISTER_ACCOUNT,),
        (LOOK_UP_DOSSIER,),
        (CONVERSATION,),
        pytest.param((REGISTER_ACCOUNT, LOOK_UP_DOSSIER), marks=pytest.mark.long),
        pytest.param((REGISTER_ACCOUNT, LOOK_UP_DOSSIER, CONVERSATION), marks=pytest.mark.long),
    ],
)
def test_no_page_of_a_service_that_is_off_answers(  # noqa: PLR0917 - pytest asks for fixtures by name
    app: Flask,
    parts: WebDependencies,
    database: Database,
    make: Callable[[OperatorRole], None],
    written: Written,
    off: tuple[str, ...],
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    with database.write() as connection:  # the audit log names rows whose pages are gone
        for subject in (f"account:{written.account}", f"dossier:{written.dossier}", f"ticket:{written.ticket}"):
            append(connection, at=NOON, operator=NAME, action=Action.REVEALED, subject=subject)
    reduced = without(parts, *off)
    client = reduced.test_client()
    log_in(client)
    token = form_token(client.get("/admin"))
    gone = [rule for rule in app.url_map.iter_rules() if SERVICE_OF.get(rule.endpoint) in off]
    assert len(gone) >= 9
    for rule in gone:
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            path = path_of(app, rule)
            assert client.open(path, method=method, data={"csrf": token}).status_code == 404, (method, path)
    kept = {rule.endpoint for rule in reduced.url_map.iter_rules()}
    walked = 0
    for name, path in written.pages().items():
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0]) if name != "error" else ("", {})
        if endpoint in kept and endpoint in TOP_OF:
            response = client.get(path, headers=ENGLISH)
            assert response.status_code == 200, (name, response.text)
            labels = [label for label, _ in menus(response.text)[0]]
            assert ("Accounts" in labels) is (REGISTER_ACCOUNT not in off)
            assert ("Dossiers" in labels) is (LOOK_UP_DOSSIER not in off)
            assert ("Tickets" in labels) is (CONVERSATION not in off)
            walked += 1
    assert walked >= 12


def test_a_job_of_a_service_that_is_off_does_not_run_and_is_not_listed(
    parts: WebDependencies, database: Database, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    listed = {}
    for name, is_on in (("on", all_on), ("off", lambda service: service != REGISTER_ACCOUNT)):
        client = create_app(replace(parts, is_on=is_on)).test_client()
        log_in(client)
        page = client.get("/admin/system", headers=ENGLISH).text
        jobs = {job.name for job in Schedule(database, lambda: NOON, is_on=is_on).jobs}
        listed[name] = (jobs, page.count("<dt>"))
    assert listed["on"][0] - listed["off"][0] == {"count_account_days"}
    assert listed["on"][1] - listed["off"][1] == 1
