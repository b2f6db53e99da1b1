"""Previews: what the phone would get, without any effect."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from sms_gateway.back_office.tickets.drafts import How, draft
from sms_gateway.back_office.tickets.results import Acting
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import EVERY_UNIT, LAN, CityHall


def acting(hall: CityHall, number: str) -> Acting:
    row = hall.ticket(number)
    return Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)


@pytest.mark.parametrize(
    ("how", "words", "holds"),
    [
        (How.ANSWER, "Mai thay den.", "Mai thay den."),
        (How.RESOLVE, "Da thay den.", "Chua xong"),
        (How.ASK, "So nha?", "So nha"),
        (How.WAIT, "cho cong ty dien luc", "cho cong ty dien luc"),
        (How.NOT_OURS, "Cong ty Dien luc", "Cong ty Dien luc"),
        (How.MERGE, "YC613509427", "YC613509427"),
    ],
)
def test_each_preview_names_the_ticket_and_the_words(
    hall: CityHall, number: str, how: How, words: str, holds: str
) -> None:
    with hall.database.read() as connection:
        shown = draft(connection, hall.office(), acting(hall, number), how, words)
    assert shown is not None
    assert number in shown.text
    assert holds in shown.text
    assert (shown.segments, list(shown.faults), list(shown.links)) == (1, [], [])


def test_faults_are_shown_beside_the_text(hall: CityHall, number: str) -> None:
    with hall.database.read() as connection:
        shown = draft(connection, hall.office(), acting(hall, number), How.ANSWER, "gui mat khau cho toi")
    assert shown is not None
    assert len(shown.faults) == 1


def test_a_preview_writes_nothing(hall: CityHall, number: str) -> None:
    written: list[str] = []
    seen = acting(hall, number)
    event.listen(hall.database.writer, "before_cursor_execute", lambda *given: written.append(given[2]))
    with hall.database.read() as connection:
        draft(connection, hall.office(), seen, How.RESOLVE, "Da thay den.")
    assert written == [] or all(statement.lstrip().upper().startswith("SELECT") for statement in written)
