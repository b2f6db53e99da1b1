"""Words for a ticket that exists: whose it is, and what they do to its state."""

from __future__ import annotations

from db.schema import CloseReason, Priority, TicketState
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acting
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    EVERY_UNIT,
    FOCAL,
    LAN,
    WARD_UNIT,
    CityHall,
    number_in,
    opened,
)


def test_what_an_agent_asks_is_answered_by_a_plain_reply(hall: CityHall) -> None:
    number = opened(hall, "PA den duong hong o phuong Hai Chau")
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha, ten duong?"), number)
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    hall.pass_(minutes=5)
    fate = hall.text(AN, "nha so 25 Le Duan, gan cho")
    assert (fate.outcome, hall.ticket(number).state) == ("text_filed_for_agent", TicketState.OPEN)
    assert number_in(fate.answer) == number


def test_the_same_words_again_are_added(hall: CityHall) -> None:
    number = opened(hall)
    hall.pass_(hours=1)
    fate = hall.text(AN, "HOI lam ho chieu can giay to gi")
    assert (fate.outcome, number_in(fate.answer)) == ("ticket_repeated", number)


def test_a_withdrawn_ticket_is_closed(hall: CityHall) -> None:
    number = opened(hall)
    assert hall.text(AN, f"HUY {number}").outcome == "ticket_withdrawn"
    assert hall.ticket(number).close_reason is CloseReason.WITHDRAWN


def test_a_report_without_a_ward_gets_it_from_what_the_citizen_writes_next(hall: CityHall) -> None:
    number = opened(hall, "PA rac chat dong ngoai duong")
    assert (hall.ticket(number).ward_id, hall.ticket(number).unit_id) == (None, FOCAL)
    hall.text(AN, "o phuong Hai Chau, duong Le Duan")
    assert (hall.ticket(number).ward_id, hall.ticket(number).unit_id) == (1, WARD_UNIT)


def test_a_question_that_could_not_be_sent_is_asked_no_more_after_a_day(hall: CityHall) -> None:
    number = opened(hall)
    seen = hall.ticket(number)
    acting = Acting(ticket_id=seen.id, version=seen.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)
    with hall.database.write() as connection:
        answering.ask(connection, hall.office(), acting, "So nha?")
    hall.pass_(hours=1)
    hall.desk.text(AN, "so nha la 25")
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    hall.pass_(hours=24)
    hall.desk.text(AN, "so nha la 25, duong Le Duan")
    assert hall.ticket(number).state is TicketState.OPEN


def test_words_of_danger_break_no_promise_to_the_citizen(hall: CityHall) -> None:
    number = opened(hall, "PA den duong hong o phuong Hai Chau")
    told = hall.ticket(number)
    hall.pass_(minutes=5)
    hall.text(AN, f"TL {number} cot dien dang chay lon")
    after = hall.ticket(number)
    assert (after.priority, after.final_due, after.promised_at) == (Priority.URGENT, told.final_due, told.promised_at)
    hall.pass_(days=2)
    hall.look_at_timers()
    assert not any("xin loi" in text for text in hall.texts_to(AN))
    hall.pass_(days=2)
    hall.look_at_timers()
    assert sum("xin loi" in text for text in hall.texts_to(AN)) == 1
