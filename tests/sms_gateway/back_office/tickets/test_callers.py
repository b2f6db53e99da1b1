"""Tickets for people who call or come: what they get, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sqlalchemy import select

from db.schema import TicketChannel, TicketKind, citizen
from db.store.address import Address, Msisdn
from sms_gateway.back_office.tickets import callers
from sms_gateway.back_office.tickets.callers import Caller
from sms_gateway.back_office.tickets.results import Acted, Draft, Refused, Result
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import WARD_UNIT, CityHall

PHONE = Msisdn(Address("84905777001"))
CALLER = Caller(operator="lan", phone=PHONE, kind=TicketKind.REPORT, words="Đèn đường hỏng ở phường Hải Châu")


def opened(hall: CityHall, caller: Caller) -> Result:
    with hall.database.write() as connection:
        done = callers.open_for(connection, hall.office(), caller)
    hall.send()
    return done


def test_a_caller_gets_the_number_by_sms_as_previewed(hall: CityHall) -> None:
    with hall.database.read() as connection:
        shown = callers.draft_for(connection, hall.office(), CALLER)
    done = opened(hall, CALLER)
    assert isinstance(shown, Draft)
    assert isinstance(done, Acted)
    (sms,) = hall.texts_to(PHONE)
    assert sms == shown.text.replace(callers.EXAMPLE_NUMBER, done.number)
    (ticket,) = hall.tickets()
    assert (ticket.channel, ticket.unit_id, ticket.phone) == (TicketChannel.CALL, WARD_UNIT, PHONE)


def test_the_citizen_may_reply_to_it(hall: CityHall) -> None:
    done = opened(hall, CALLER)
    assert isinstance(done, Acted)
    hall.pass_(hours=1)
    assert hall.text(PHONE, "van chua thay ai den sua").outcome == "text_filed"
    assert len(hall.entries(done.number)) == 3


def test_what_cannot_be_opened_is_refused(hall: CityHall) -> None:
    for caller in (replace(CALLER, words="  "), replace(CALLER, unit_id=999)):
        assert isinstance(opened(hall, caller), Refused)
    hall.parts = replace(hall.parts, senders=())
    assert isinstance(opened(hall, CALLER), Refused)
    assert hall.tickets() == []


def test_a_name_is_noted_and_forgotten(hall: CityHall) -> None:
    done = opened(hall, CALLER)
    assert isinstance(done, Acted)
    for words, kept in (("Nguyen Van A", "Nguyen Van A"), (" ", None)):
        hall.act(partial(callers.name, words=words), done.number)
        assert hall.ticket(done.number).citizen_name == kept


def test_the_name_of_a_caller_is_noted(hall: CityHall) -> None:
    opened(hall, replace(CALLER, name=" Nguyễn Thị Lan "))
    with hall.database.read() as connection:
        assert list(connection.scalars(select(citizen.c.name))) == ["Nguyễn Thị Lan"]
