"""What TT says of a ticket, in each of its states."""

from __future__ import annotations

from sms_gateway.back_office.tickets import answering
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, opened


def told(hall: CityHall, number: str) -> str:
    answer = hall.text(AN, f"TT {number}").answer or ""
    assert len(answer) <= 160
    return answer


def test_a_ticket_in_work_has_its_unit_and_its_date(hall: CityHall) -> None:
    number = opened(hall, "PA den duong hong o phuong Hai Chau")
    said = told(hall, number)
    assert "UBND phuong Hai Chau" in said
    assert "03/12" in said


def test_a_ticket_that_waits_says_what_for_and_until_when(hall: CityHall) -> None:
    number = opened(hall)
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha, ten duong?"), number)
    said = told(hall, number)
    assert "So nha, ten duong" in said
    assert "07/12" in said


def test_an_answered_ticket_says_since_when_and_until_when_it_can_go_on(hall: CityHall) -> None:
    number = opened(hall)
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da xong."), number)
    said = told(hall, number)
    assert "30/11" in said
    assert "07/12" in said


def test_a_closed_ticket_says_so(hall: CityHall) -> None:
    number = opened(hall)
    hall.text(AN, f"HUY {number}")
    assert "dong" in told(hall, number)
