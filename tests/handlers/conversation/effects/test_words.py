"""Words for a ticket that exists: whose it is, and what they do to its state."""

from __future__ import annotations

from db.schema import CloseReason, TicketState
from sms_gateway.back_office.tickets import answering
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
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
