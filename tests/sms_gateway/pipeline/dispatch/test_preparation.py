"""The preparation: a hash is made for a text that will need one, off the pipeline's thread, and for no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from queue import SimpleQueue

import pytest

from db.citizens.block_list import Block, put_on_list
from db.messages.inbox import WaitingText
from db.store.address import Address
from db.store.engine import Database
from handlers import HANDLERS
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.pipeline.dispatch.handling import ReadText, read_text
from sms_gateway.pipeline.dispatch.preparation import Preparation, is_worth_preparing
from sms_gateway.pipeline.dispatch.switched_off import Switches
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PERSON, OTHER = "84905123456", "84905999888"
DEADLINE = 20


def tk(number: int) -> str:
    return f"TK, Nguyen Van A, {201499000 + number}, 20/12/1990"


def read(desk: Counterdesk, body: str, sender: str = PERSON) -> ReadText:
    return read_text(
        WaitingText(
            id=desk.new_id(),
            link="main",
            sender=Address(sender),
            recipient="8188",
            body=body,
            received_at=desk.now,
            lease_until=desk.now + timedelta(seconds=15),
            attempts=0,
        ),
        {"8188"},
    )


def nothing(desk: Counterdesk) -> None:
    del desk


def an_account(desk: Counterdesk) -> None:
    assert desk.text(PERSON, tk(1)).outcome == "account_opened"
    desk.pass_(minutes=3)


def an_account_of_another_phone(desk: Counterdesk) -> None:
    assert desk.text(OTHER, tk(1)).outcome == "account_opened"


def three_accounts(desk: Counterdesk) -> None:
    for number in (2, 3, 4):
        assert desk.text(PERSON, tk(number)).outcome == "account_opened"
        desk.pass_(minutes=3)


def a_block(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        until = desk.now + timedelta(days=1)
        entry = Block(number=Address(PERSON), reason="why", made_by="lan", since=desk.now, until=until)
        put_on_list(connection, entry)


def a_loop(desk: Counterdesk) -> None:
    for number in range(5):
        desk.text(PERSON, f"xin chao {number}")
        desk.pass_(seconds=2)


def an_hour_used_up(desk: Counterdesk) -> None:
    for number in range(20):
        desk.text(PERSON, f"xin chao {number}")
        desk.pass_(seconds=150)


def a_flood(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=2))
    for number in (2, 3):
        assert desk.text(f"8490588888{number}", tk(number)).outcome == "account_opened"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (nothing, True),
        (an_account, False),
        (an_account_of_another_phone, False),
        (three_accounts, False),
        (a_block, False),
        (a_loop, False),
        (an_hour_used_up, False),
        (a_flood, False),
    ],
)
def test_a_first_password_is_made_only_for_who_may_have_one(
    database: Database, before: Callable[[Counterdesk], None], *, wanted: bool
) -> None:
    desk = Counterdesk(database=database)
    before(desk)
    item = read(desk, tk(1))
    assert is_worth_preparing(database, desk.limits, lambda: desk.now, HANDLERS, item) == wanted
    assert (
        is_worth_preparing(database, desk.limits, lambda: desk.now, HANDLERS, item) == wanted
    )  # asking leaves nothing behind
    assert (desk.text(PERSON, tk(1)).outcome == "account_opened") == wanted


def test_no_first_password_is_made_for_an_address_that_is_no_telephone_number(database: Database) -> None:
    desk = Counterdesk(database=database)
    item = read(desk, tk(1), sender="chat:84905123456")
    assert not is_worth_preparing(database, desk.limits, lambda: desk.now, HANDLERS, item)


def test_no_first_password_is_made_while_accounts_are_switched_off(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    item = read(desk, tk(1))
    for off, wanted in (("look_up_dossier", True), ("register_account", False)):
        switches = Switches(off={off: ""}, handlers=HANDLERS, keywords={})
        given = (sqlite_database, desk.limits, lambda: desk.now, HANDLERS, item)
        assert is_worth_preparing(*given, switches=lambda switches=switches: switches) == wanted, off  # type: ignore[misc] # a loop's lambda


def test_it_is_asked_and_made_on_a_thread_of_the_pool(sqlite_database: Database) -> None:
    desk = Counterdesk(database=sqlite_database)
    asked_on: list[str] = []
    ready: SimpleQueue[ReadText] = SimpleQueue()

    def wanted(item: ReadText) -> bool:
        asked_on.append(threading.current_thread().name)
        return item.text.sender == PERSON

    preparation = Preparation(1, ready.put, wanted=wanted)
    try:
        assert preparation.send([read(desk, tk(1)), read(desk, tk(2), OTHER)]) == []
        first, second = ready.get(timeout=DEADLINE), ready.get(timeout=DEADLINE)
    finally:
        preparation.stop()
    assert first.first_password is not None
    assert first.first_password.hashed.startswith("$argon2id$")
    assert second.first_password is None
    assert (first.was_refused, second.was_refused) == (False, True)
    assert all(name.startswith("prepare") for name in asked_on)
