"""Texts to people on duty: whom, and what they are told."""

from __future__ import annotations

from dataclasses import replace

from db.store.engine import Database
from sms_gateway.pipeline.conversation.duty_calls import UrgentTicket, call, people_on_duty
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import MONDAY, ON_DUTY, WARD_UNIT, city_hall

TICKET = UrgentTicket(
    number="YC482173051", unit_id=WARD_UNIT, words="chay nha, goi 0905 123 456 ngay", ward="Phường Hải Châu"
)


def test_a_unit_without_people_on_duty_calls_those_of_the_duty_unit(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    units = hall.parts.units()
    assert units is not None
    assert [one.phone for one in people_on_duty(units, WARD_UNIT, MONDAY)][:1] == [ON_DUTY]


def test_a_call_names_number_and_ward_and_no_telephone(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    units = hall.parts.units()
    assert units is not None
    person = people_on_duty(units, WARD_UNIT, MONDAY)[0]
    sms = call(TICKET, person, hall.parts, hall.office().replies, now=MONDAY)
    assert sms is not None
    assert sms.recipient == ON_DUTY
    assert "YC482173051" in sms.body
    assert "0905" not in sms.body
    assert len(sms.body) <= 160


def test_without_a_channel_to_telephones_nobody_is_called(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    units = hall.parts.units()
    assert units is not None
    person = people_on_duty(units, WARD_UNIT, MONDAY)[0]
    assert call(TICKET, person, replace(hall.parts, senders=()), hall.office().replies, now=MONDAY) is None
