"""The sample city in rows, and where its rules lead the citizens' texts."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from db.store.engine import Database
from db.units.calendars import unconfirmed_years
from db.units.contacts import has_duty_contacts, list_contacts
from db.units.route_rules import list_rules
from handlers.conversation.routing import Step, route
from handlers.conversation.routing.directory_rows import read_directory
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.demo.sample_directory import add_sample_city

TODAY = date(2026, 11, 28)


def add(database: Database, rules: int | None = None) -> None:
    ids = count(1)
    with database.write() as connection:
        add_sample_city(connection, new_id=lambda: next(ids), today=TODAY, rules=rules)


def test_the_city_has_its_contacts_and_confirmed_holidays(database: Database) -> None:
    add(database)
    with database.read() as connection:
        contacts = list_contacts(connection)
        assert len(contacts) == len({contact.phone for contact in contacts}) == 625
        assert has_duty_contacts(connection)
        assert unconfirmed_years(connection, date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    ("kind", "text", "unit", "step"),
    [
        ("report", "den duong hong 3 ngay nay tai 25 Le Duan phuong Hai Chau", "UBND phường Hải Châu", Step.WARD),
        ("report", "rac chat dong o thanh khe bac", "UBND phường Thanh Khê", Step.WARD),
        ("question", "dang ky tam tru can giay to gi a", "Công an thành phố", Step.RULE),
        ("question", "HAI CHAU: may gio mo cua", "UBND phường Hải Châu", Step.UNIT_NAME),
        ("question", "ho so 000.00.06.H17-230815-0007 sao lau", "Sở Xây dựng", Step.DOSSIER),
        ("proposal", "to cao ong X nhan tien", "Văn phòng UBND thành phố", Step.ACCUSATION),
        ("question", "may gio mo cua", "Văn phòng UBND thành phố", Step.FOCAL),
    ],
)
def test_texts_go_where_citizens_would_send_them(
    sqlite_database: Database, kind: str, text: str, unit: str, step: Step
) -> None:
    add(sqlite_database)
    with sqlite_database.read() as connection:
        found = route(text, kind, read_directory(connection, zone=LOCAL_ZONE, today=TODAY))
    assert (found.unit.name, found.step) == (unit, step)


def test_there_can_be_as_many_rules_as_a_large_city_has(sqlite_database: Database) -> None:
    add(sqlite_database, rules=500)
    with sqlite_database.read() as connection:
        rules = list_rules(connection)
        assert [rule.position for rule in rules] == list(range(1, 501))
        directory = read_directory(connection, zone=LOCAL_ZONE, today=TODAY)
    found = route("rac chat dong o phuong Hai Chau", "report", directory)
    assert (found.unit.name, found.step) == ("UBND phường Hải Châu", Step.RULE)
