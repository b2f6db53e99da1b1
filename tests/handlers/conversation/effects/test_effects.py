"""Each thing that filing can decide is carried out, whatever the situation: one outcome, and one answer at most."""

from __future__ import annotations

import pytest

from handlers.conversation.effects.outcomes import UNANSWERED
from sms_gateway.back_office.tickets import answering
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, opened


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("HOI viec khac: mo cua thu bay khong", "ticket_opened"),
        ("van chua xong gi ca", "ticket_reopened"),
        ("cam on nhieu nha", "ticket_agreed"),
        ("4", "ticket_rated"),
        ("10 diem", "score_asked"),
        ("dung", "meaning_asked"),
        ("khong", "ticket_reopened"),
        ("TT", "tickets_told"),
        ("👍", "ticket_agreed"),
        ("?", "helped"),
        ("...", "nothing_to_answer"),
        ("HUY", "notices_ended"),
    ],
)
def test_what_becomes_of_a_text_on_an_answered_ticket(hall: CityHall, body: str, outcome: str) -> None:
    number = opened(hall)
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da xong."), number)
    hall.pass_(hours=1)
    fate = hall.text(AN, body)
    assert fate.outcome == outcome
    assert (fate.answer is None) == (fate.outcome in UNANSWERED)
    assert len(fate.answer or "") <= 160
