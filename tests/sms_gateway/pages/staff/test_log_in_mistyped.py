"""An operator with a second factor who mistypes the password waits as others do, and then gets in."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from db.schema import log_in_try, operator
from db.staff.log_in_attempts import FREE_TRIES, NAME_TRIES
from db.store.engine import Database
from tests.sms_gateway.conftest import Clock, log_in
from tests.sms_gateway.pages.staff.test_one_time_codes import enrol, second

ELSEWHERE, DESK = "10.9.9.9", "10.1.1.1"


def from_address(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


@pytest.fixture
def secret(app: Flask, operator_id: int, clock: Clock) -> str:
    """The secret of a second factor that the operator set up elsewhere."""
    del operator_id
    client = from_address(app, ELSEWHERE)
    assert log_in(client).status_code == 303
    made, _ = enrol(client, clock)
    clock.advance(timedelta(minutes=5))
    return made


def right(client: FlaskClient, secret: str, clock: Clock) -> int:
    return second(client, pyotp.TOTP(secret).at(clock.now)).status_code


def mistype(client: FlaskClient, times: int) -> None:
    for _ in range(times):
        assert log_in(client, password="oops").status_code == 401


def test_four_wrong_passwords_need_no_wait(app: Flask, secret: str, clock: Clock) -> None:
    desk = from_address(app, DESK)
    mistype(desk, FREE_TRIES - 1)
    assert right(desk, secret, clock) == 303


def test_after_five_wrong_passwords_the_right_one_and_its_code_wait_a_minute(
    app: Flask, secret: str, clock: Clock
) -> None:
    desk = from_address(app, DESK)
    mistype(desk, FREE_TRIES)
    assert log_in(desk).status_code == 401
    clock.advance(timedelta(seconds=61))
    assert right(desk, secret, clock) == 303


def test_the_same_in_a_known_browser(app: Flask, secret: str, clock: Clock) -> None:
    desk = from_address(app, DESK)
    assert right(desk, secret, clock) == 303
    desk.delete_cookie("session")
    mistype(desk, FREE_TRIES)
    clock.advance(timedelta(seconds=61))
    assert right(desk, secret, clock) == 303


def test_the_same_after_a_hundred_wrong_passwords_from_everywhere(
    app: Flask, secret: str, clock: Clock, database: Database
) -> None:
    with database.write() as connection:
        connection.execute(update(operator).values(failures=NAME_TRIES - 1))
    mistype(from_address(app, "203.0.113.7"), 1)
    desk = from_address(app, DESK)
    assert log_in(desk).status_code == 401
    clock.advance(timedelta(seconds=61))
    assert right(desk, secret, clock) == 303
    with database.read() as connection:
        assert connection.execute(select(operator.c.failures, operator.c.locked_until)).one() == (0, None)


def test_a_name_that_was_locked_is_still_forgotten_after_a_day(
    app: Flask, secret: str, clock: Clock, database: Database
) -> None:
    del secret
    with database.write() as connection:
        connection.execute(update(operator).values(failures=NAME_TRIES, locked_until=clock.now))
    assert log_in(from_address(app, DESK)).status_code == 200  # and never the code
    clock.advance(timedelta(days=1))
    mistype(from_address(app, DESK), 1)
    with database.read() as connection:
        assert connection.execute(select(operator.c.failures)).scalar_one() == 1


@pytest.mark.usefixtures("secret")
def test_the_right_password_takes_back_its_own_count_only(app: Flask, database: Database) -> None:
    desk = from_address(app, DESK)
    mistype(desk, 3)
    for _ in range(FREE_TRIES):
        assert log_in(desk).status_code == 200
    with database.read() as connection:
        assert list(connection.scalars(select(log_in_try.c.failures))) == [3]
        assert connection.execute(select(operator.c.failures)).scalar_one() == 3


def test_who_knows_the_password_guesses_at_codes_no_faster(app: Flask, secret: str, clock: Clock) -> None:
    guesser = from_address(app, DESK)
    for _ in range(FREE_TRIES):
        assert second(guesser, "000000").status_code == 401
    for minutes in (1, 2, 4, 8):
        assert log_in(guesser).status_code == 401
        clock.advance(timedelta(minutes=minutes, seconds=-1))
        assert log_in(guesser).status_code == 401
        clock.advance(timedelta(seconds=1))
        assert second(guesser, "000000").status_code == 401
    clock.advance(timedelta(minutes=15))
    assert right(guesser, secret, clock) == 303
