"""A ticket of the sender by its number."""

from __future__ import annotations

from sms_gateway.back_office.tickets import closing
from sms_gateway.back_office.tickets.results import Acted
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    CityHall,
    number_in,
    opened,
)


def test_a_merged_ticket_s_texts_go_to_the_other_one(hall: CityHall) -> None:
    first, second = opened(hall), opened(hall, "HOI ve viec lam ho chieu cho con nho")
    assert isinstance(hall.act(lambda link, office, acting: closing.merge(link, office, acting, second), first), Acted)
    hall.pass_(minutes=5)
    fate = hall.text(AN, f"TL {first} toi da nop roi")
    assert number_in(fate.answer) == second
