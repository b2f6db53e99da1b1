"""The state of a ticket and the list of all: the newest first, and what is unknown left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.schema.ticket_states import CloseReason, TicketState
from handlers.conversation.answers.status import not_yours, status, ticket_list
from tests.handlers.conversation.answers.cases import OTHER, TICKET, A, B
from tests.handlers.surroundings import CONVERSING, SERVICE


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (CloseReason.ANSWERED, "da dong (da tra loi)"),
        (CloseReason.NO_REPLY, "da dong (chua co tra loi cua ban)"),
        (CloseReason.WITHDRAWN, "da dong (ban da huy)"),
        (CloseReason.NOT_OURS, "da dong (thuoc noi khac)"),
        (CloseReason.SPAM, "da dong."),
        (None, "da dong."),
    ],
)
def test_a_closed_ticket_says_why_but_not_that_it_was_taken_for_spam(reason: CloseReason | None, said: str) -> None:
    text = status(replace(TICKET, state=TicketState.CLOSED, close_reason=reason), CONVERSING)
    assert said in text


def test_a_merged_ticket_names_the_other_one() -> None:
    merged = replace(TICKET, state=TicketState.CLOSED, close_reason=CloseReason.MERGED, merged_into=B)
    assert status(merged, SERVICE) == f"{A} da gop vao {B} vi cung mot viec. Tin sau se ghi vao {B}."


def test_a_ticket_that_waits_for_another_body_says_for_which() -> None:
    third = replace(TICKET, state=TicketState.PENDING_THIRD)
    assert "dang cho co quan khac (Cong ty Dien luc), hen tra loi 17h30 thu hai 30/11." in status(third, CONVERSING)
    assert status(replace(third, reason=None, unit=None, due=None), CONVERSING) == (
        f"{A}: dang cho co quan khac. Ho tro: 1022"
    )


def test_where_ratings_are_off_an_answered_ticket_asks_for_none() -> None:
    answered = replace(TICKET, state=TicketState.RESOLVED)
    assert status(answered, SERVICE) == f"{A}: da tra loi ngay 28/11. Chua xong: tra loi tin nay truoc 05/12."


def test_days_of_the_list_are_those_that_the_citizen_waits_for() -> None:
    answered = replace(TICKET, number="YC407192867", state=TicketState.RESOLVED)
    text = ticket_list([TICKET, OTHER, answered], CONVERSING)
    assert f"{A} cho xu ly, hen 30/11; {B} cho ban bo sung; YC407192867 da tra loi." in text


def test_no_time_is_promised_that_has_passed() -> None:
    late = replace(TICKET, is_late=True)
    for state in (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD):
        text = status(replace(late, state=state), CONVERSING)
        assert "da qua han hen" in text, state
        assert "30/11" not in text, state
    text = ticket_list([late, OTHER], CONVERSING)
    assert f"{A} cho xu ly, da qua han; {B} cho ban bo sung." in text


def test_the_words_for_anothers_number_depend_on_nothing_but_the_number() -> None:
    assert not_yours(B, CONVERSING).replace(B, A) == not_yours(A, CONVERSING)
