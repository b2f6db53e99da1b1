"""Danger to life in words for a ticket that exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from db.schema import Priority
from db.store.engine import Database
from sms_gateway.back_office.tickets import answering, working
from sms_gateway.back_office.tickets.results import Acting, Office, Result
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    LAN,
    ON_DUTY,
    SECOND_ON_DUTY,
    CityHall,
    city_hall,
    opened,
)

REPORT = "PA rac chat dong truoc nha phuong Hai Chau"
CERTAIN, ONE_PHRASE = "chay nha roi, co nguoi bi cuop", "co nguoi bi cuop o day"


def minutes(hall: CityHall, count: int) -> None:
    for _ in range(count):
        hall.pass_(minutes=1)
        hall.look_at_timers()


def calls(hall: CityHall) -> tuple[int, int]:
    return len(hall.texts_to(ON_DUTY)), len(hall.texts_to(SECOND_ON_DUTY))


def test_people_on_duty_are_texted_one_after_the_other_while_nobody_has_the_ticket(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    acts: dict[str, Callable[[Connection, Office, Acting], Result]] = {
        "taken": working.take,
        "asked": partial(answering.ask, words="so nha nao"),
        "waits for others": partial(working.wait_third, reason="cho dien luc"),
        "resolved": partial(answering.resolve, words="da xong"),
    }
    cases = [
        ("untaken", CERTAIN, (2, 2)),
        ("taken", CERTAIN, (2, 2)),
        ("taken", ONE_PHRASE, (1, 0)),
        ("asked", CERTAIN, (2, 2)),
        ("asked", "TL {} " + ONE_PHRASE, (1, 0)),
        ("waits for others", CERTAIN, (2, 2)),
        ("resolved", "TL {} " + CERTAIN, (2, 2)),
    ]
    numbers = [opened(hall, REPORT, f"8490500010{place}") for place in range(len(cases))]
    for (before, _, _), number in zip(cases, numbers, strict=True):
        if before in acts:
            hall.act(acts[before], number)
    hall.pass_(hours=2)  # the agent is gone
    for place, ((before, words, _), number) in enumerate(zip(cases, numbers, strict=True)):
        fate = hall.text(f"8490500010{place}", words.format(number))
        assert (fate.answer or "").startswith("Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113"), before
        ticket = hall.ticket(number)
        assert (ticket.priority, ticket.assignee_id) == (Priority.URGENT, None), before
        assert ticket.final_due > hall.now, before
    minutes(hall, 30)
    for (before, words, expected), number in zip(cases, numbers, strict=True):
        texts = [sum(number in one for one in hall.texts_to(phone)) for phone in (ON_DUTY, SECOND_ON_DUTY)]
        assert tuple(texts) == expected, (before, words)


def test_who_takes_the_ticket_ends_the_calls_and_who_is_there_keeps_it(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    number = opened(hall, REPORT)
    hall.act(working.take, number)
    hall.text(AN, "van chua thay ai den don")
    assert hall.ticket(number).assignee_id is None  # of any absent agent
    hall.text(AN, CERTAIN)
    hall.act(working.take, number)
    minutes(hall, 20)
    assert calls(hall) == (1, 0)
    hall.text(
        AN, f"TL {number} den nhanh len"
    )  # its agent is not there: an urgent ticket that nobody has is called out
    assert hall.ticket(number).assignee_id is None
    minutes(hall, 7)
    assert calls(hall) == (1, 1)
    hall.act(working.take, number)
    minutes(hall, 20)
    assert calls(hall) == (1, 1)
    assert hall.ticket(number).assignee_id == LAN
    hall.act(working.release, number)
    minutes(hall, 7)
    assert calls(hall) == (1, 2)


def test_a_second_phrase_on_an_urgent_ticket_texts_people_at_once(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    number = opened(hall, "PA co nguoi bi cuop o 25 Le Duan phuong Hai Chau")
    minutes(hall, 1)
    assert calls(hall) == (1, 0)  # ten minutes passed at opening
    assert hall.text(AN, CERTAIN).answer == hall.texts_to(AN)[-1]
    assert "da bao truc ban" in hall.texts_to(AN)[-1]
    assert number in hall.texts_to(ON_DUTY)[-1]
    assert calls(hall) == (2, 0)


def test_sos_with_the_words_of_an_open_report_makes_it_urgent(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    number = opened(hall, "PA khoi bay nhieu o 12 Tran Phu phuong Hai Chau")
    fate = hall.text(AN, "SOS khoi bay nhieu o 12 Tran Phu phuong Hai Chau")
    assert (fate.outcome, len(hall.tickets())) == ("ticket_repeated", 1)
    assert (fate.answer or "").startswith("Day khong phai so cap cuu")
    assert number in (fate.answer or "")
    assert hall.ticket(number).priority is Priority.URGENT
    minutes(hall, 16)
    assert calls(hall) == (2, 2)
    hall.pass_(minutes=5)
    assert "113" in (hall.text(AN, "SOS khoi bay nhieu o 12 Tran Phu phuong Hai Chau").answer or "")
    assert calls(hall) == (2, 2)
