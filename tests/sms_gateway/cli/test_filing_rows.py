"""What `sms-gateway file` reads of a line: every key, and what is no text with a situation."""

from __future__ import annotations

import json

import pytest

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from handlers.conversation.situation import Ask, Guard, OwnTicket, Previous, Situation
from sms_gateway.cli.filing_rows import MOST_TICKETS, FaultyRowError, row_of

A = "YC482173051"
SITUATION = {
    "tickets": [
        {
            "number": A,
            "kind": "report",
            "state": "pending_citizen",
            "subject": "den hong",
            "hours": 3,
            "opened_hours": 4.5,
            "words": "den duong hong",
            "merged_into": "YC613509427",
            "rated": 2,
        },
        {"number": "YC613509427", "state": "closed"},
    ],
    "ask": {"kind": "which", "choices": [A, "new"], "kept_text": "con hong", "seconds": 120},
    "previous": {"seconds": 40, "ticket": A},
    "subscribed": True,
    "duty": True,
    "new_today": 2,
    "guard": "loop",
    "of another version": {},
}


def test_reads_every_key_and_ignores_unknown_ones() -> None:
    row = row_of(json.dumps({"id": 1, "text": "con hong", "situation": SITUATION}).encode(), longest=1)
    first = OwnTicket(
        number=A,
        kind=TicketKind.REPORT,
        state=TicketState.PENDING_CITIZEN,
        subject="den hong",
        hours=3,
        opened_hours=4.5,
        words="den duong hong",
        merged_into="YC613509427",
    )
    second = OwnTicket(number="YC613509427", kind=TicketKind.QUESTION, state=TicketState.CLOSED)
    assert row.text == "con hong"
    assert row.situation == Situation(
        tickets=(first, second),
        ask=Ask(kind=AskKind.WHICH, choices=(A, "new"), kept_text="con hong", seconds=120),
        previous=Previous(seconds=40, ticket=A),
        new_today=2,
        is_subscribed=True,
        is_duty=True,
        guard=Guard.LOOP,
    )


@pytest.mark.parametrize("situation", [None, {}, {"tickets": None, "ask": None, "previous": None, "guard": None}])
def test_what_is_not_given_is_that_of_a_stranger(situation: object) -> None:
    assert row_of(json.dumps({"text": "HOI", "situation": situation}).encode(), longest=1).situation == Situation()
    assert row_of(b'{"text": "HOI"}', longest=1).situation == Situation()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (None, "the line is longer than 9 octets"),
        (b"", "the line is no JSON"),
        (b"{", "the line is no JSON"),
        (b"[" * 100_000, "the line is no JSON"),
        (b'{"text": "\xff"}', "the line is no UTF-8"),
        (b"[]", "the line: an object is needed"),
        (b"null", "the line: an object is needed"),
        (b"{}", "text: a string is needed"),
        (b'{"text": 5}', "text: a string is needed"),
        (b'{"text": "a", "situation": []}', "situation: an object is needed"),
        (b'{"text": "a", "situation": {"tickets": {}}}', "tickets: a list is needed"),
        (b'{"text": "a", "situation": {"tickets": [5]}}', "tickets[0]: an object is needed"),
        (b'{"text": "a", "situation": {"tickets": [{"number": 5}]}}', "tickets[0].number: a string is needed"),
        (b'{"text": "a", "situation": {"ask": 5}}', "ask: an object is needed"),
        (b'{"text": "a", "situation": {"ask": {"kind": "which", "choices": [5]}}}', "ask.choices: strings are needed"),
        (b'{"text": "a", "situation": {"new_today": "5"}}', "new_today: a number is needed"),
        (b'{"text": "a", "situation": {"new_today": true}}', "new_today: a number is needed"),
        (b'{"text": "a", "situation": {"new_today": NaN}}', "new_today: a number is needed that can be"),
        (b'{"text": "a", "situation": {"new_today": 1e999}}', "new_today: a number is needed that can be"),
        (b'{"text": "a", "situation": {"new_today": %s}}' % (b"9" * 400), "new_today: a number is needed that can be"),
        (b'{"text": "a", "situation": {"subscribed": "no"}}', "subscribed: true or false is needed"),
        (b'{"text": "a", "situation": {"guard": "x"}}', "guard: one of blocked, own, loop is needed"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(line: bytes | None, fault: str) -> None:
    with pytest.raises(FaultyRowError) as raised:
        row_of(line, longest=9)
    assert str(raised.value).removesuffix(" measured") == fault


def test_the_states_that_there_are_are_named() -> None:
    line = b'{"text": "a", "situation": {"tickets": [{"number": "YC1", "state": "lost"}]}}'
    with pytest.raises(FaultyRowError, match="state: one of new, open, pending_citizen"):
        row_of(line, longest=1)


def test_nobody_has_more_tickets_than_are_read() -> None:
    tickets = [{"number": f"YC{place}", "state": "open"} for place in range(MOST_TICKETS + 1)]
    with pytest.raises(FaultyRowError, match="tickets: at most 100"):
        row_of(json.dumps({"text": "a", "situation": {"tickets": tickets}}).encode(), longest=1)
