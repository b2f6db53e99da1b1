"""TK: one account, one first password, and nothing told to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from time import monotonic

import pytest
from sqlalchemy import func, select, text, update

from db.citizens.accounts import find_by_id_number
from db.schema import AccountState, account
from db.store.address import Address
from db.store.engine import Database
from handlers import handle
from handlers.answer import Answer, Outcome
from handlers.commands.registration import NotPreparedError
from handlers.context import NoPhoneError, Registration, ServiceFacts
from handlers.notices import tell_phone_changed, tell_released
from handlers.user_names import candidates, stem_of
from handlers.wording.plain import is_plain
from tests.handlers.surroundings import CITIZEN, FIRST, NOW, STRANGER, context, services, tk


def accounts(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(account)).scalar_one())


def send(
    database: Database, sender: Address = CITIZEN, name: str = "Nguyễn Văn A", number: str = "201499999"
) -> Answer:
    with database.write() as connection:
        return handle(tk(name, number), context(connection, sender=sender))


def test_opens_an_account_and_tells_its_first_password_once(database: Database) -> None:
    answer = send(database)
    assert answer.outcome is Outcome.ACCOUNT_OPENED
    assert answer.text.startswith("TK: nguyenvana, MK: abcde23456 la tai khoan")
    assert "Hay doi mat khau trong 3 ngay tai Cong dich vu cong." in answer.text
    with database.read() as connection:
        opened = find_by_id_number(connection, "201499999")
    assert opened is not None
    assert (opened.full_name, opened.birth_date, opened.phone) == ("Nguyễn Văn A", "1990-12-20", CITIZEN)
    assert (opened.state, opened.inbound_id) == (AccountState.FIRST_PASSWORD, 7)
    assert opened.password_expires_at == NOW + timedelta(days=3)


def test_opens_no_account_for_an_address_that_is_no_telephone_number(database: Database) -> None:
    with pytest.raises(NoPhoneError):
        send(database, sender=Address("chat:84905123456"))
    assert accounts(database) == 0


def test_masks_the_password_wherever_it_stands(database: Database) -> None:
    answer = send(database)
    assert answer.masked == answer.text.replace("MK: abcde23456 ", "MK: **** ")
    assert FIRST.clear not in answer.masked
    assert FIRST.clear not in repr(FIRST)
    assert FIRST.hashed not in repr(FIRST)


def test_keeps_the_hash_and_never_the_password(database: Database) -> None:
    send(database)
    with database.read() as connection:
        row = connection.execute(select(account)).one()
    assert row.password_hash == FIRST.hashed
    assert FIRST.clear not in str(row)


def test_the_same_phone_again_is_told_the_name_and_opens_nothing(database: Database) -> None:
    send(database)
    answer = send(database)
    assert answer.outcome is Outcome.ACCOUNT_EXISTS
    assert "nguyenvana" in answer.text
    assert "1022" in answer.text
    assert FIRST.clear not in answer.text
    assert accounts(database) == 1


def test_a_batch_may_hold_the_same_text_twice(database: Database) -> None:
    with database.write() as connection:
        answers = [handle(tk(), context(connection)) for _ in range(2)]
    assert [answer.outcome for answer in answers] == [Outcome.ACCOUNT_OPENED, Outcome.ACCOUNT_EXISTS]
    assert accounts(database) == 1


def test_another_phone_is_refused_and_learns_nothing(database: Database) -> None:
    send(database)
    answer = send(database, STRANGER, name="Người Khác")
    assert answer.outcome is Outcome.ACCOUNT_REFUSED
    assert "1022" in answer.text
    for private in ("nguyenvana", "Nguyen", "201499999", "84905123456", "0905123456", "da co"):
        assert private not in answer.text
    assert accounts(database) == 1


def test_an_account_closed_or_expired_says_so_to_its_own_phone(database: Database) -> None:
    send(database)
    with database.write() as connection:
        late = handle(tk(), context(connection, now=NOW + timedelta(days=3)))
        connection.execute(update(account).values(state=AccountState.DISABLED))
        closed = handle(tk(), context(connection))
    assert "het han" in late.text
    assert "khoa" in closed.text
    assert late.outcome is closed.outcome is Outcome.ACCOUNT_EXISTS


def test_an_account_with_a_password_of_its_own_does_not_expire(database: Database) -> None:
    send(database)
    with database.write() as connection:
        connection.execute(update(account).values(state=AccountState.ACTIVE, password_expires_at=None))
        answer = handle(tk(), context(connection, now=NOW + timedelta(days=300)))
    assert "het han" not in answer.text


def test_namesakes_get_names_of_their_own(database: Database) -> None:
    names = []
    with database.write() as connection:
        for number in range(30):
            answer = handle(tk(id_number=f"0482150000{number:02d}"), context(connection))
            assert answer.outcome is Outcome.ACCOUNT_OPENED
            assert len(answer.text) <= 160
            names.append(answer.text.split(",")[0].removeprefix("TK: "))
    assert names[:10] == ["nguyenvana", *(f"nguyenvana{number}" for number in range(2, 10)), names[9]]
    assert len(set(names)) == 30
    assert all(re.fullmatch(r"nguyenvana\d{0,3}", name) for name in names)


@pytest.mark.parametrize(
    ("numbers", "senders", "expected"),
    [
        pytest.param(
            ["201499999"] * 2, [CITIZEN] * 2, {"account_opened", "account_exists"}, id="one person, one phone"
        ),
        pytest.param(
            ["201499999"] * 2, [CITIZEN, STRANGER], {"account_opened", "account_refused"}, id="one person, two phones"
        ),
        pytest.param(["201499999", "201499998"], [CITIZEN] * 2, {"account_opened"}, id="two namesakes"),
    ],
)
def test_two_at_once_open_what_belongs_to_each(
    database: Database, numbers: list[str], senders: list[Address], expected: set[str]
) -> None:
    together = Barrier(2)

    def one(number: str, sender: Address) -> Answer:
        together.wait(5)
        return send(database, sender, number=number)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(one, numbers, senders))
    assert {answer.outcome for answer in answers} == expected
    assert accounts(database) == len(set(numbers))


def test_a_name_taken_between_asking_and_writing_is_passed_over(postgres_database: Database) -> None:
    written = Event()

    def other() -> None:
        with postgres_database.write() as connection:
            handle(tk(id_number="048215000001"), context(connection))
            written.set()
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            deadline = monotonic() + 5
            while not connection.execute(waiting).scalar_one() and monotonic() < deadline:
                written.wait(0.01)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(other)
        assert written.wait(5)
        # Not committed yet, so the name looks free when it is asked for; writing it waits, and then fails.
        answer = send(postgres_database)
        done.result(5)
    assert answer.text.startswith("TK: nguyenvana2,")
    assert accounts(postgres_database) == 2


def test_needs_a_password_made_before_the_transaction(database: Database) -> None:
    with database.write() as connection, pytest.raises(NotPreparedError):
        handle(tk(), context(connection, first_password=None))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        pytest.param("Nguyễn Thị Thu Hằng", "hangntt", id="given name and initials"),
        pytest.param("NGUYỄN VĂN A", "nguyenvana", id="too short for initials"),
        pytest.param("Đặng Đình Đức", "ducdd", id="stroked D"),
        pytest.param("H'Hen Niê", "nieh", id="apostrophe"),
        pytest.param("Y Moan Êban", "ebanym", id="single letters"),
        pytest.param("Ng. V. A", "ngva", id="abbreviations"),
        pytest.param("Jean-Pierre Nguyễn", "nguyenj", id="hyphen"),
        pytest.param("王 小明", "congdan", id="no Latin letters"),
        pytest.param("A " + "B" * 60, "b" * 20, id="very long"),
    ],
)
def test_user_names_come_from_names(name: str, stem: str) -> None:
    assert stem_of(name) == stem
    assert re.fullmatch(r"[a-z]{4,20}", stem)


def test_user_names_stay_within_the_column() -> None:
    tried = list(candidates("A " + "B" * 60))
    assert max(map(len, tried)) <= 32
    assert len(set(tried)) > 20


@services
def test_every_answer_is_one_segment_for_the_longest_name(sqlite_database: Database, service: ServiceFacts) -> None:
    command = tk(name="Tôn Nữ " + "Phương" * 6)
    answers = []
    with sqlite_database.write() as connection:
        for sender, later in ((CITIZEN, 0), (CITIZEN, 0), (CITIZEN, 40), (STRANGER, 0)):
            now = NOW + timedelta(days=later)
            answers.append(handle(command, context(connection, sender=sender, service=service, now=now)))
        connection.execute(update(account).values(state=AccountState.DISABLED))
        answers.append(handle(command, context(connection, service=service)))
        closed = replace(context(connection, sender=STRANGER, service=service), registration=Registration.CLOSED)
        answers.append(handle(command, closed))
    assert [len(answer.text) for answer in answers if len(answer.text) > 160] == []
    assert f" {service.password_place}." in answers[0].text
    assert all(
        "phuongphuongphuongph" in answer.text
        for answer in answers
        if answer.outcome not in {Outcome.ACCOUNT_REFUSED, Outcome.REGISTRATION_CLOSED}
    )
    assert answers[-1].outcome is Outcome.REGISTRATION_CLOSED
    assert service.hotline in answers[-1].text


def test_whoever_was_refused_when_the_password_was_to_be_made_is_asked_to_come_again(database: Database) -> None:
    """A flood may end between the preparation and the handling: that is no fault of ours, and the text is not lost."""
    with database.write() as connection:
        refused = replace(context(connection, first_password=None), was_refused=True)
        assert handle(tk(), refused).outcome is Outcome.REGISTRATION_CLOSED
        assert handle(tk(), context(connection)).outcome is Outcome.ACCOUNT_OPENED
        assert handle(tk(), refused).outcome is Outcome.ACCOUNT_EXISTS
        stranger = replace(context(connection, sender=STRANGER, first_password=None), was_refused=True)
        assert handle(tk(), stranger).outcome is Outcome.ACCOUNT_REFUSED


@services
@pytest.mark.parametrize("tell", [tell_released, tell_phone_changed])
@pytest.mark.parametrize("user_name", ["hangntt", "p" * 32], ids=["usual name", "longest name"])
def test_a_notice_is_one_segment_with_a_way_to_ask_and_no_more_than_the_user_name(
    service: ServiceFacts, tell: Callable[[str, ServiceFacts], str], user_name: str
) -> None:
    text = tell(user_name, service)
    assert len(text) <= 160
    assert is_plain(text)
    assert user_name in text
    assert service.hotline in text
