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
from sms_gateway.pages import access
from sms_gateway.pages.access import LEAST_ROLE, OPEN_TO_ALL, opens
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.routes import path_of

REFUSED = 403
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
    assert there - OPEN_TO_ALL == set(LEAST_ROLE)


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
            assert (response.status_code == REFUSED) is not opens(role, rule.endpoint), (role, method, path)
            assert response.status_code < 500, (role, method, path)
            tried += 1
            refused += response.status_code == REFUSED
    sys.stdout.write(f"\n{role.value}: {tried} routes tried, {refused} refused\n")
    assert tried >= 50


def test_a_route_without_a_role_opens_for_nobody(
    app: Flask, logged_in: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LEAST_ROLE", {})
    assert logged_in.get("/admin").status_code == REFUSED


def test_a_role_counts_from_the_next_request_on(logged_in: FlaskClient, make: Callable[[OperatorRole], None]) -> None:
    assert logged_in.get("/admin/accounts").status_code == 200
    make(OperatorRole.VIEWER)
    assert logged_in.get("/admin/accounts").status_code == REFUSED


def test_the_menu_offers_only_what_opens(logged_in: FlaskClient, make: Callable[[OperatorRole], None]) -> None:
    assert "/admin/accounts" in logged_in.get("/admin").text
    assert "/admin/audit" not in logged_in.get("/admin").text
    make(OperatorRole.VIEWER)
    assert "/admin/accounts" not in logged_in.get("/admin").text
