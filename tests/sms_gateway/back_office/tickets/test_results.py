"""What comes of an act: the English words of every message, with their values."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

from sms_gateway.back_office.tickets import working
from sms_gateway.back_office.tickets.results import ACTS, Acting, Overtaken, Refused, refused
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import EVERY_UNIT, LAN, CityHall


def test_every_message_has_no_other_values_than_number_name_time_and_the_other_number() -> None:
    for key, words in ACTS.words.items():
        assert isinstance(words, str), key
        assert {name for _, name, _, _ in Formatter().parse(words) if name} <= {"number", "name", "other", "at"}, key


def test_a_refusal_says_why() -> None:
    assert [str(fault) for fault in refused("unit").faults] == ["There is no such unit, or it is not in use."]


def test_who_was_first_is_named_and_an_unknown_ticket_is_not_found(hall: CityHall, number: str) -> None:
    row = hall.ticket(number)
    seen = Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)
    hall.act_as(working.take, seen)
    second = hall.act_as(working.take, replace(seen, operator="minh"))
    assert isinstance(second, Overtaken)
    assert "lan changed" in str(second.message)
    assert isinstance(hall.act_as(working.take, replace(seen, ticket_id=1)), Refused)
