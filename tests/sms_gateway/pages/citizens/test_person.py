"""The page for the rights of a person: told, exported, erased in two steps, and the number never in an address."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from db.citizens.accounts import Account, open_account
from db.schema import AccountState, OperatorRole, OutboundState, account, audit_entry, inbound
from db.store.address import Address, Msisdn
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON, form_token
from tests.sms_gateway.pages.message_rows import MessageRows

NUMBER = Address("84937654321")
ID_NUMBER = "079090987654"
NAME = "Kanarienvogel Van Nguyen"
TEXT = f"TK, {NAME}, {ID_NUMBER}, 20/12/1990"
Made = Callable[[OperatorRole], None]


@pytest.fixture
def text_id(database: Database, new_id: Callable[[], int]) -> int:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = rows.text(TEXT, sender=NUMBER, reading="register_account", outcome="account_opened")
        rows.answer(made, "TK: kvn, MK: canary42", masked="TK: kvn, MK: ****", state=OutboundState.SENT)
        open_account(
            connection,
            Account(
                id=new_id(),
                user_name="kvn",
                id_number=ID_NUMBER,
                full_name=NAME,
                birth_date="1990-12-20",
                phone=Msisdn(NUMBER),
                password_expires_at=NOON,
                state=AccountState.FIRST_PASSWORD,
                created_at=NOON,
                inbound_id=made,
            ),
            password_hash="!",
        )
    return made


@pytest.fixture
def administrator(logged_in: FlaskClient, make: Made) -> FlaskClient:
    make(OperatorRole.ADMINISTRATOR)
    return logged_in


def look(client: FlaskClient, kind: str, who: str) -> TestResponse:
    token = form_token(client.get("/admin/person"))
    answer = client.post("/admin/person", data={"csrf": token, "kind": kind, "who": who})
    return client.get(answer.location) if answer.status_code == 303 else answer


def go_on(client: FlaskClient, page: TestResponse, step: str, **fields: str) -> TestResponse:
    sealed = re.search(r'name="person" value="([^"]+)"', page.text)
    assert sealed
    data = {"csrf": form_token(page), "person": sealed.group(1), **fields}
    return client.post(f"/admin/person/{step}", data=data)


def noted(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(audit_entry).order_by(audit_entry.c.number)).all()
    return [(row.action, row.subject, row.detail) for row in rows if row.subject == "person"]


@pytest.mark.parametrize(("kind", "who"), [("number", "0937 654 321"), ("id_number", "079 090 987 654")])
@pytest.mark.usefixtures("text_id")
def test_what_is_stored_is_counted_and_masked(
    administrator: FlaskClient, database: Database, kind: str, who: str
) -> None:
    page = look(administrator, kind, who)
    assert page.status_code == 200
    assert "8493***4321" in page.text or "654" in page.text
    for secret in (NUMBER, NUMBER[2:], ID_NUMBER, NAME):
        assert secret not in page.text
    assert noted(database) == [("number_searched", "person", f"by {kind}")]


@pytest.mark.parametrize(
    ("kind", "who"), [("number", "8188"), ("number", ""), ("id_number", "12345"), ("else", "0937654321")]
)
def test_what_is_no_number_is_refused(administrator: FlaskClient, database: Database, kind: str, who: str) -> None:
    page = look(administrator, kind, who)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert noted(database) == []


@pytest.mark.usefixtures("text_id")
def test_everything_is_exported_and_written_down_without_the_number(
    administrator: FlaskClient, database: Database
) -> None:
    given = go_on(administrator, look(administrator, "number", NUMBER), "export")
    stored = json.loads(given.data)
    assert stored["accounts"][0]["full_name"] == NAME
    assert [one["words"] for one in stored["texts"]] == [TEXT, "TK: kvn, MK: ****"]
    assert "canary42" not in given.text
    assert given.headers["Content-Disposition"].startswith('attachment; filename="person-')
    assert given.headers["Cache-Control"] == "no-store"
    assert noted(database)[1:] == [("exported", "person", "person by number, 2 texts and answers")]


def test_an_export_holds_what_is_no_unicode(
    administrator: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        MessageRows(connection=connection, new_id=new_id, now=NOON).text("HD \ud83d", sender=NUMBER)
    given = go_on(administrator, look(administrator, "number", NUMBER), "export")
    assert json.loads(given.data)["texts"][0]["words"] == "HD \ud83d"


def test_erasing_wants_the_last_digits_again(administrator: FlaskClient, database: Database, text_id: int) -> None:
    page = look(administrator, "number", NUMBER)
    for digits in ("", "1234", NUMBER):
        refused = go_on(administrator, page, "erase", digits=digits)
        assert refused.status_code == 400
        assert 'role="alert"' in refused.text
    with database.read() as connection:
        assert connection.scalar(select(inbound.c.body).where(inbound.c.id == text_id)) == TEXT
    assert [action for action, *_ in noted(database)] == ["number_searched"]


def test_a_number_is_erased_and_what_stays_is_named(
    administrator: FlaskClient, database: Database, text_id: int
) -> None:
    done = go_on(administrator, look(administrator, "number", NUMBER), "erase", digits=NUMBER[-4:])
    assert done.status_code == 303
    assert NUMBER not in done.location
    page = administrator.get(done.location, headers={"Accept-Language": "en"})
    assert "1 account opened from this number stays" in page.text
    with database.read() as connection:
        assert connection.scalar(select(inbound.c.body).where(inbound.c.id == text_id)) == ""
        assert connection.scalar(select(inbound.c.state).where(inbound.c.id == text_id))
    assert noted(database)[1:] == [("person_erased", "person", "by number, 1 texts")]


@pytest.mark.usefixtures("text_id")
def test_an_identity_number_is_erased_with_its_account(administrator: FlaskClient, database: Database) -> None:
    page = look(administrator, "id_number", ID_NUMBER)
    assert go_on(administrator, page, "erase", digits=ID_NUMBER[-4:]).status_code == 303
    with database.read() as connection:
        assert connection.execute(select(account)).all() == []
    again = administrator.post(
        "/admin/person",
        data={"csrf": form_token(page), "kind": "id_number", "who": ID_NUMBER},
        headers={"Accept-Language": "en"},
    )
    assert "Nothing is stored." in administrator.get(again.location, headers={"Accept-Language": "en"}).text


@pytest.mark.usefixtures("text_id")
def test_what_is_under_way_is_told(administrator: FlaskClient, database: Database) -> None:
    with database.write() as connection:
        connection.execute(inbound.update().values(state="received"))
    done = go_on(administrator, look(administrator, "id_number", ID_NUMBER), "erase", digits=ID_NUMBER[-4:])
    page = administrator.get(done.location, headers={"Accept-Language": "en"})
    assert "1 text is under way and was left." in page.text
    with database.read() as connection:
        assert connection.execute(select(account)).all()


def test_a_made_up_person_or_result_is_refused(administrator: FlaskClient) -> None:
    page = administrator.get("/admin/person?done=made-up")
    assert page.status_code == 200
    assert "done-title" not in page.text
    data = {"csrf": form_token(page), "person": "made-up", "digits": "4321"}
    assert administrator.post("/admin/person/erase", data=data).status_code == 410
    assert administrator.post("/admin/person/export", data=data).status_code == 410


@pytest.mark.parametrize("role", [OperatorRole.VIEWER, OperatorRole.OPERATOR])
@pytest.mark.usefixtures("text_id")
def test_nobody_else_exports_or_erases_even_with_an_administrators_form(
    administrator: FlaskClient, make: Made, role: OperatorRole
) -> None:
    page = look(administrator, "number", NUMBER)
    make(role)
    assert go_on(administrator, page, "export").status_code == 403
    assert go_on(administrator, page, "erase", digits=NUMBER[-4:]).status_code == 403


@pytest.mark.usefixtures("text_id")
def test_neither_addresses_nor_the_log_hold_the_number(
    administrator: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = look(administrator, "number", NUMBER)
        exported = go_on(administrator, page, "export")
        done = go_on(administrator, page, "erase", digits=NUMBER[-4:])
    for told in (page.request.url, exported.request.url, done.request.url, done.location, caplog.text):
        assert NUMBER[2:] not in told
