"""Every route of the operators' pages tried by every role: the table of access is what the routes do.

Both `tests/sms_gateway/web/test_web_guards.py` and this file, run with `pytest -s`, print how many were tried and
refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from db.schema import OperatorRole
from db.store.engine import Database
from sms_gateway.pages.routes import GROUPS
from sms_gateway.pages.site.access import opens
from tests.sms_gateway.conftest import form_token, log_in
from tests.sms_gateway.pages.routes import path_of

REFUSED = 403
OPEN_TO_ALL = {"admin.log_in", "admin.second_step"}
PAGES = {page.endpoint: page for group in GROUPS for page in group.pages}
NOT_IN_A_MENU = {"admin.log_out"}
"""Tried last: it ends the session."""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


def admin_rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") and rule.endpoint not in OPEN_TO_ALL | NOT_IN_A_MENU:
            yield rule


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")}
    assert there == set(PAGES)
    assert {name for name, page in PAGES.items() if page.least is None} == OPEN_TO_ALL


@pytest.mark.parametrize("role", list(OperatorRole))
def test_a_role_opens_what_the_table_says_and_nothing_else(
    app: Flask, logged_in: FlaskClient, make: Callable[[OperatorRole], None], role: OperatorRole
) -> None:
    make(role)
    token = form_token(logged_in.get("/admin/sessions"))
    tried = refused = 0
    for rule in admin_rules(app):
        path = path_of(app, rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            response = logged_in.open(path, method=method, data={"csrf": token} if method == "POST" else None)
            assert (response.status_code == REFUSED) is not opens(role, PAGES[rule.endpoint]), (role, method, path)
            assert response.status_code < 500, (role, method, path)
            tried += 1
            refused += response.status_code == REFUSED
    sys.stdout.write(f"\n{role.value}: {tried} routes tried, {refused} refused\n")
    assert tried >= 50


def test_a_route_that_is_not_in_the_table_opens_for_nobody(
    app: Flask, client: FlaskClient, operator_id: int, make: Callable[[OperatorRole], None]
) -> None:
    app.add_url_rule("/admin/stray", "admin.stray", lambda: "seen")
    assert log_in(client).status_code == 303
    assert operator_id
    make(OperatorRole.ADMINISTRATOR)
    assert client.get("/admin/stray").status_code == REFUSED


def test_a_role_counts_from_the_next_request_on(logged_in: FlaskClient, make: Callable[[OperatorRole], None]) -> None:
    assert logged_in.get("/admin/accounts").status_code == 200
    make(OperatorRole.VIEWER)
    assert logged_in.get("/admin/accounts").status_code == REFUSED
