"""A released identity number opens one account more: by the next text, and by no text from before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select, update

from db.citizens.account_administration import release
from db.citizens.accounts import Account, find_by_id_number, find_every
from db.messages.inbox import claim_waiting
from db.messages.resend import run_again
from db.schema import AccountState, InboundState, account, inbound, outbound
from db.store.address import Address
from db.store.engine import Database
from handlers import handle
from handlers.answer import Outcome
from sms_gateway.pipeline.intake.storage import Stored
from sms_gateway.pipeline.ports import Verdict
from tests.handlers.surroundings import CITIZEN, STRANGER, context, tk
from tests.sms_gateway.pipeline.dispatch.desk import LEASE, Counterdesk

ID_NUMBER = "201499999"
SQUATTER, HOLDER = "84905000001", "84905000002"
TK = f"TK, Nguyen Van Binh, {ID_NUMBER}, 20/12/1990"


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    desk = Counterdesk(database=database)
    assert desk.text(SQUATTER, TK).outcome == "account_opened"
    desk.pass_(minutes=5)
    return desk


def release_it(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        found = find_by_id_number(connection, ID_NUMBER)
        assert found is not None
        assert release(connection, found.id, phone=found.phone, released_id=desk.new_id())
        assert not release(connection, found.id, phone=found.phone, released_id=desk.new_id())
    desk.pass_(minutes=1)


def every(database: Database) -> list[Account]:
    with database.read() as connection:
        return list(find_every(connection, ID_NUMBER))


def phones(database: Database) -> list[tuple[str, bool]]:
    return [(one.phone, one.is_over) for one in every(database)]


def test_the_next_text_opens_a_new_account_and_nothing_of_the_old_one(desk: Counterdesk) -> None:
    assert desk.text(HOLDER, TK).outcome == "account_refused"
    release_it(desk)
    desk.pass_(minutes=2)
    assert desk.text(HOLDER, TK).outcome == "account_opened"
    old, new = every(desk.database)
    assert (old.phone, old.state, new.phone, new.state) == (
        SQUATTER,
        AccountState.RELEASED,
        HOLDER,
        AccountState.FIRST_PASSWORD,
    )
    assert old.user_name != new.user_name
    desk.pass_(minutes=2)
    assert desk.text(HOLDER, TK).outcome == "account_exists"
    assert desk.text(SQUATTER, TK).outcome == "account_refused"


def test_it_can_be_released_again_and_again(desk: Counterdesk) -> None:
    for number in range(3):
        release_it(desk)
        desk.pass_(days=1)
        assert desk.text(f"8490511111{number}", TK).outcome == "account_opened"
    assert [over for _, over in phones(desk.database)] == [True, True, True, False]
    assert len({one.user_name for one in every(desk.database)}) == 4


def test_the_old_phone_does_not_come_before_the_holder(desk: Counterdesk) -> None:
    release_it(desk)
    assert desk.text(SQUATTER, TK.replace("Binh", "Bich")).outcome == "account_refused"
    desk.pass_(minutes=5)
    assert desk.text(HOLDER, TK).outcome == "account_opened"
    assert phones(desk.database) == [(SQUATTER, True), (HOLDER, False)]


def test_no_account_is_released_by_time(desk: Counterdesk) -> None:
    desk.pass_(days=400)
    assert desk.text(HOLDER, TK).outcome == "account_refused"


def test_a_text_that_came_before_and_waited_opens_nothing(desk: Counterdesk) -> None:
    waiting = desk.store([(HOLDER, TK)])
    desk.pass_(minutes=1)
    release_it(desk)
    assert desk.dispatch(waiting)[0].outcome == "account_refused"
    assert phones(desk.database) == [(SQUATTER, True)]


def test_the_text_that_opened_it_run_again_opens_nothing(desk: Counterdesk) -> None:
    """Neither for its own phone, nor where staff had given the account another one in between."""
    release_it(desk)
    with desk.database.write() as connection:
        connection.execute(update(outbound).values(state="sent"))
        connection.execute(update(account).values(full_name="Nguyen Van Bich"))
        opened_by = connection.execute(select(inbound.c.id)).scalar_one()
        assert run_again(connection, opened_by)
        [waiting] = claim_waiting(connection, now=desk.now, lease_until=desk.now + LEASE, limit=5)
        connection.execute(update(outbound).values(inbound_id=None))  # its first answer, so that the next is found
    again = Stored(inbound_id=waiting.id, verdict=Verdict.STORED, waiting=waiting)
    assert desk.dispatch([again])[0].outcome == "account_refused"
    assert phones(desk.database) == [(SQUATTER, True)]


@pytest.mark.parametrize(
    ("label", "sender", "body", "hours", "outcome"),
    [
        ("repeated by a carrier", SQUATTER, TK, 1, "account_refused"),
        ("repeated by a carrier, late", SQUATTER, TK, 47, "account_refused"),
        ("the old phone, another name", SQUATTER, TK.replace("Binh", "Bich"), 1, "account_refused"),
        ("the old phone, another birth date", SQUATTER, TK.replace("1990", "1991"), 49, "account_refused"),
        ("the old phone, a month later", SQUATTER, TK, 30 * 24 - 1, "account_refused"),
        ("the old phone, more than a month later", SQUATTER, TK, 30 * 24 + 1, "account_opened"),
        ("the old phone, another number", SQUATTER, TK.replace("9999", "9998"), 1, "account_opened"),
        ("another phone", HOLDER, TK, 1, "account_opened"),
    ],
)
def test_what_opens_an_account_after_the_release(  # noqa: PLR0917 - a table of what is given and expected
    desk: Counterdesk, label: str, sender: str, body: str, hours: int, outcome: str
) -> None:
    release_it(desk)
    desk.pass_(hours=hours)
    assert desk.text(sender, body).outcome == outcome, label


@pytest.mark.database_matters
def test_of_two_texts_at_once_one_opens(database: Database) -> None:
    with database.write() as connection:
        assert handle(tk(), context(connection, sender=CITIZEN)).outcome is Outcome.ACCOUNT_OPENED
        found = find_by_id_number(connection, "201499999")
        assert found is not None
        assert release(connection, found.id, phone=found.phone, released_id=1)
    together = Barrier(2)

    def send(sender: Address) -> str:
        together.wait(5)
        with database.write() as connection:
            return handle(tk(), context(connection, sender=sender)).outcome

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(send, [STRANGER, Address("84905777777")]))
    assert outcomes == {Outcome.ACCOUNT_OPENED, Outcome.ACCOUNT_REFUSED}
    assert [over for _, over in phones(database)] == [True, False]


def test_a_refusal_after_the_release_reads_like_every_other(desk: Counterdesk) -> None:
    with_account = desk.text(HOLDER, TK)
    release_it(desk)
    repeated = replace(desk.text(SQUATTER, TK))
    assert repeated.answer == with_account.answer
    assert repeated.state == InboundState.HANDLED.value
