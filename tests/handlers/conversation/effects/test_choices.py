"""Texts that are kept until the citizen chooses by one digit."""

from __future__ import annotations

from db.tickets.kept_texts import KeptText, read_to_sort
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    CityHall,
    number_in,
    opened,
)


def test_a_text_without_keyword_is_kept_and_sent_by_one_digit(hall: CityHall) -> None:
    asked = hall.text(AN, "duong truoc nha toi ngap nuoc")
    assert (asked.outcome, hall.tickets()) == ("send_asked", [])
    hall.pass_(minutes=1)
    fate = hall.text(AN, "1")
    (ticket,) = hall.tickets()
    assert number_in(fate.answer) == ticket.number
    assert [entry.body for entry in hall.entries(ticket.number)] == ["duong truoc nha toi ngap nuoc"]


def test_a_kept_text_that_is_not_sent_is_deleted(hall: CityHall) -> None:
    hall.text(AN, "duong truoc nha toi ngap nuoc")
    hall.pass_(minutes=1)
    assert hall.text(AN, "2").outcome == "text_dropped"
    hall.pass_(minutes=1)
    assert hall.text(AN, "1").outcome == "helped"
    assert hall.tickets() == []


def test_with_two_tickets_the_citizen_is_asked_which_and_chooses_by_a_digit(hall: CityHall) -> None:
    first, second = opened(hall), opened(hall, "PA ho ga mat nap o phuong Hai Chau")
    asked = hall.text(AN, "van chua thay ai den sua")
    assert asked.outcome == "which_asked"
    assert (asked.answer or "").index(second) < (asked.answer or "").index(first)
    hall.pass_(minutes=1)
    fate = hall.text(AN, "2")
    assert number_in(fate.answer) == first
    assert [entry.body for entry in hall.entries(first)][-1] == "van chua thay ai den sua"
    assert len(hall.entries(second)) == 1


def test_the_third_choice_opens_a_ticket(hall: CityHall) -> None:
    known = {opened(hall), opened(hall, "PA ho ga mat nap o phuong Hai Chau")}
    hall.text(AN, "cho hoi them viec nua cho me toi")
    hall.pass_(minutes=1)
    assert number_in(hall.text(AN, "3").answer) not in known
    assert len(hall.tickets()) == 3


def test_the_sixth_ticket_of_a_day_is_kept_and_told_once(hall: CityHall) -> None:
    for place in range(5):
        opened(hall, f"HOI {'abcdefgh'[place] * 4} viec thu {place} cua toi o nha so {place}")
    sixth = hall.text(AN, "HOI mot viec nua rat khac voi cac viec tren")
    hall.pass_(minutes=5)
    seventh = hall.text(AN, "HOI them viec nua ve nuoc sach trong hem")
    assert (sixth.outcome, seventh.outcome, seventh.answer) == ("text_unfiled", "text_kept", None)
    assert len(hall.tickets()) == 5


def to_sort(hall: CityHall) -> list[KeptText]:
    with hall.database.read() as connection:
        return list(read_to_sort(connection, now=hall.now, size=9))


def test_a_choice_that_would_open_the_sixth_ticket_leaves_the_words_to_staff(hall: CityHall) -> None:
    numbers = [
        opened(hall, f"HOI {'abcdefgh'[place] * 4} viec thu {place} cua toi o nha so {place}") for place in range(5)
    ]
    hall.text(AN, "den lai hong o kiet 25 roi")
    hall.pass_(minutes=5)
    fate = hall.text(AN, "3")
    assert (fate.outcome, "5" in (fate.answer or "")) == ("text_unfiled", True)
    assert [one.body for one in to_sort(hall)] == ["den lai hong o kiet 25 roi"]
    for number in numbers:
        hall.text(AN, f"HUY {number}")
        hall.pass_(minutes=5)
    hall.text(AN, "ong nuoc truoc nha bi vo")  # nothing is open: send_kept is asked
    hall.pass_(minutes=5)
    assert hall.text(AN, "1").outcome == "text_kept"  # told once a day
    assert [one.body for one in to_sort(hall)] == ["den lai hong o kiet 25 roi", "ong nuoc truoc nha bi vo"]
    hall.pass_(minutes=5)
    assert hall.text(AN, "1").outcome == "helped"  # nothing is asked any more


def test_a_digit_is_a_choice_after_the_clock_was_set_back_too(hall: CityHall) -> None:
    hall.text(AN, "den lai hong o kiet 25 roi")
    hall.pass_(hours=-2)
    hall.text(AN, "1")
    (ticket,) = hall.tickets()
    assert [one.body for one in hall.entries(ticket.number)] == ["den lai hong o kiet 25 roi"]
    hall.pass_(minutes=10)
    other = opened(hall, "PA ho ga mat nap o phuong Hai Chau")
    hall.text(AN, "van chua thay ai den sua")
    hall.pass_(hours=-2)
    hall.text(AN, "van con hong do")
    hall.pass_(minutes=3)
    hall.text(AN, "1")
    assert [one.body for one in hall.entries(other)][1:] == ["van chua thay ai den sua", "van con hong do"]
    assert to_sort(hall) == []
