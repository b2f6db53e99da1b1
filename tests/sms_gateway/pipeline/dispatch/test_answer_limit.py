"""Who is answered at all, and how many answers everybody together gets: forged senders must not cost without end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, event

from db.store.engine import Database
from sms_gateway.pipeline.dispatch.answer_limit import AllAnswers
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.settings.model import LimitsSettings
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk, Fate

SILENT = Fate(state="silenced", outcome="all_answers", answer=None)


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    return Counterdesk(database=database)


def flood(desk: Counterdesk, count: int, *, since: int = 0) -> list[Fate]:
    """Ask for help as many times, each from a phone of its own, all at once."""
    desk.pass_(seconds=1)
    return desk.batch([(f"849051{number:05d}", "HD") for number in range(since, since + count)])


ABROAD = ["821012345678", "8821612345678", "881612345678", "12425551234", "+4915112345678", "85512345678"]


def test_a_number_abroad_is_stored_and_not_answered(desk: Counterdesk) -> None:
    texts = ("HD", "xin chao", "DVC 000.00.12.H17-230815-0007", "TK, Le Van Binh, 201499999, 20/12/1990")
    for number, text in product(ABROAD, texts):
        assert desk.text(number, text) == Fate(state="silenced", outcome="other_country", answer=None), (number, text)
    assert 'sms_silenced_total{reason="other_country"} 24.0' in desk.metrics.render().decode()


@pytest.mark.parametrize(("countries", "answered"), [(("84",), False), (("84", "82"), True), (("8210",), True)])
def test_a_country_that_is_named_is_answered(desk: Counterdesk, countries: tuple[str, ...], *, answered: bool) -> None:
    desk.limits = Limits(countries=countries)
    assert (desk.text("821012345678", "HD").answer is not None) is answered
    assert (desk.text("0905123456", "HD").answer is not None) is ("84" in countries)


@pytest.mark.parametrize("wrong", [[], ["+84"], ["084"], [""], ["VN"], ["84 "], ["12345678"]])
def test_what_is_no_country_code_is_refused(wrong: list[str]) -> None:
    with pytest.raises(ValidationError):
        LimitsSettings(countries=wrong)


def test_beyond_the_limit_texts_are_stored_and_silent_until_the_hour_is_over(desk: Counterdesk) -> None:
    desk.limits = Limits(answers_an_hour=10)
    assert all(fate.answer for fate in flood(desk, 4))
    assert desk.events("many_answers") == 0
    assert all(fate.answer for fate in flood(desk, 1, since=4))
    assert (desk.events("many_answers"), desk.events("answers_closed")) == (1, 0)
    fates = flood(desk, 8, since=5)
    assert [fate.answer is not None for fate in fates] == [True] * 5 + [False] * 3
    assert fates[5:] == [SILENT] * 3
    assert (desk.events("many_answers"), desk.events("answers_closed")) == (1, 1)
    desk.pass_(minutes=59)
    assert flood(desk, 1, since=20) == [SILENT]
    desk.pass_(minutes=2)
    assert flood(desk, 1, since=21)[0].answer is not None
    written = desk.metrics.render().decode()
    assert 'sms_silenced_total{reason="all_answers"} 4.0' in written
    assert 'sms_alarms_total{kind="answers_closed"} 1.0' in written


def test_a_silenced_text_uses_nothing_up(desk: Counterdesk) -> None:
    desk.limits = Limits(answers_an_hour=3)
    for number in range(9):
        desk.text("821012345678", f"HD {number}")
    assert all(fate.answer for fate in flood(desk, 3))


def test_no_limit_is_none(desk: Counterdesk) -> None:
    desk.limits = Limits(answers_an_hour=0)
    assert all(fate.answer for fate in flood(desk, 60))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        del connection, cursor, more
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_the_tables_are_asked_once_a_minute_and_the_alarm_too(sqlite_database: Database) -> None:
    """One dispatcher counts by itself meanwhile; another process's answers are seen within the minute."""
    ours = Counterdesk(database=sqlite_database, limits=Limits(answers_an_hour=10), all_answers=AllAnswers())
    with statements(sqlite_database) as seen:
        assert all(fate.answer for number in range(6) for fate in flood(ours, 1, since=number))
    assert sum("count(*)" in statement and "outbound" in statement for statement in seen) == 1
    assert sum("many_answers" in statement for statement in seen) == 1
    other = Counterdesk(database=sqlite_database, limits=Limits(answers_an_hour=10), now=ours.now, node=2)
    assert all(fate.answer for fate in flood(other, 3, since=30))
    assert all(fate.answer for fate in flood(ours, 1, since=40))
    ours.pass_(minutes=1)
    assert flood(ours, 1, since=41) == [SILENT]


@pytest.mark.parametrize("kind", ["many_answers", "answers_closed"])
def test_the_alarms_have_an_index(sqlite_database: Database, kind: str) -> None:
    with sqlite_database.read() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT at FROM event WHERE event.kind = '{kind}' AND id >= 5 ORDER BY id DESC LIMIT 1"
        ).all()
    assert "ix_event_answers" in plan[0].detail
