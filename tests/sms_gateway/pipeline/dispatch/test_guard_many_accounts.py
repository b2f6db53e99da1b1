"""A flood of TK from forged senders: it is called out at half, closed at the limit, and held against nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from db.limits.account_rates import LEAST_AN_HOUR, alarm_from, limit_for
from db.schema import AttemptKind, account, account_day, attempt
from db.store.engine import Database
from db.store.ids import first_id_at
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import ACCOUNT_DAYS, GuessLimits
from tests.sms_gateway.pipeline.dispatch.desk import NOON, Counterdesk, Fate

pytestmark = [pytest.mark.no_cover, pytest.mark.long_on_postgresql]  # the same lines many times

BUSY = "Hien co qua nhieu yeu cau mo tai khoan"


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    return Counterdesk(database=database)


def phone(number: int) -> str:
    return f"849050{number:05d}"


def tk(number: int) -> str:
    return f"TK, Nguyen Van Binh, 2{number:08d}, 20/12/1990"


def flood(desk: Counterdesk, count: int, *, since: int = 0) -> list[Fate]:
    """Register as many people, each from a phone of its own, fifty at once."""
    fates = []
    for start in range(since, since + count, 50):
        desk.pass_(seconds=1)
        numbers = range(start, min(start + 50, since + count))
        fates += desk.batch([(phone(number), tk(number)) for number in numbers])
    return fates


def outcomes(fates: list[Fate]) -> set[str | None]:
    return {fate.outcome for fate in fates}


def test_a_flood_is_told_at_half_and_closed_at_the_limit(desk: Counterdesk) -> None:
    half = LEAST_AN_HOUR // 2
    assert outcomes(flood(desk, half - 1)) == {"account_opened"}
    assert desk.events("many_accounts") == 0
    assert outcomes(flood(desk, 1, since=half - 1)) == {"account_opened"}
    assert desk.events("many_accounts") == 1
    fates = flood(desk, LEAST_AN_HOUR, since=half)
    assert [fate.outcome for fate in fates] == ["account_opened"] * half + ["registration_closed"] * half
    assert all(BUSY in str(fate.answer) for fate in fates[half:])
    assert (desk.events("many_accounts"), desk.events("accounts_closed")) == (1, 1)
    metrics = desk.metrics.render().decode()
    assert 'sms_alarms_total{kind="many_accounts"} 1.0' in metrics
    assert 'sms_alarms_total{kind="accounts_closed"} 1.0' in metrics


def test_whoever_was_refused_opens_an_account_an_hour_later(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=4, people=1))
    flood(desk, 4)
    for _ in range(3):
        desk.pass_(minutes=2)
        assert desk.text(phone(99), tk(99)).outcome == "registration_closed"
    desk.pass_(hours=1)
    assert desk.text(phone(99), tk(99)).outcome == "account_opened"


def test_while_it_is_closed_an_account_is_told_to_its_phone_and_never_to_another(desk: Counterdesk) -> None:
    """The words for a number with an account and for one without must be the same, or they would tell which has one."""
    desk.limits = Limits(guesses=GuessLimits(accounts=2))
    flood(desk, 2)
    desk.pass_(minutes=2)
    assert desk.text(phone(0), tk(0)).outcome == "account_exists"
    with_account, without = desk.batch([(phone(50), tk(0)), (phone(51), tk(51))])
    assert with_account == without
    assert without.outcome == "registration_closed"


def test_a_phone_that_asks_again_for_the_same_person_uses_up_nothing(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=2))
    for _ in range(4):
        desk.text(phone(0), tk(0))
        desk.pass_(minutes=3)
    assert desk.text(phone(1), tk(1)).outcome == "account_opened"
    assert desk.text(phone(2), tk(2)).outcome == "registration_closed"


def test_look_ups_are_answered_while_it_is_closed(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=1))
    desk.dossiers(["000.00.12.H17-230815-0007"])
    flood(desk, 2)
    assert desk.text(phone(3), "DVC 000.00.12.H17-230815-0007").outcome == "status_told"


def test_an_alarm_is_raised_once_a_day(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=4))
    for day in range(3):
        flood(desk, 6, since=day * 100)
        desk.pass_(hours=2)
        flood(desk, 6, since=day * 100 + 50)
        assert (desk.events("many_accounts"), desk.events("accounts_closed")) == (day + 1, day + 1)
        desk.pass_(hours=23)


def registered(database: Database, hours_ago: float, count: int) -> None:
    """Write attempts of an hour before noon, as the guard notes them."""
    first = first_id_at(NOON - timedelta(hours=hours_ago))
    rows = [
        {
            "id": first + number,
            "kind": AttemptKind.REGISTER,
            "sender_mark": phone(number),
            "subject_mark": f"3{number:08d}",
            "hit": True,
        }
        for number in range(count)
    ]
    with database.write() as connection:
        connection.execute(insert(attempt), rows)


def days(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(account_day.c.busiest_hour).order_by(account_day.c.first_id)))


def count_days(database: Database, **later: float) -> None:
    with database.write() as connection:
        ACCOUNT_DAYS.count(connection, now_id=first_id_at(NOON + timedelta(**later)))


def test_ten_times_the_busiest_hour_may_be_asked_for(desk: Counterdesk) -> None:
    registered(desk.database, 20, 30)
    registered(desk.database, 10, 12)
    for _ in range(2):  # safe to repeat
        count_days(desk.database)
        assert days(desk.database) == [30]
    fates = flood(desk, 320)
    assert [fate.outcome for fate in fates].count("account_opened") == 300
    assert desk.events("many_accounts") == 1


def test_a_flood_does_not_raise_the_limit_of_its_own_day_and_little_that_of_the_next(desk: Counterdesk) -> None:
    flood(desk, 250)
    count_days(desk.database, hours=1)
    assert days(desk.database) == [alarm_from(LEAST_AN_HOUR)]
    desk.pass_(hours=2)
    assert outcomes(flood(desk, 210, since=1000)) == {"account_opened", "registration_closed"}
    desk.pass_(hours=24)
    assert outcomes(flood(desk, 210, since=2000)) == {"account_opened"}


def test_days_are_remembered_after_their_attempts_are_gone_and_forgotten_after_thirty(desk: Counterdesk) -> None:
    registered(desk.database, 20, 40)
    count_days(desk.database)
    with desk.database.write() as connection:
        connection.execute(attempt.delete())
    for day in range(1, 31):
        count_days(desk.database, days=day)
        assert (40 in days(desk.database)) is (day <= 29)


@pytest.mark.parametrize(("busiest", "limit", "alarm"), [(0, 200, 100), (20, 200, 100), (21, 210, 105), (33, 330, 165)])
def test_the_limit_and_its_alarm(busiest: int, limit: int, alarm: int) -> None:
    assert (limit_for(busiest), alarm_from(limit_for(busiest))) == (limit, alarm)


def test_the_hour_is_counted_by_an_index_of_its_own(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM attempt WHERE attempt.kind = 'register' AND attempt.id >= 5"
        ).all()
    assert "COVERING INDEX ix_attempt_registered" in plan[0].detail


def test_no_account_is_opened_beyond_the_limit(desk: Counterdesk) -> None:
    desk.limits = Limits(guesses=GuessLimits(accounts=7))
    flood(desk, 60)
    with desk.database.read() as connection:
        assert len(connection.execute(select(account.c.id)).all()) == 7
