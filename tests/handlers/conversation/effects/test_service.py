"""TT, LH, TTDL, EN and VI, NHAN: commands that file nothing."""

from __future__ import annotations

import pytest

from sms_gateway.back_office.tickets import answering, closing
from sms_gateway.back_office.tickets.working import take
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    BINH,
    ON_DUTY,
    SECOND_ON_DUTY,
    CityHall,
    number_in,
    opened,
)


def test_status_and_list(hall: CityHall) -> None:
    first = opened(hall)
    assert first in (hall.text(AN, "TT").answer or "")
    second = opened(hall, "PA ho ga mat nap o phuong Hai Chau")
    listed = hall.text(AN, "TT").answer or ""
    assert first in listed
    assert second in listed


def test_who_has_nothing_open_is_told_of_what_is_closed(hall: CityHall) -> None:
    assert "Chua co yeu cau nao" in (hall.text(AN, "TT").answer or "")
    first = opened(hall)
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Mang CCCD den."), first)
    hall.text(AN, "5")
    assert f"{first} (lam ho chieu can...): da dong (da tra loi)" in (hall.text(AN, "TT").answer or "")
    hall.pass_(hours=1)
    second = opened(hall, "PA ho ga mat nap o phuong Hai Chau")
    assert first not in (hall.text(AN, "TT").answer or "")  # one is open
    hall.pass_(hours=1)
    hall.act(lambda link, office, acting: closing.not_ours(link, office, acting, "Cong ty cap nuoc"), second)
    listed = hall.text(AN, "TT").answer or ""
    assert f"{second} da dong; {first} da dong." in listed
    hall.pass_(days=91)
    assert "Chua co yeu cau nao" in (hall.text(AN, "TT").answer or "")  # the phone may have another owner


def test_the_time_that_was_promised_is_not_told_when_it_has_passed(hall: CityHall) -> None:
    opened(hall)
    hall.pass_(days=5)
    assert "da qua han hen" in (hall.text(AN, "TT").answer or "")


def test_a_bare_number_of_the_sender_is_enough(hall: CityHall) -> None:
    number = opened(hall)
    digits = number.removeprefix("YC")
    for body in (digits, f"{digits[:3]} {digits[3:6]} {digits[6:]}", f"{number} cam on"):
        fate = hall.text(AN, body)
        assert fate.outcome in ("tickets_told", "nothing_to_answer"), body
    assert hall.text(AN, f"{digits} toi da nop roi").outcome == "text_filed"


def test_a_person_on_duty_takes_notice(hall: CityHall) -> None:
    number = number_in(hall.text(AN, "SOS chay o chung cu 12 Tran Phu").answer)
    hall.pass_(minutes=1)
    assert hall.text(ON_DUTY, f"NHAN {number}").outcome == "duty_acknowledged"
    assert hall.text(BINH, f"NHAN {number}").outcome == "no_such_ticket"


def test_a_person_on_duty_takes_notice_of_an_accusation_and_of_a_ticket_that_was_taken(hall: CityHall) -> None:
    urgent = number_in(
        hall.text(AN, "SOS to cao cuop chem nguoi, co nguoi bi cuop o 25 Le Duan phuong Hai Chau").answer
    )
    reported = opened(hall, "PA rac chat dong truoc nha phuong Hai Chau", BINH)
    hall.act(take, reported)
    hall.pass_(hours=1)
    hall.text(BINH, "chay nha roi, co nguoi bi cuop")  # its agent is away
    assert hall.ticket(urgent).is_accusation
    for number in (urgent, reported):
        assert hall.text(ON_DUTY, f"NHAN {number}").outcome == "duty_acknowledged", number
        assert hall.text(ON_DUTY, f"{number} xe da di").outcome == "duty_noted", number
        hall.pass_(seconds=30)
    before = len(hall.texts_to(ON_DUTY)), len(hall.texts_to(SECOND_ON_DUTY))
    for _ in range(10):
        hall.pass_(minutes=1)
        hall.look_at_timers()
    assert (len(hall.texts_to(ON_DUTY)), len(hall.texts_to(SECOND_ON_DUTY))) == before


def test_the_language_is_chosen_and_kept(hall: CityHall) -> None:
    assert "English" in (hall.text(AN, "EN").answer or "")
    answer = hall.text(AN, "HOI how to apply for a passport").answer or ""
    assert "Da nhan" not in answer
    assert hall.tickets()[0].language == "en"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("LH hai chau", "contact_told"),
        ("LH", "contact_told"),
        ("TTDL", "privacy_told"),
        ("HD", "helped"),
        ("HOI", "helped"),
        ("stop", "notices_ended"),
        ("HUY", "notices_ended"),
        ("DG 5", "helped"),
        ("khong", "helped"),
        ("ok", "nothing_to_answer"),
        ("TK bi khoa", "corrected"),
        ("TT YC613509427", "no_such_ticket"),
    ],
)
def test_texts_that_open_nothing(hall: CityHall, body: str, outcome: str) -> None:
    fate = hall.text(AN, body)
    assert fate.outcome == outcome
    assert len(fate.answer or "") <= 160
    assert hall.tickets() == []
