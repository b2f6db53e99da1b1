"""Texts that open a ticket, on both databases."""

from __future__ import annotations

from db.schema import Priority, TicketState
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    ON_DUTY,
    WARD_UNIT,
    CityHall,
    number_in,
    opened,
)


def test_a_question_becomes_a_ticket_with_the_number_that_is_answered(hall: CityHall) -> None:
    fate = hall.text(AN, "HOI lam ho chieu can giay to gi")
    (ticket,) = hall.tickets()
    assert (fate.state, fate.outcome) == ("handled", "ticket_opened")
    assert number_in(fate.answer) == ticket.number
    assert (ticket.state, ticket.subject) == (TicketState.NEW, "lam ho chieu can giay to gi")
    assert [entry.body for entry in hall.entries(ticket.number)] == ["HOI lam ho chieu can giay to gi"]


def test_a_report_goes_to_the_unit_of_its_ward(hall: CityHall) -> None:
    number = opened(hall, "PA den duong hong 3 ngay nay tai 25 Le Duan phuong Hai Chau")
    assert hall.ticket(number).unit_id == WARD_UNIT


def test_an_urgent_text_calls_the_first_on_duty_at_once(hall: CityHall) -> None:
    fate = hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    (ticket,) = hall.tickets()
    assert ticket.priority is Priority.URGENT
    assert "114" in (fate.answer or "")
    (called,) = hall.texts_to(ON_DUTY)
    assert ticket.number in called
    assert AN not in called
