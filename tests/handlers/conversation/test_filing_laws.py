"""The laws of filing, for every text in every situation: one rule decides, and nothing raises."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from db.tickets.states import TRANSITIONS
from handlers.conversation.filing import file, needs_situation
from handlers.conversation.filing.filed import Does, Filed, Rule
from handlers.conversation.filing.policy import FreeText, Policy
from handlers.conversation.situation import NEW, Ask, Guard, OwnTicket, Previous, Situation
from parsers import read
from parsers.fields.codes.ticket_numbers import new_number
from parsers.vocabulary import CONVERSATION_VOCABULARY, VOCABULARY
from tests.handlers.conversation.situations import NUMBERS, STRANGE, TODAY

pytestmark = [pytest.mark.no_cover, pytest.mark.timeout(1800)]
LONG = os.environ.get("SMS_GATEWAY_TEST_LONG") == "1"
LAWS = settings(
    max_examples=40_000 if LONG else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

WORDS = (
    "HOI PA KN GY SOS KHAN TT TL DG LH HUY TTDL EN VI NHAN HD TK DVC MOI HET cho toi hoi"
    " phan anh kien nghi gop y cau hoi cam on ok da vang khong dong y dung dừng stop da xong 1 2 3 4 5 0 4,5 10 diem"
    " 5/5 sao kem rat tot te . , : ? ! - # den duong hong o Le Duan phuong Hai Chau co chay tai nan"
    " cháy xe buyt bao gio xong chua PAden HPI KNN"
    " Nguyen Van A 201499999 20/12/1990 000.00.12.H17-230815-0007 13557009 0905123456 TK, bi khoa quen mk gui 8188"
    f" {STRANGE} YC48217305 YC482173057 482173051 #482173O51 👍 🙏 xin chao giup em nhe"
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(st.sampled_from([*WORDS.split(), *NUMBERS.values()]), max_size=9).map(" ".join),
    st.lists(st.sampled_from([*WORDS.split(), *NUMBERS.values()]), max_size=4).map("".join),
)
OWN = st.sampled_from([*NUMBERS.values(), new_number(lambda n: n // 3)])
HOURS = st.sampled_from([0.0, 0.01, 5.0, 23.9, 24.0, 100.0, 168.0, 169.0, 900.0])
TICKETS = st.builds(
    OwnTicket,
    number=OWN,
    kind=st.sampled_from(TicketKind),
    state=st.sampled_from(TicketState),
    hours=HOURS,
    opened_hours=st.one_of(st.none(), HOURS),
    words=st.sampled_from(["", "den duong hong o Le Duan", "bao gio xong"]),
    merged_into=st.one_of(st.none(), OWN),
)
ASKS = st.builds(
    Ask,
    kind=st.sampled_from(AskKind),
    seconds=st.sampled_from([0.0, 2.9, 3.0, 60.0, 90.0, 4000.0, 90_000.0, 700_000.0]),
    ticket=st.one_of(st.none(), OWN),
    choices=st.lists(st.one_of(OWN, st.just(NEW), st.just("?")), max_size=4).map(tuple),
    kept_text=st.sampled_from(["", "den lai hong roi", "den duong hong o Le Duan"]),
)
SITUATIONS = st.builds(
    Situation,
    tickets=st.lists(TICKETS, max_size=4).map(tuple),
    ask=st.one_of(st.none(), ASKS),
    previous=st.one_of(st.none(), st.builds(Previous, seconds=st.sampled_from([1.0, 90.0, 91.0]), ticket=OWN)),
    new_today=st.integers(0, 7),
    is_subscribed=st.booleans(),
    is_duty=st.booleans(),
    guard=st.sampled_from([None, None, None, *Guard]),
)
POLICIES = st.builds(Policy, free_text=st.sampled_from(FreeText), has_urgent=st.booleans())

WITH_TICKET = {
    *(Does.ENTRY, Does.REOPEN, Does.CLOSE, Does.WITHDRAW, Does.RATE, Does.ASK_SCORE, Does.ASK_UNCLEAR),
}
KEEPING = {Does.ASK_WHICH, Does.ASK_SEND, Does.SILENT}
CLOSING = {Does.CLOSE, Does.WITHDRAW}


def filed(text: str, known: Situation, policy: Policy) -> Filed:
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    return file(reading, text, known, policy=policy)


@LAWS
@given(TEXTS, SITUATIONS, POLICIES)
def test_one_rule_files_every_text_and_says_what_becomes_of_it(text: str, known: Situation, policy: Policy) -> None:
    decision = filed(text, known, policy)
    assert decision == filed(text, known, policy)
    assert (decision.rule is Rule.GUARD) == (known.guard is not None)
    if decision.does in WITH_TICKET:
        assert decision.ticket is not None
        assert decision.state is not None
    if decision.does in CLOSING:
        assert decision.state is TicketState.CLOSED
    if decision.does is Does.REOPEN:
        assert decision.state is TicketState.OPEN
    if decision.does is Does.NEW_TICKET:
        assert (decision.ticket, decision.state) == (None, TicketState.NEW)
        assert decision.kind is not None
    assert (decision.score is not None) == (decision.does is Does.RATE)
    assert not decision.is_kept or decision.does in KEEPING
    assert not decision.is_urgent or decision.rule in (Rule.KEYWORD, Rule.NUMBER, Rule.URGENT)


@LAWS
@given(TEXTS, SITUATIONS, POLICIES)
def test_nothing_is_filed_on_a_ticket_of_somebody_else(text: str, known: Situation, policy: Policy) -> None:
    decision = filed(text, known, policy)
    if decision.does in (Does.NOTE, Does.COMMAND) and known.is_duty:
        return
    own = {one.number for one in known.tickets} | {one.merged_into for one in known.tickets}
    assert decision.ticket is None or decision.ticket in own
    assert set(decision.choices) <= own | {NEW} | set(known.ask.choices if known.ask is not None else ())


ALLOWED = {(state, change.state) for (state, _), change in TRANSITIONS.items()}
"""Where an event may lead from each state."""


@LAWS
@given(TEXTS, SITUATIONS, POLICIES)
def test_a_ticket_changes_its_state_only_as_the_table_of_states_allows(
    text: str, known: Situation, policy: Policy
) -> None:
    decision = filed(text, known, policy)
    before = [one.state for one in known.tickets if one.number == decision.ticket]
    if decision.state is None or not before:
        return
    assert decision.state in before or any((state, decision.state) in ALLOWED for state in before)


@LAWS
@given(TEXTS, SITUATIONS, POLICIES)
def test_the_sixth_ticket_of_a_day_is_opened_only_when_it_is_urgent(
    text: str, known: Situation, policy: Policy
) -> None:
    decision = filed(text, known, policy)
    if known.new_today >= policy.most_new_a_day and decision.does is Does.NEW_TICKET:
        assert decision.is_urgent


@LAWS
@given(TEXTS, SITUATIONS, POLICIES)
def test_a_text_that_needs_no_situation_is_filed_without_it(text: str, known: Situation, policy: Policy) -> None:
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    if needs_situation(reading, text, CONVERSATION_VOCABULARY) or known.guard is not None or known.is_duty:
        return
    assert file(reading, text, known, policy=policy) == file(reading, text, Situation(), policy=policy)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TK, Nguyen Van A, 201499999, 20/12/1990", False),
        ("DVC 000.00.12.H17-230815-0007", False),
        ("dvc000.00.12.H17-230815-0007 gui 8188", False),
        ("HD", False),
        ("TK bi khoa", False),
        ("000.00.12.H17-230815-0007", True),
        ("Nguyen Van A, 201499999, 20/12/1990", True),
        ("DCV 123456", True),
        ("HOI may gio mo cua", True),
        ("ok", True),
    ],
)
def test_only_the_conversation_needs_the_tickets_of_a_sender(text: str, *, expected: bool) -> None:
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    assert needs_situation(reading, text, CONVERSATION_VOCABULARY) is expected
    assert not needs_situation(read(text, today=TODAY), text, VOCABULARY)
