"""The pages of operators and of the audit log."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.operators import find_operator
from db.store.engine import Database
from tests.sms_gateway.conftest import NAME, log_in
from tests.sms_gateway.pages.acting import act, did, get, post
from tests.sms_gateway.pages.service.test_service import Make


class TestOperators:
    @pytest.fixture(autouse=True)
    def _administrator(self, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)

    def add(self, client: FlaskClient, name: str = "Huy", role: str = "viewer") -> str:
        page = act(client, "/admin/operators/add", name=name, role=role)
        found = re.search(r'class="told"><code>([^<]+)</code>', page.text)
        assert found, page.text
        return found.group(1)

    def change(self, client: FlaskClient, database: Database, action: str, **fields: str) -> int:
        with database.read() as connection:
            operator = find_operator(connection, fields.pop("name", "huy"))
        assert operator is not None
        return post(client, f"/admin/operators/{operator.id}", action=action, **fields).status_code

    def test_one_is_added_and_logs_in_with_the_password_shown_once(
        self, logged_in: FlaskClient, database: Database
    ) -> None:
        password = self.add(logged_in)
        assert password not in get(logged_in, "/admin/operators").text
        other = logged_in.application.test_client()
        assert log_in(other, name="huy", password=password).status_code == 303
        assert other.get("/admin").location == "/admin/password"
        assert ("operator_added", "operator:huy") in did(database)

    @pytest.mark.parametrize(
        ("name", "role", "status"),
        [("", "viewer", 400), ("x" * 65, "viewer", 400), (NAME, "viewer", 400), ("huy", "king", 400)],
    )
    def test_what_cannot_be_is_refused(self, logged_in: FlaskClient, name: str, role: str, status: int) -> None:
        assert post(logged_in, "/admin/operators/add", name=name, role=role).status_code == status

    def test_one_is_disabled_and_let_in_again(self, logged_in: FlaskClient, database: Database) -> None:
        password = self.add(logged_in)
        other = logged_in.application.test_client()
        log_in(other, name="huy", password=password)
        assert self.change(logged_in, database, "disable") == 303
        assert other.get("/admin/sessions").status_code == 302
        assert log_in(other, name="huy", password=password).status_code == 401
        assert self.change(logged_in, database, "enable") == 303
        assert self.change(logged_in, database, "role", role="operator") == 303
        assert self.change(logged_in, database, "end") == 303
        assert self.change(logged_in, database, "reset") == 303
        with database.read() as connection:
            found = find_operator(connection, "huy")
        assert found is not None
        assert (found.role, found.disabled, found.must_change) == (OperatorRole.OPERATOR, False, True)
        assert [action for action, subject in did(database) if subject == "operator:huy"] == [
            "operator_added",
            "operator_disabled",
            "log_in_refused",
            "operator_enabled",
            "operator_role_changed",
            "session_revoked",
            "operator_reset",
        ]
        assert self.change(logged_in, database, "dance") == 400
        assert post(logged_in, "/admin/operators/1", action="end").status_code == 404

    def test_nobody_shuts_themselves_out(self, logged_in: FlaskClient, database: Database) -> None:
        assert self.change(logged_in, database, "disable", name=NAME) == 409
        assert self.change(logged_in, database, "role", name=NAME, role="viewer") == 409
        assert self.change(logged_in, database, "role", role="king", name=NAME) == 409


class TestAudit:
    def test_it_is_shown_filtered_and_checked(self, logged_in: FlaskClient, database: Database, make: Make) -> None:
        post(logged_in, "/admin/try", text="HD")
        make(OperatorRole.ADMINISTRATOR)
        page = get(logged_in, "/admin/audit?check=1").text
        assert "1 entry, whole" in page
        assert "Tried a text" in page
        assert ">HD: help</td>" in page
        assert ">HD: help</td>" not in get(logged_in, "/admin/audit?action=logged_in").text
        assert "Nothing yet." in get(logged_in, "/admin/audit?operator=huy").text
        assert get(logged_in, "/admin/audit?action=dance").status_code == 404
        del database
