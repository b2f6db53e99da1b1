"""Numbers that are none of the sender's."""

from __future__ import annotations

from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    BINH,
    CityHall,
    opened,
)


def test_a_number_works_only_from_its_own_phone(hall: CityHall) -> None:
    number = opened(hall)
    fate = hall.text(BINH, f"TT {number}")
    assert fate.outcome == "no_such_ticket"
    assert "ho chieu" not in (fate.answer or "")
