"""Ratings, and short words that end a ticket."""

from __future__ import annotations

from db.schema import CloseReason, TicketState
from sms_gateway.back_office.tickets import answering
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    CityHall,
    opened,
)


def test_a_resolved_ticket_is_rated_and_closed(hall: CityHall) -> None:
    number = opened(hall)
    hall.act(
        lambda link, office, acting: answering.resolve(link, office, acting, "Mang CCCD den bo phan mot cua."), number
    )
    hall.pass_(hours=1)
    fate = hall.text(AN, "5")
    ticket = hall.ticket(number)
    assert (fate.outcome, ticket.state, ticket.close_reason) == (
        "ticket_rated",
        TicketState.CLOSED,
        CloseReason.ANSWERED,
    )


def test_a_low_rating_is_asked_why_and_its_words_reopen(hall: CityHall) -> None:
    number = opened(hall)
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da xong."), number)
    hall.pass_(hours=1)
    assert hall.text(AN, "khong hai long").outcome == "ticket_rated"
    assert hall.ticket(number).state is TicketState.RESOLVED
    hall.pass_(minutes=1)
    fate = hall.text(AN, "den van hong nhu cu")
    assert (fate.outcome, hall.ticket(number).state) == ("ticket_reopened", TicketState.OPEN)
    assert hall.ticket(number).reopened == 1


def test_thanks_close_an_answered_ticket_without_a_text(hall: CityHall) -> None:
    number = opened(hall)
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da xong."), number)
    hall.pass_(hours=1)
    fate = hall.text(AN, "cam on")
    assert (fate.outcome, fate.answer, hall.ticket(number).state) == ("ticket_agreed", None, TicketState.CLOSED)
