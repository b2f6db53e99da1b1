"""What may change who gets a password: another phone, a new password, a released identity number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from db.citizens.account_administration import find_account
from db.citizens.accounts import NO_PASSWORD, Account, find_every, open_account
from db.schema import AccountState, OperatorRole, account, outbound
from db.staff.operators import add_operator, change_password
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import LimitsSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import HASHED, NOON, PASSWORD, Clock, log_in
from tests.sms_gateway.pages.acting import did, get, noted, post
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

ID_NUMBER = "048087001234"
OLD, NEW, THIRD = Address("84905123456"), Address("84935111222"), Address("84977000111")
TK = f"TK, Nguyen Van Canh, {ID_NUMBER}, 14/03/1987"
MOST = 4


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    """An application with a link, and few changes for one operator."""
    link = LinkSettings(host="127.0.0.1", system_id="us")
    settings = parts.settings.model_copy(
        update={"links": {"mobifone": link}, "limits": LimitsSettings(changes_per_operator=MOST)}
    )
    return create_app(
        WebDependencies(**{name: getattr(parts, name) for name in WebDependencies.__slots__} | {"settings": settings})
    )


@pytest.fixture
def opened(database: Database, new_id: Callable[[], int]) -> int:
    """An account of long ago; its id."""
    made = new_id()
    new = Account(
        id=made,
        user_name="canhnv",
        id_number=ID_NUMBER,
        full_name="Nguyễn Văn Cảnh",
        birth_date="1987-03-14",
        phone=Msisdn(OLD),
        password_expires_at=None,
        state=AccountState.ACTIVE,
        created_at=NOON - timedelta(days=40),
        inbound_id=None,
    )
    with database.write() as connection:
        assert open_account(connection, new, password_hash="kept")
    return made


@pytest.fixture
def another(app: Flask, database: Database, new_id: Callable[[], int]) -> FlaskClient:
    """A second operator, logged in elsewhere."""
    made = new_id()
    with database.write() as connection:
        add_operator(
            connection, operator_id=made, name="minh", password_hash=HASHED, role=OperatorRole.OPERATOR, now=NOON
        )
        change_password(connection, made, HASHED)
    client = app.test_client()
    assert log_in(client, name="minh", password=PASSWORD).status_code == 303
    return client


def again(app: Flask) -> FlaskClient:
    """Log the first operator in anew: sessions end after some hours."""
    client = app.test_client()
    assert log_in(client).status_code == 303
    return client


def find(database: Database, account_id: int) -> Account:
    with database.read() as connection:
        found = find_account(connection, account_id)
    assert found is not None
    return found


def sent(database: Database) -> list[tuple[str, str]]:
    """Return what was queued, by recipient."""
    with database.read() as connection:
        rows = connection.execute(select(outbound.c.recipient, outbound.c.body).order_by(outbound.c.id))
        return [(row.recipient, row.body) for row in rows]


def change_phone(client: FlaskClient, account_id: int, phone: str = "0935 111 222") -> int:
    return post(client, f"/admin/accounts/{account_id}/correct", phone=phone).status_code


def confirm(client: FlaskClient, account_id: int, page: str) -> int:
    change = page.split('name="change" value="')[1].split('"', maxsplit=1)[0]
    return post(client, f"/admin/accounts/{account_id}/confirm-phone", change=change).status_code


class TestAnotherPhone:
    def test_the_phone_until_now_is_told_at_once_and_the_audit_log_says_phone(
        self, logged_in: FlaskClient, database: Database, opened: int
    ) -> None:
        assert change_phone(logged_in, opened) == 303
        [(recipient, body)] = sent(database)
        assert recipient == OLD
        assert body == (
            "So dien thoai cua TK canhnv vua duoc doi sang so khac. Neu khong phai ban yeu cau, xin goi ngay 1022."
        )
        assert [(one.action, one.detail, one.operator) for one in noted(database)] == [
            ("account_corrected", "phone", "lan")
        ]

    def test_a_new_password_waits_for_a_day(
        self, app: Flask, logged_in: FlaskClient, database: Database, opened: int, clock: Clock
    ) -> None:
        change_phone(logged_in, opened)
        page = get(logged_in, f"/admin/accounts/{opened}").text
        assert "Send a new password by SMS" not in page
        assert "another person must confirm it" in page
        for wait in (timedelta(0), timedelta(hours=23, minutes=59)):
            clock.now = NOON + wait
            refused = post(again(app), f"/admin/accounts/{opened}/password")
            assert refused.status_code == 409
            assert "No password was sent: the telephone was changed." in refused.text
        assert find(database, opened).state is AccountState.ACTIVE
        clock.now = NOON + timedelta(hours=24)
        assert post(again(app), f"/admin/accounts/{opened}/password").status_code == 303
        assert [recipient for recipient, _ in sent(database)] == [OLD, NEW]

    def test_or_for_a_second_person_who_is_not_the_one_who_changed_it(
        self, logged_in: FlaskClient, another: FlaskClient, database: Database, opened: int
    ) -> None:
        change_phone(logged_in, opened)
        page = get(another, f"/admin/accounts/{opened}").text
        assert "lan changed it at 22/11/2026 12:00" in page
        assert confirm(logged_in, opened, page) == 409  # not by oneself
        assert post(another, f"/admin/accounts/{opened}/password").status_code == 409  # nor without the word
        assert confirm(another, opened, page) == 303
        assert confirm(another, opened, page) == 409  # once
        assert "minh" in get(logged_in, f"/admin/accounts/{opened}").text
        assert post(logged_in, f"/admin/accounts/{opened}/password").status_code == 303
        assert [recipient for recipient, _ in sent(database)] == [OLD, NEW]
        assert [(one.action, one.detail, one.operator) for one in noted(database)] == [
            ("account_corrected", "phone", "lan"),
            ("account_phone_confirmed", "changed by lan", "minh"),
            ("account_password_sent", "", "lan"),
        ]

    def test_what_was_confirmed_is_that_change_and_no_later_one(
        self, logged_in: FlaskClient, another: FlaskClient, database: Database, opened: int, clock: Clock
    ) -> None:
        change_phone(logged_in, opened)
        page = get(another, f"/admin/accounts/{opened}").text
        clock.advance(timedelta(minutes=1))
        change_phone(logged_in, opened, THIRD)
        assert confirm(another, opened, page) == 409
        assert confirm(another, opened, get(another, f"/admin/accounts/{opened}").text) == 303
        clock.advance(timedelta(minutes=1))
        change_phone(logged_in, opened, NEW)
        assert post(another, f"/admin/accounts/{opened}/password").status_code == 409
        assert [recipient for recipient, _ in sent(database)] == [OLD, NEW, THIRD]

    def test_a_name_or_the_same_phone_changes_nobody(
        self, logged_in: FlaskClient, database: Database, opened: int
    ) -> None:
        post(logged_in, f"/admin/accounts/{opened}/correct", full_name="Nguyễn Văn Cảng", phone="0905 123 456")
        assert sent(database) == []
        assert post(logged_in, f"/admin/accounts/{opened}/password").status_code == 303
        assert [one.detail for one in noted(database)] == ["full_name", ""]
        post(logged_in, f"/admin/accounts/{opened}/correct")
        assert len(noted(database)) == 2  # nothing changed, nothing to write down


def test_one_operator_does_only_so_much_in_a_day(  # noqa: PLR0917 - pytest asks for fixtures by name
    app: Flask, logged_in: FlaskClient, another: FlaskClient, database: Database, opened: int, clock: Clock
) -> None:
    for _ in range(MOST):
        assert post(logged_in, f"/admin/accounts/{opened}/password").status_code == 303
    before = find(database, opened)
    for refused in (
        post(logged_in, f"/admin/accounts/{opened}/password"),
        post(logged_in, f"/admin/accounts/{opened}/correct", phone=NEW),
        post(logged_in, f"/admin/accounts/{opened}/release", card="seen"),
    ):
        assert refused.status_code == 409
        assert f"released numbers {MOST} times in 24 hours" in refused.text
    assert find(database, opened) == before
    assert len(sent(database)) == MOST
    assert post(logged_in, f"/admin/accounts/{opened}/correct", full_name="Nguyễn Văn Cảng").status_code == 303
    assert post(another, f"/admin/accounts/{opened}/password").status_code == 303  # others go on
    clock.advance(timedelta(hours=24, seconds=1))
    assert post(again(app), f"/admin/accounts/{opened}/password").status_code == 303


class TestRelease:
    def test_the_page_shows_the_sms_and_does_nothing_yet(
        self, logged_in: FlaskClient, database: Database, opened: int
    ) -> None:
        page = get(logged_in, f"/admin/accounts/{opened}/release").text
        assert "Tai khoan canhnv da ket thuc, mat khau khong con dung duoc." in page
        assert "<dt>segments</dt><dd>1</dd>" in page.replace("Segments", "segments")
        assert ID_NUMBER not in page
        assert OLD not in page
        refused = post(logged_in, f"/admin/accounts/{opened}/release")
        assert refused.status_code == 400
        assert "look at the card and tick the box" in refused.text
        assert (find(database, opened).state, sent(database), did(database)) == (AccountState.ACTIVE, [], [])

    def test_it_ends_the_account_and_tells_its_phone(
        self, logged_in: FlaskClient, database: Database, opened: int
    ) -> None:
        assert post(logged_in, f"/admin/accounts/{opened}/release", card="seen").status_code == 303
        assert find(database, opened).state is AccountState.RELEASED
        with database.read() as connection:
            assert connection.scalar(select(account.c.password_hash)) == NO_PASSWORD
        assert [recipient for recipient, _ in sent(database)] == [OLD]
        assert [(one.action, one.operator) for one in noted(database)] == [("account_released", "lan")]
        page = get(logged_in, f"/admin/accounts/{opened}").text
        assert "ended, its identity number is free again" in page
        assert "/password" not in page
        for act in ("release", "password", "disable", "enable"):
            assert post(logged_in, f"/admin/accounts/{opened}/{act}", card="seen").status_code == 409
        assert post(logged_in, f"/admin/accounts/{opened}/correct", phone=NEW).status_code == 409
        assert get(logged_in, f"/admin/accounts/{opened}/release").status_code == 409
        assert len(sent(database)) == 1

    def test_the_next_tk_opens_another_account_with_another_name(
        self, logged_in: FlaskClient, database: Database, opened: int
    ) -> None:
        desk = Counterdesk(database=database, now=NOON + timedelta(minutes=1))
        assert desk.text(THIRD, TK).outcome == "account_refused"
        post(logged_in, f"/admin/accounts/{opened}/release", card="seen")
        desk.pass_(minutes=2)
        assert desk.text(THIRD, TK).outcome == "account_opened"
        desk.pass_(minutes=2)
        assert desk.text(THIRD, TK).outcome == "account_exists"
        assert desk.text(OLD, TK).outcome == "account_refused"
        with database.read() as connection:
            ended, new = find_every(connection, ID_NUMBER)
        assert (ended.id, ended.user_name, ended.state) == (opened, "canhnv", AccountState.RELEASED)
        assert new.user_name != "canhnv"
        assert new.phone == THIRD
        found = get(logged_in, post(logged_in, "/admin/accounts/search", who=ID_NUMBER).location).text
        assert f"/admin/accounts/{opened}" in found
        assert f"/admin/accounts/{new.id}" in found

    def test_the_ended_account_is_erased_alone(
        self, logged_in: FlaskClient, database: Database, opened: int, make: Callable[[OperatorRole], None]
    ) -> None:
        desk = Counterdesk(database=database, now=NOON + timedelta(minutes=1))
        post(logged_in, f"/admin/accounts/{opened}/release", card="seen")
        with database.write() as connection:
            connection.execute(outbound.update().values(state="sent"))
        desk.text(THIRD, TK)
        make(OperatorRole.ADMINISTRATOR)
        assert post(logged_in, f"/admin/accounts/{opened}/erase", user_name="canhnv").status_code == 303
        with database.read() as connection:
            [left] = find_every(connection, ID_NUMBER)
        assert left.phone == THIRD


def test_without_a_link_nothing_is_changed_since_nobody_could_be_told(
    parts: WebDependencies, database: Database, opened: int, operator_id: int
) -> None:
    client = create_app(parts).test_client()
    assert log_in(client).status_code == 303
    for path, fields in (("correct", {"phone": NEW}), ("release", {"card": "seen"}), ("password", {})):
        refused = post(client, f"/admin/accounts/{opened}/{path}", **fields)
        assert refused.status_code == 409
        assert "no link can send an SMS" in refused.text
    assert (find(database, opened).phone, did(database)) == (OLD, [])
