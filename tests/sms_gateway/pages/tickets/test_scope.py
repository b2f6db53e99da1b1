"""Who sees which tickets: every route, by every role, for an own unit and for another."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from db.schema import OperatorRole
from db.staff.operators import find_operator, set_disabled
from db.store.engine import Database
from db.tickets.whole_ticket import Scope
from sms_gateway.pages.site.scope import units_of
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.tickets.office import WORDS, TicketOffice

REFUSED = {403, 404}
SECRET = "to cao canary nhan tien"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what the queries' own tests try on both."""
    return sqlite_database


FIELDS = {
    "version": "0",  # none that a ticket has, so that nothing is changed
    "operator": "1",
    "unit": str(FOCAL),
    "priority": "high",
    "note": "x",
    "code": "x",
    "number": "YC482173051",
    "into": "YC482173051",
    "kind": "report",
    "way": "answer",
    "words": "x",
}
"""What the forms of a ticket send."""


def ticket_rules(office: TicketOffice) -> Iterator[Rule]:
    for rule in office.app.url_map.iter_rules():
        if "ticket_id" in rule.arguments:
            yield rule


WHO = {
    "agent": (OperatorRole.AGENT, (WARD,), False),
    "lead": (OperatorRole.AGENT, (WARD,), True),
    "agent of two": (OperatorRole.AGENT, (WARD, OTHER), False),
    "agent of none": (OperatorRole.AGENT, (), False),
    "operator": (OperatorRole.OPERATOR, (), False),
    "administrator": (OperatorRole.ADMINISTRATOR, (), False),
    "viewer": (OperatorRole.VIEWER, (), False),
    "viewer of a unit": (OperatorRole.VIEWER, (WARD,), True),
}
SEES = {
    "agent": {WARD},
    "lead": {WARD},
    "agent of two": {WARD, OTHER},
    "agent of none": set(),
    "operator": {FOCAL, WARD, OTHER},
    "administrator": {FOCAL, WARD, OTHER},
    "viewer": set(),
    "viewer of a unit": set(),
}


def request_all(office: TicketOffice, client: FlaskClient, ticket_id: int, entry_id: int) -> set[bool]:
    """Request every route of a ticket by each method; return whether it was refused, for each."""
    token = form_token(client.get("/admin/sessions"))
    refused = set()
    adapter = office.app.url_map.bind("localhost")
    for rule in ticket_rules(office):
        values = {"ticket_id": ticket_id, "entry_id": entry_id}
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        query = f"?into={office.read(ticket_id).number}" if rule.rule.endswith("/merge") else ""
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            sent = {"csrf": token, **FIELDS} if method == "POST" else None
            response = client.open(path + query, method=method, data=sent)
            assert response.status_code < 500, (method, path)
            refused.add(response.status_code in REFUSED)
            if response.status_code in REFUSED:
                assert WORDS not in response.text
    return refused


@pytest.mark.parametrize("name", WHO)
def test_every_route_of_a_ticket_opens_for_its_unit_and_for_no_other(office: TicketOffice, name: str) -> None:
    role, units, leads = WHO[name]
    client = office.agent("canary", *units, leads=leads, role=role)
    seen = {}
    for unit_id in (FOCAL, WARD, OTHER):
        made = office.open(unit_id)
        office.write(made, WORDS)
        answers = request_all(office, client, made, office.entry_ids(made)[1])
        seen[unit_id] = answers
        assert (True in answers) is (unit_id not in SEES[name]), (name, unit_id)
        assert len(answers) == 1, (name, unit_id)
    sys.stdout.write(f"\n{name}: {len(list(ticket_rules(office)))} routes, units seen {sorted(SEES[name])}\n")
    shown = client.get("/admin/tickets?list=every").text
    if role is not OperatorRole.VIEWER:
        assert shown.count("/admin/tickets/3") == len(SEES[name])


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("lead of the focal unit", True),
        ("agent of the focal unit", False),
        ("operator", False),
        ("operator who leads it", True),
    ],
)
def test_an_accusation_is_seen_by_the_leads_of_its_unit_only(office: TicketOffice, name: str, *, sees: bool) -> None:
    made = office.open(FOCAL, is_accusation=True, subject=SECRET, body=SECRET)
    role = OperatorRole.OPERATOR if "operator" in name else OperatorRole.AGENT
    units = () if name == "operator" else (FOCAL,)
    client = office.agent("canary", *units, leads="lead" in name, role=role)
    page = get(client, f"/admin/tickets/{made}")
    assert (page.status_code == 200) is sees
    assert (SECRET in page.text) is sees
    assert (SECRET in get(client, "/admin/tickets?list=every").text) is sees
    assert ("<strong>1</strong>" in get(client, "/admin/tickets").text) is sees


def test_a_ticket_of_another_unit_cannot_be_told_from_one_that_does_not_exist(office: TicketOffice) -> None:
    made = office.open(OTHER)
    client = office.agent("mai", WARD)
    get(client, "/admin/tickets")  # reports the log-in, once
    there, nowhere = client.get(f"/admin/tickets/{made}"), client.get("/admin/tickets/7")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text.replace("/admin/tickets/7", f"/admin/tickets/{made}")


def test_agents_open_nothing_but_tickets_and_their_own_log_in(office: TicketOffice) -> None:
    client = office.agent("mai", WARD)
    for path in (
        "",
        "/messages",
        "/dossiers",
        "/accounts",
        "/links",
        "/wording",
        "/operators",
        "/audit",
        "/person",
        "/try",
        "/blocks",
    ):
        assert client.get(f"/admin{path}").status_code == 403, path
    for path in ("/tickets", "/tickets/new", "/tickets/sort", "/tickets/answers", "/sessions", "/password"):
        assert client.get(f"/admin{path}").status_code == 200, path
    assert client.get("/").location == "/admin/tickets"


def test_units_of_an_operator(office: TicketOffice, database: Database) -> None:
    expected = {
        "agent": Scope(units=frozenset({WARD})),
        "lead": Scope(units=frozenset({WARD}), led=frozenset({WARD})),
        "agent of none": Scope(units=frozenset()),
        "operator": Scope(units=None),
        "viewer of a unit": Scope(units=frozenset()),
    }
    for place, name in enumerate(expected):
        role, units, leads = WHO[name]
        office.agent(f"canary{place}", *units, leads=leads, role=role)
    with office.app.test_request_context(), database.write() as connection:
        for place, (name, scope) in enumerate(expected.items()):
            found = find_operator(connection, f"canary{place}")
            assert found is not None
            assert units_of(connection, found) == scope, name
        found = find_operator(connection, "canary1")
        assert found is not None
        set_disabled(connection, found.id, disabled=True)
        assert units_of(connection, found) == Scope(units=frozenset())
