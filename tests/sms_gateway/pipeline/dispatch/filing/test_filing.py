"""Texts of the conversation through dispatch, on both databases: what is filed where, and what is answered."""

from __future__ import annotations

import re

import pytest

from db.schema import CloseReason, Priority, TicketState
from db.store.engine import Database
from sms_gateway.back_office.tickets import answering, closing
from sms_gateway.back_office.tickets.results import Acted
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    BINH,
    ON_DUTY,
    WARD_UNIT,
    CityHall,
    city_hall,
)

NUMBER = re.compile(r"YC[0-9]{9}")


@pytest.fixture
def hall(database: Database) -> CityHall:
    return city_hall(database)


def number_in(answer: str | None) -> str:
    found = NUMBER.search(answer or "")
    assert found is not None, answer
    return found.group()


def opened(hall: CityHall, body: str = "HOI lam ho chieu can giay to gi", sender: str = AN) -> str:
    """Open a ticket; the next text comes much later."""
    number = number_in(hall.text(sender, body).answer)
    hall.pass_(minutes=10)
    return number


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


def test_what_an_agent_asks_is_answered_by_a_plain_reply(hall: CityHall) -> None:
    number = opened(hall, "PA den duong hong o phuong Hai Chau")
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha, ten duong?"), number)
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN
    hall.pass_(minutes=5)
    fate = hall.text(AN, "nha so 25 Le Duan, gan cho")
    assert (fate.outcome, hall.ticket(number).state) == ("text_filed_for_agent", TicketState.OPEN)
    assert number_in(fate.answer) == number


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


def test_the_same_words_again_are_added(hall: CityHall) -> None:
    number = opened(hall)
    hall.pass_(hours=1)
    fate = hall.text(AN, "HOI lam ho chieu can giay to gi")
    assert (fate.outcome, number_in(fate.answer)) == ("ticket_repeated", number)


def test_the_sixth_ticket_of_a_day_is_kept_and_told_once(hall: CityHall) -> None:
    for place in range(5):
        opened(hall, f"HOI {'abcdefgh'[place] * 4} viec thu {place} cua toi o nha so {place}")
    sixth = hall.text(AN, "HOI mot viec nua rat khac voi cac viec tren")
    hall.pass_(minutes=5)
    seventh = hall.text(AN, "HOI them viec nua ve nuoc sach trong hem")
    assert (sixth.outcome, seventh.outcome, seventh.answer) == ("text_unfiled", "text_kept", None)
    assert len(hall.tickets()) == 5


def test_a_number_works_only_from_its_own_phone(hall: CityHall) -> None:
    number = opened(hall)
    fate = hall.text(BINH, f"TT {number}")
    assert fate.outcome == "no_such_ticket"
    assert "ho chieu" not in (fate.answer or "")


def test_status_and_list(hall: CityHall) -> None:
    first = opened(hall)
    assert first in (hall.text(AN, "TT").answer or "")
    second = opened(hall, "PA ho ga mat nap o phuong Hai Chau")
    listed = hall.text(AN, "TT").answer or ""
    assert first in listed
    assert second in listed


def test_a_withdrawn_ticket_is_closed(hall: CityHall) -> None:
    number = opened(hall)
    assert hall.text(AN, f"HUY {number}").outcome == "ticket_withdrawn"
    assert hall.ticket(number).close_reason is CloseReason.WITHDRAWN


def test_an_urgent_text_calls_the_first_on_duty_at_once(hall: CityHall) -> None:
    fate = hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    (ticket,) = hall.tickets()
    assert ticket.priority is Priority.URGENT
    assert "114" in (fate.answer or "")
    (called,) = hall.texts_to(ON_DUTY)
    assert ticket.number in called
    assert AN not in called


def test_a_person_on_duty_takes_notice(hall: CityHall) -> None:
    number = number_in(hall.text(AN, "SOS chay o chung cu 12 Tran Phu").answer)
    hall.pass_(minutes=1)
    assert hall.text(ON_DUTY, f"NHAN {number}").outcome == "duty_acknowledged"
    assert hall.text(BINH, f"NHAN {number}").outcome == "no_such_ticket"


def test_a_merged_ticket_s_texts_go_to_the_other_one(hall: CityHall) -> None:
    first, second = opened(hall), opened(hall, "HOI ve viec lam ho chieu cho con nho")
    assert isinstance(hall.act(lambda link, office, acting: closing.merge(link, office, acting, second), first), Acted)
    hall.pass_(minutes=5)
    fate = hall.text(AN, f"TL {first} toi da nop roi")
    assert number_in(fate.answer) == second


def test_several_texts_of_one_sender_in_a_batch_see_each_other(hall: CityHall) -> None:
    fates = hall.desk.batch([(AN, "HOI lam ho chieu can giay to gi"), (BINH, "TT"), (AN, "cho ca hai vo chong")])
    (ticket,) = hall.tickets()
    assert [fate.outcome for fate in fates] == ["ticket_opened", "tickets_told", "text_filed"]
    assert len(hall.entries(ticket.number)) == 2


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
