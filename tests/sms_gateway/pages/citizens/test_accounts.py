"""Accounts: found, disabled, given a new password by SMS, corrected, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from db.citizens.account_administration import find_account
from db.citizens.accounts import NO_PASSWORD, Account, open_account
from db.reports.message_log import PAGE_SIZE
from db.schema import AccountState, OperatorRole, OutboundState, account, outbound
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.acting import act, did, get, noted, post
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

ID_NUMBER = "079201987654"
Make = Callable[[OperatorRole], None]


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    """An application with a link, so that there is a way for an SMS."""
    link = LinkSettings(host="127.0.0.1", system_id="us")
    settings = parts.settings.model_copy(update={"links": {"mobifone": link, "viettel": link}})
    return create_app(
        WebDependencies(**{name: getattr(parts, name) for name in WebDependencies.__slots__} | {"settings": settings})
    )


@pytest.fixture
def opened(database: Database, new_id: Callable[[], int]) -> int:
    """An account; its id."""
    made = new_id()
    with database.write() as connection:
        new = Account(
            id=made,
            user_name="nvc",
            id_number=ID_NUMBER,
            full_name="Canary Van Nguyen",
            birth_date="1987-03-14",
            phone=Msisdn(Address(SENDER)),
            password_expires_at=NOON,
            state=AccountState.ACTIVE,
            created_at=NOON,
            inbound_id=None,
        )
        assert open_account(connection, new, password_hash="kept")
    return made


def find(database: Database, account_id: int) -> Account | None:
    with database.read() as connection:
        return find_account(connection, account_id)


def hashed(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(select(account.c.password_hash)).scalar_one())


@pytest.mark.parametrize("typed", ["nvc", "NVC", ID_NUMBER, "0792 0198 7654", "0905 123 456", "+84905123456"])
def test_it_is_found_by_name_number_or_telephone(
    logged_in: FlaskClient, database: Database, opened: int, typed: str
) -> None:
    response = post(logged_in, "/admin/accounts/search", who=typed)
    assert typed.replace(" ", "")[-6:] not in response.location.replace("nvc", "")
    page = get(logged_in, response.location).text
    assert f"/admin/accounts/{opened}" in page
    assert ID_NUMBER not in page
    assert did(database) == [("number_searched", "account")]


def test_of_nobody_nothing_is_found(logged_in: FlaskClient, opened: int) -> None:
    page = get(logged_in, post(logged_in, "/admin/accounts/search", who="0905999999").location).text
    assert f"/admin/accounts/{opened}" not in page
    assert "No account fits." in page
    assert post(logged_in, "/admin/accounts/search", who="").location == "/admin/accounts"
    assert get(logged_in, "/admin/accounts?who=forged").status_code == 410


def test_it_is_masked_until_it_is_revealed(logged_in: FlaskClient, database: Database, opened: int) -> None:
    page = get(logged_in, f"/admin/accounts/{opened}").text
    for hidden in (ID_NUMBER, "14/03/1987", SENDER):
        assert hidden not in page
    assert "Canary Van Nguyen" in page  # names are shown, as in the texts of the lists
    page = act(logged_in, f"/admin/accounts/{opened}/reveal").text
    for shown in (ID_NUMBER, "Canary Van Nguyen", "14/03/1987", SENDER):
        assert shown in page
    assert did(database) == [("revealed", f"account:{opened}")]


def test_it_is_disabled_and_opened_again_without_a_password(
    logged_in: FlaskClient, database: Database, opened: int
) -> None:
    assert post(logged_in, f"/admin/accounts/{opened}/disable").status_code == 303
    found = find(database, opened)
    assert found is not None
    assert (found.state, hashed(database)) == (AccountState.DISABLED, NO_PASSWORD)
    assert post(logged_in, f"/admin/accounts/{opened}/disable").status_code == 409
    assert post(logged_in, f"/admin/accounts/{opened}/password").status_code == 409
    assert post(logged_in, f"/admin/accounts/{opened}/enable").status_code == 303
    found = find(database, opened)
    assert found is not None
    assert (found.state, hashed(database)) == (AccountState.FIRST_PASSWORD, NO_PASSWORD)
    assert [action for action, _ in did(database)] == ["account_disabled", "account_enabled"]


class TestANewPassword:
    def test_it_goes_to_the_telephone_and_nobody_here_sees_it(
        self, logged_in: FlaskClient, database: Database, opened: int, clock: Clock
    ) -> None:
        response = post(logged_in, f"/admin/accounts/{opened}/password")
        assert response.status_code == 303
        with database.read() as connection:
            row = connection.execute(select(outbound)).one()
        assert (row.state, row.link, row.recipient) == (OutboundState.QUEUED, "mobifone", SENDER)
        assert "TK: nvc, MK: " in row.body
        assert "MK: ****" in row.masked
        assert hashed(database).startswith("$argon2id$")
        found = find(database, opened)
        assert found is not None
        assert (found.state, found.password_expires_at) == (AccountState.FIRST_PASSWORD, clock.now + timedelta(days=3))
        password = row.body.split("MK: ")[1][:10]
        assert password not in response.text + get(logged_in, f"/admin/accounts/{opened}").text
        assert did(database) == [("account_password_sent", f"account:{opened}")]

    def test_it_goes_by_the_link_that_last_answered(
        self, logged_in: FlaskClient, database: Database, opened: int, new_id: Callable[[], int]
    ) -> None:
        with database.write() as connection:
            MessageRows(connection=connection, new_id=new_id, now=NOON).text("HD", link="viettel")
        post(logged_in, f"/admin/accounts/{opened}/password")
        with database.read() as connection:
            assert connection.execute(select(outbound.c.link)).scalar_one() == "viettel"

    def test_it_stands_masked_in_the_log_the_conversation_and_the_export(
        self, logged_in: FlaskClient, database: Database, opened: int, new_id: Callable[[], int]
    ) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            asked, other = rows.text("HD MK"), rows.text("HD", sender="84905999888")
        post(logged_in, f"/admin/accounts/{opened}/password")
        with database.write() as connection:
            later = MessageRows(connection=connection, new_id=new_id, now=NOON).text("HD, thanks")
            password = str(connection.scalar(select(outbound.c.body))).split("MK: ")[1][:10]
        log = get(logged_in, "/admin/messages").text
        assert log.index(f"/admin/messages/{later}") < log.index("MK: ****") < log.index(f"/admin/messages/{asked}")
        assert "sent by an operator" in log
        talk = f"/admin/messages/{asked}/conversation"
        masked, clear = get(logged_in, talk).text, act(logged_in, f"{talk}/reveal").text
        assert masked.index("HD MK") < masked.index("MK: ****") < masked.index("HD, thanks")
        exported = post(logged_in, "/admin/messages/export", kind="csv").text
        for page in (log, masked, clear, exported):
            assert "MK: ****" in page
            assert password not in page
        assert "MK: ****" not in get(logged_in, f"/admin/messages/{other}/conversation").text
        assert "MK: ****" in get(logged_in, "/admin/messages?state=queued").text
        for filtered in ("state=handled", "reading=help", "link=viettel", "code=0007"):
            assert "MK: ****" not in get(logged_in, f"/admin/messages?{filtered}").text

    def test_it_turns_up_once_whichever_page_of_the_log_it_is_on(
        self, logged_in: FlaskClient, database: Database, opened: int, new_id: Callable[[], int]
    ) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            for _ in range(PAGE_SIZE):
                rows.text("HD")
        post(logged_in, f"/admin/accounts/{opened}/password")
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            made = [rows.text("HD") for _ in range(PAGE_SIZE + 5)]
        first = get(logged_in, "/admin/messages").text
        second = get(logged_in, f"/admin/messages?before={made[5]}").text
        assert ("MK: ****" in first, second.count("MK: ****")) == (False, 1)


def test_it_is_corrected(logged_in: FlaskClient, database: Database, opened: int) -> None:
    fields = {"full_name": "Nguyễn Văn Cảnh", "phone": "0935 111 222"}
    assert post(logged_in, f"/admin/accounts/{opened}/correct", **fields).status_code == 303
    found = find(database, opened)
    assert found is not None
    assert (found.full_name, found.birth_date, found.phone) == ("Nguyễn Văn Cảnh", "1987-03-14", "84935111222")
    assert get(logged_in, post(logged_in, "/admin/accounts/search", who="0935111222").location).text.count("nvc")
    assert [entry.detail for entry in noted(database) if entry.action == "account_corrected"] == ["full_name, phone"]


@pytest.mark.parametrize("written", ["20/12/1991", "20-12-91", "20 tháng 12 năm 1991", "1991-12-20", "20121991"])
def test_a_birth_date_is_corrected_as_citizens_write_it(
    logged_in: FlaskClient, database: Database, opened: int, written: str
) -> None:
    assert post(logged_in, f"/admin/accounts/{opened}/correct", birth_date=written).status_code == 303
    found = find(database, opened)
    assert found is not None
    assert found.birth_date == "1991-12-20"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("birth_date", "31/02/1990"),
        ("birth_date", "ngay mai"),
        ("phone", "0905"),
        ("full_name", "x" * 101),
        ("full_name", "Nguyen 123"),
        ("full_name", "An@"),
    ],
)
def test_a_fault_is_at_its_field_and_everything_typed_stays(
    logged_in: FlaskClient, database: Database, opened: int, field: str, wrong: str
) -> None:
    fields = {"full_name": "Le Thi B", "birth_date": "2/9/1990", "phone": "0935 111 222", field: wrong}
    page = post(logged_in, f"/admin/accounts/{opened}/correct", **fields)
    assert page.status_code == 400
    assert page.text.count('role="alert" id="fault-') == 1
    assert f'aria-invalid="true" aria-describedby="fault-{field}"' in page.text
    assert all(f'value="{typed}"' in page.text for typed in fields.values())
    assert not [entry for entry in noted(database) if entry.action == "account_corrected"]


def test_it_is_erased_by_an_administrator_who_types_its_name(
    logged_in: FlaskClient, database: Database, opened: int, make: Make
) -> None:
    make(OperatorRole.ADMINISTRATOR)
    assert post(logged_in, f"/admin/accounts/{opened}/erase", user_name="other").status_code == 400
    assert find(database, opened) is not None
    assert post(logged_in, f"/admin/accounts/{opened}/erase", user_name="NVC").location == "/admin/accounts"
    assert find(database, opened) is None
    assert did(database) == [("account_erased", f"account:{opened}")]


@pytest.mark.parametrize(
    "path", ["", "/reveal", "/disable", "/enable", "/password", "/correct", "/confirm-phone", "/release"]
)
def test_of_an_account_that_is_not_there_nothing_is_done(logged_in: FlaskClient, database: Database, path: str) -> None:
    response = post(logged_in, f"/admin/accounts/1{path}") if path else get(logged_in, "/admin/accounts/1")
    assert response.status_code == 404
    assert did(database) == []
