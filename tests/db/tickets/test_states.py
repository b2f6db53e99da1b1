"""The state table: every row of the design, and nothing else."""

from __future__ import annotations

import pytest

from db.schema import CloseReason, TicketState, TimerKind
from db.tickets.states import ACTIVE_STATES, TIMERS, TRANSITIONS, Change, TicketEvent, after, events_of

NEW, OPEN, CITIZEN, THIRD, RESOLVED, CLOSED = TicketState
E = TicketEvent


@pytest.mark.parametrize(
    ("event", "state", "to", "reason"),
    [
        pytest.param(E.TAKE, NEW, OPEN, None, id="an agent takes it"),
        pytest.param(E.TAKE, OPEN, OPEN, None, id="another agent takes it over"),
        pytest.param(E.ANSWER, NEW, OPEN, None, id="an answer takes it"),
        pytest.param(E.ANSWER, CITIZEN, CITIZEN, None, id="an answer while we wait"),
        pytest.param(E.ASK, NEW, CITIZEN, None, id="asks at once"),
        pytest.param(E.ASK, OPEN, CITIZEN, None, id="asks"),
        pytest.param(E.ASK, CITIZEN, None, None, id="one question at a time"),
        pytest.param(E.WAIT, OPEN, THIRD, None, id="waits for another body"),
        pytest.param(E.REPLY, CITIZEN, OPEN, None, id="the citizen replies"),
        pytest.param(E.REPLY, THIRD, OPEN, None, id="the citizen names the ticket"),
        pytest.param(E.REPLY, NEW, NEW, None, id="more words before anybody took it"),
        pytest.param(E.WRITE, THIRD, THIRD, None, id="a remark while another body acts"),
        pytest.param(E.WRITE, CITIZEN, CITIZEN, None, id="a remark before the question was sent"),
        pytest.param(E.WRITE, RESOLVED, None, None, id="a remark after the answer reopens"),
        pytest.param(E.RESUME, THIRD, OPEN, None, id="the agent goes on"),
        pytest.param(E.RESOLVE, NEW, RESOLVED, None, id="answered at once"),
        pytest.param(E.RESOLVE, CITIZEN, RESOLVED, None, id="answered without a reply"),
        pytest.param(E.RESOLVE, RESOLVED, None, None, id="answered once"),
        pytest.param(E.REOPEN, RESOLVED, OPEN, None, id="not satisfied"),
        pytest.param(E.REOPEN, CLOSED, OPEN, None, id="TL to a closed ticket"),
        pytest.param(E.REOPEN, OPEN, None, None, id="open already"),
        pytest.param(E.ACCEPT, RESOLVED, CLOSED, CloseReason.ANSWERED, id="thanks"),
        pytest.param(E.ACCEPT, OPEN, None, None, id="thanks before an answer"),
        pytest.param(E.NO_REPLY, CITIZEN, CLOSED, CloseReason.NO_REPLY, id="no reply"),
        pytest.param(E.NO_REPLY, THIRD, None, None, id="what waits for us never closes by time"),
        pytest.param(E.DONE, OPEN, CLOSED, CloseReason.WITHDRAWN, id="done"),
        pytest.param(E.DONE, RESOLVED, CLOSED, CloseReason.WITHDRAWN, id="withdrawn after the answer"),
        pytest.param(E.MERGE, CITIZEN, CLOSED, CloseReason.MERGED, id="merged"),
        pytest.param(E.MERGE, RESOLVED, None, None, id="no merging after the answer"),
        pytest.param(E.SPAM, NEW, CLOSED, CloseReason.SPAM, id="spam"),
        pytest.param(E.NOT_OURS, OPEN, CLOSED, CloseReason.NOT_OURS, id="not ours"),
        pytest.param(E.NOT_OURS, CITIZEN, None, None, id="not while we wait"),
        pytest.param(E.TAKE, CLOSED, None, None, id="nothing to take"),
    ],
)
def test_an_event_leads_where_the_design_says(
    event: TicketEvent, state: TicketState, to: TicketState | None, reason: CloseReason | None
) -> None:
    found = after(state, event)
    assert found == (None if to is None else Change(to, reason))


def test_a_ticket_is_over_for_a_reason_and_only_then() -> None:
    for (state, event), change in TRANSITIONS.items():
        is_over = change.state is CLOSED and state is not CLOSED
        assert (change.reason is not None) == is_over, (state, event)


def test_time_alone_closes_nothing_that_waits_for_us() -> None:
    by_time = {E.NO_REPLY, E.ACCEPT}
    closed = {state for (state, event), change in TRANSITIONS.items() if event in by_time and change.state is CLOSED}
    assert closed == {CITIZEN, RESOLVED}


def test_every_state_can_be_left_and_every_event_can_happen() -> None:
    assert {event for _, event in TRANSITIONS} == set(TicketEvent)
    for state in TicketState:
        assert any(TRANSITIONS[state, event].state is not state for event in events_of(state)), state


def test_timers_run_where_somebody_waits() -> None:
    assert set().union(*TIMERS.values()) == set(TimerKind)
    assert TIMERS[CLOSED] == frozenset()
    assert all(TimerKind.APOLOGY in TIMERS[state] for state in ACTIVE_STATES if state is not CITIZEN)
    assert TimerKind.APOLOGY not in TIMERS[CITIZEN]
