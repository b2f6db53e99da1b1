"""What happens to a ticket: compare-and-set, entries and timers in one step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.schema import CloseReason, EntryKind, Priority, TicketState, TimerKind, ticket_timer
from db.tickets.states import ESCALATION, TIMERS, TicketEvent, after
from db.tickets.transitions import Clock, Details, Filed, NewEntry, Overtaken, Step, Taken, take_step
from tests.db.tickets.ticket_rows import FOCAL, HAI_CHAU, LAN, MINH, NOW, SON_TRA, Town, row_of, said_in

LATER = NOW + timedelta(minutes=10)
E = TicketEvent


def timers_of(town: Town, ticket_id: int) -> dict[TimerKind, bool]:
    """Return the timers of a ticket, and whether each is done."""
    with town.database.read() as connection:
        rows = connection.execute(select(ticket_timer).where(ticket_timer.c.ticket_id == ticket_id))
        return {row.kind: row.done_at is not None for row in rows}


def test_the_second_agent_sees_what_the_first_did(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        first = town.step(connection, opened.id, E.RESOLVE, version=1, assignee_id=LAN)
        second = town.step(connection, opened.id, E.RESOLVE, version=1, assignee_id=MINH)
        row = row_of(connection, opened.id)
        assert len(said_in(connection, opened.id)) == 2
    assert first == Taken(version=2, before=TicketState.NEW, state=TicketState.RESOLVED)
    assert second == Overtaken(version=2, state=TicketState.RESOLVED, close_reason=None, assignee_id=LAN)
    assert (row["assignee_id"], row["resolved_at"], row["first_answer_at"], row["taken_at"]) == (LAN, NOW, NOW, NOW)


def test_an_answer_is_refused_when_the_citizen_wrote_meanwhile(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        words = NewEntry(kind=EntryKind.CITIZEN, at=LATER, body="con nua", inbound_id=9)
        assert isinstance(town.step(connection, opened.id, E.WRITE, entry=words), Taken)
        answer = town.step(connection, opened.id, E.RESOLVE, version=1, assignee_id=LAN)
        assert row_of(connection, opened.id)["said_at"] == LATER
    assert isinstance(answer, Overtaken)


def test_a_text_is_filed_once(town: Town) -> None:
    with town.database.write() as connection:
        one, two = town.open(connection), town.open(connection)
        words = NewEntry(kind=EntryKind.CITIZEN, at=LATER, body="con nua", inbound_id=9)
        assert isinstance(town.step(connection, one.id, E.WRITE, entry=words), Taken)
        assert [town.step(connection, each.id, E.WRITE, entry=words) for each in (one, two)] == [
            Filed(ticket_id=one.id)
        ] * 2
        assert row_of(connection, one.id)["version"] == 2


def test_a_ticket_that_is_not_there_is_none(town: Town) -> None:
    with town.database.write() as connection:
        assert town.step(connection, 5, E.TAKE) is None


def test_what_a_state_does_not_allow_changes_nothing(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        before = row_of(connection, opened.id)
        assert isinstance(town.step(connection, opened.id, E.REOPEN), Overtaken)
        assert row_of(connection, opened.id) == before


def test_a_question_stops_the_clock_and_a_reply_lets_it_go_on(town: Town) -> None:
    due = {TimerKind.WARN_UNIT: LATER, TimerKind.APOLOGY: LATER}
    stopped = Clock(first_due=NOW, final_due=LATER, minutes_left=42)
    on = Clock(first_due=NOW, final_due=LATER + timedelta(days=1))
    with town.database.write() as connection:
        opened = town.open(connection, timers=due)
        asked = {TimerKind.REMINDER: LATER, TimerKind.NO_REPLY: LATER}
        town.step(connection, opened.id, E.ASK, clock=stopped, timers=asked)
        assert row_of(connection, opened.id)["minutes_left"] == 42
    assert timers_of(town, opened.id) == dict.fromkeys(asked, False)
    with town.database.write() as connection:
        town.step(connection, opened.id, E.REPLY, clock=on, timers=due)
        row = row_of(connection, opened.id)
    assert (row["minutes_left"], row["final_due"]) == (None, on.final_due)
    assert timers_of(town, opened.id) == dict.fromkeys(due, False)


def test_an_apology_is_made_once_but_each_question_is_reminded_of(town: Town) -> None:
    due = {TimerKind.APOLOGY: LATER, TimerKind.REMINDER: LATER}
    with town.database.write() as connection:
        opened = town.open(connection, timers={TimerKind.APOLOGY: NOW})
        connection.execute(ticket_timer.update().values(done_at=NOW))
        town.step(connection, opened.id, E.ASK, timers=due)
        connection.execute(ticket_timer.update().values(done_at=NOW))
        town.step(connection, opened.id, E.REPLY, timers=due)
    assert timers_of(town, opened.id) == {TimerKind.APOLOGY: True, TimerKind.REMINDER: True}
    with town.database.write() as connection:
        town.step(connection, opened.id, E.ASK, timers=due)
    assert timers_of(town, opened.id) == {TimerKind.APOLOGY: True, TimerKind.REMINDER: False}
    with town.database.write() as connection:
        town.happen(connection, opened.id, E.RESOLVE)
        town.step(connection, opened.id, E.REOPEN, timers=due)
    assert timers_of(town, opened.id) == {TimerKind.APOLOGY: False}


def test_a_reopened_ticket_begins_again(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.happen(connection, opened.id, E.RESOLVE, E.ACCEPT)
        closed = row_of(connection, opened.id)
        town.happen(connection, opened.id, E.REOPEN, at=LATER)
        row = row_of(connection, opened.id)
    assert (closed["closed_at"], closed["close_reason"]) == (NOW, CloseReason.ANSWERED)
    assert [row[name] for name in ("resolved_at", "closed_at", "close_reason")] == [None, None, None]
    assert (row["state"], row["reopened"], row["said_at"]) == (TicketState.OPEN, 1, LATER)


def test_a_transfer_goes_into_the_queue_of_the_other_unit(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection, is_unsure=True)
        town.step(connection, opened.id, E.TAKE, assignee_id=LAN)
        to_son_tra = Details(unit_id=SON_TRA, priority=Priority.URGENT)
        town.step(connection, opened.id, E.NOTE, details=to_son_tra)
        row = row_of(connection, opened.id)
    assert (row["unit_id"], row["assignee_id"], row["transfers"], row["is_unsure"]) == (SON_TRA, None, 1, False)
    assert (row["state"], row["priority"]) == (TicketState.OPEN, Priority.URGENT)


def test_a_note_is_no_contact_and_the_queue_takes_a_ticket_back(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.step(connection, opened.id, E.TAKE, assignee_id=LAN)
        town.step(connection, opened.id, E.NOTE, at=LATER, to_queue=True)
        row = row_of(connection, opened.id)
    assert (row["said_at"], row["assignee_id"]) == (NOW, None)


def test_the_reason_of_waiting_ends_with_it(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.step(connection, opened.id, E.WAIT, details=Details(public_reason="cho cong ty nuoc"))
        assert row_of(connection, opened.id)["public_reason"] == "cho cong ty nuoc"
        town.happen(connection, opened.id, E.NOTE)
        assert row_of(connection, opened.id)["public_reason"] == "cho cong ty nuoc"
        town.happen(connection, opened.id, E.RESUME)
        assert row_of(connection, opened.id)["public_reason"] is None


def test_many_agents_at_once_send_one_answer(town: Town) -> None:
    with town.database.write() as connection:
        tickets = [town.open(connection).id for _ in range(10)]

    def answer(turn: int) -> int:
        won = 0
        for ticket_id in tickets[turn:] + tickets[:turn]:
            entry = NewEntry(kind=EntryKind.ANSWER, at=NOW, body=f"{turn}", unit_id=HAI_CHAU)
            step = Step(ticket_id=ticket_id, event=E.RESOLVE, entry=entry, version=1, assignee_id=(LAN, MINH)[turn % 2])
            with town.database.write() as connection:
                won += isinstance(take_step(connection, step, new_id=town.new_id), Taken)
        return won

    with ThreadPoolExecutor(4) as pool:
        won = sum(pool.map(answer, range(4)))
    with town.database.read() as connection:
        answers = [
            [kind for kind, _ in said_in(connection, ticket_id)].count(EntryKind.ANSWER) for ticket_id in tickets
        ]
    assert (won, answers) == (10, [1] * 10)


def test_texts_that_come_while_agents_work_are_all_filed(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)

    def write(turn: int) -> None:
        for number in range(10):
            entry = NewEntry(kind=EntryKind.CITIZEN, at=NOW, body="-", inbound_id=1000 + turn * 100 + number)
            step = Step(ticket_id=opened.id, event=E.WRITE if turn % 2 else E.REPLY, entry=entry)
            with town.database.write() as connection:
                assert isinstance(take_step(connection, step, new_id=town.new_id), Taken)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with town.database.read() as connection:
        assert len(said_in(connection, opened.id)) == 41
        assert row_of(connection, opened.id)["version"] == 41


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events=st.lists(st.sampled_from(TicketEvent), max_size=25))
def test_whatever_happens_the_row_agrees_with_the_table(sqlite_town: Town, events: list[TicketEvent]) -> None:
    town = sqlite_town
    every = dict.fromkeys(TimerKind, LATER)
    with town.database.write() as connection:
        opened = town.open(connection, timers=dict.fromkeys(TIMERS[TicketState.NEW], LATER), unit_id=FOCAL)
        state, version, reopened, reason = TicketState.NEW, 1, 0, None
        for event in events:
            done = town.step(connection, opened.id, event, timers=every, version=version)
            change = after(state, event)
            if change is None or (event is E.REOPEN and reason is CloseReason.MERGED):
                assert done == Overtaken(version=version, state=state, close_reason=reason, assignee_id=None)
                continue
            assert done == Taken(version=version + 1, before=state, state=change.state)
            reason = change.reason if change.state is not state else reason
            state, version, reopened = change.state, version + 1, reopened + (event is E.REOPEN)
            row = row_of(connection, opened.id)
            assert (row["state"], row["version"], row["reopened"], row["close_reason"]) == (
                state,
                version,
                reopened,
                reason,
            )
            assert (row["closed_at"] is None) == (state is not TicketState.CLOSED)
            kinds = set(connection.scalars(select(ticket_timer.c.kind).where(ticket_timer.c.ticket_id == opened.id)))
            works = event in (E.TAKE, E.ANSWER, E.ASK, E.WAIT, E.RESUME, E.RESOLVE)  # then nobody on duty is texted
            assert kinds == TIMERS[state] - (ESCALATION if works else frozenset())
