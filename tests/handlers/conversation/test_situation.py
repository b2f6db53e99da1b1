"""When a question of ours is live, and which tickets are at hand."""

from __future__ import annotations

import pytest

from db.schema.ticket_states import AskKind
from handlers.conversation.situation import Ask, Situation
from tests.handlers.conversation.situations import NUMBERS, situation, ticket

DAY, WEEK = 24 * 3600.0, 7 * 24 * 3600.0


@pytest.mark.parametrize(
    ("kind", "lives"),
    [
        (AskKind.DETAILS, WEEK),
        (AskKind.RATE, WEEK),
        (AskKind.WHY_LOW, WEEK),
        (AskKind.WHICH, DAY),
        (AskKind.SEND_KEPT, DAY),
    ],
)
def test_a_question_is_live_from_three_seconds_after_its_message_until_it_is_out_of_date(
    kind: AskKind, lives: float
) -> None:
    live = [Ask(kind=kind, seconds=seconds).is_live for seconds in (2.9, 3.0, lives, lives + 1)]
    assert live == [False, True, True, False]
    assert Ask(kind=kind, seconds=lives + 1).is_out_of_date


def test_tickets_are_at_hand_by_their_state() -> None:
    known = situation("N:A T:B P:C")
    assert [one.number for one in known.waiting] == [NUMBERS["C"]]
    assert len(known.at_hand) == 3


@pytest.mark.parametrize(
    ("given", "is_at_hand", "can_be_rated"),
    [("R:A/168", True, True), ("R:A/169", False, False), ("C:A/168", False, True), ("O:A", True, False)],
)
def test_an_answered_ticket_is_at_hand_for_a_week(given: str, *, is_at_hand: bool, can_be_rated: bool) -> None:
    known = Situation(tickets=(ticket(given),))
    assert (bool(known.at_hand), known.tickets[0].can_be_rated) == (is_at_hand, can_be_rated)


def test_a_merged_ticket_is_found_as_the_other_one() -> None:
    known = Situation(tickets=(ticket("C:A", merged_into=NUMBERS["B"]), ticket("O:B")))
    assert known.find(NUMBERS["A"]) == known.tickets[1]
    assert known.find(NUMBERS["C"]) is None
    assert known.find(None) is None
