"""Undoing what was filed wrongly, and sorting what was kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection

from db.schema import CloseReason, EntryKind, TicketKind, TicketState
from db.store.address import Address, Msisdn
from db.tickets.kept_texts import read_to_sort
from db.units.route_rules import RuleRow
from sms_gateway.back_office.tickets import answering, callers, closing, moving, working
from sms_gateway.back_office.tickets.callers import Caller
from sms_gateway.back_office.tickets.moving import Sorting
from sms_gateway.back_office.tickets.results import Acted, Acting, Office, Overtaken, Refused, Result
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, BINH, DUTY, EVERY_UNIT, LAN, CityHall, opened

SORTING = Sorting(operator_id=LAN, operator="lan", scope=EVERY_UNIT)


def with_a_wrong_entry(hall: CityHall, number: str) -> int:
    hall.text(AN, f"TL {number} lam ho chieu o dau")
    hall.pass_(minutes=10)
    return hall.entries(number)[-1].id


def kept(hall: CityHall) -> int:
    """Let a text wait for a day without a choice; return it."""
    hall.text(BINH, "duong truoc nha toi ngap nuoc")
    hall.pass_(hours=25)
    with hall.database.read() as connection:
        (waiting,) = read_to_sort(connection, now=hall.now, size=10)
    return waiting.first_id


def test_an_entry_moves_to_another_ticket_of_the_phone(hall: CityHall, number: str) -> None:
    entry = with_a_wrong_entry(hall, number)
    hall.text(AN, "HOI ve viec lam ho chieu cho con nho")
    other = hall.tickets()[-1].number
    done = hall.act(lambda link, office, acting: moving.move_entry(link, office, acting, entry, other), number)
    assert isinstance(done, Acted)
    assert entry in [one.id for one in hall.entries(other)]


@pytest.mark.database_matters
@pytest.mark.parametrize("way", ["move", "split"])
def test_of_two_agents_who_move_the_same_text_at_once_the_second_is_told(hall: CityHall, number: str, way: str) -> None:
    """The second reads the ticket before the first commits, and waits for the lock."""
    entry = with_a_wrong_entry(hall, number)
    others = [opened(hall, body) for body in ("HOI ve viec lam ho chieu cho con", "HOI gia nuoc may sinh hoat")]
    row = hall.ticket(number)
    acting = Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)

    def refile(connection: Connection, target: str) -> Result:
        if way == "split":
            return moving.split(connection, hall.office(), acting, entry, TicketKind.QUESTION)
        return moving.move_entry(connection, hall.office(), acting, entry, target)

    def second() -> Result:
        with hall.database.write() as connection:
            return refile(connection, others[1])

    with ThreadPoolExecutor(max_workers=1) as pool:
        with hall.database.write() as connection:
            first = refile(connection, others[0])
            waiting = pool.submit(second)
            wait([waiting], timeout=0.3)
            assert not waiting.done()
        late = waiting.result(timeout=20)
    assert isinstance(first, Acted)
    assert isinstance(late, Overtaken)
    assert late.message.values["name"] == "lan"
    assert [one.id for one in hall.entries(first.number)].count(entry) == 1


def test_moved_words_let_their_ticket_go_on_and_the_other_one_wait_again(hall: CityHall, number: str) -> None:
    """They answered no question, and were said of a matter that was answered already."""
    ask = partial(answering.ask, words="so nha nao")
    for label in ("move", "split"):
        waits = opened(hall, f"HOI ve viec lam ho chieu cho con nho {label}")
        hall.act(partial(answering.resolve, words="Da thay den."), number)
        hall.act(ask, waits)
        left = hall.ticket(waits).minutes_left
        hall.pass_(days=1)
        hall.text(AN, f"TL {waits} den duong van hong, chua ai den")
        hall.pass_(hours=1)
        assert hall.ticket(waits).state is TicketState.OPEN, label
        entry = hall.entries(waits)[-1].id
        if label == "move":
            done = hall.act(partial(moving.move_entry, entry_id=entry, number=number), waits)
            assert hall.ticket(number).state is TicketState.OPEN, label
        else:
            done = hall.act(partial(moving.split, entry_id=entry, kind=TicketKind.REPORT), waits)
        assert isinstance(done, Acted), label
        ticket = hall.ticket(waits)
        assert (ticket.state, ticket.minutes_left) == (TicketState.PENDING_CITIZEN, left), label
        hall.pass_(minutes=5)
        hall.text(AN, "so nha 25 Le Duan")
        assert hall.entries(waits)[-1].body == "so nha 25 Le Duan", label
        assert hall.ticket(waits).state is TicketState.OPEN, label
        for one in (number, waits):
            hall.act(partial(answering.resolve, words="Da xong."), one)


def test_words_that_are_moved_leave_their_ticket_as_it_was_before_them(hall: CityHall, number: str) -> None:
    """Whatever state they changed; the due times and what a plain reply is about are those of before, too."""
    befores: list[tuple[str, Callable[[Connection, Office, Acting], Result], TicketState]] = [
        ("citizen", partial(answering.ask, words="so nha nao"), TicketState.PENDING_CITIZEN),
        ("third", partial(working.wait_third, reason="cho Dien luc"), TicketState.PENDING_THIRD),
        ("resolved", partial(answering.resolve, words="Da thay den."), TicketState.RESOLVED),
        ("closed", partial(closing.not_ours, where="Lien he Dien luc."), TicketState.CLOSED),
    ]
    for label, act, state in befores:
        one = opened(hall, f"HOI ve viec lam ho chieu cho con nho {label}")
        assert isinstance(hall.act(act, one), Acted), label
        hall.pass_(days=1)
        before = hall.ticket(one)
        hall.text(AN, f"TL {one} den duong van hong, chua ai den")
        hall.pass_(hours=1)
        assert hall.ticket(one).state is TicketState.OPEN, label
        entry = hall.entries(one)[-1].id
        assert isinstance(hall.act(partial(moving.move_entry, entry_id=entry, number=number), one), Acted), label
        after = hall.ticket(one)
        # Its agent was not there when the citizen wrote, so it stays in the queue.
        told = {"version": 0, "said_at": before.said_at, "assignee_id": None}
        assert replace(after, **told) == replace(before, **told), label  # type: ignore[arg-type] # fields by name
        assert before.state is state, label
        back = hall.act(partial(moving.move_entry, entry_id=entry, number=one), number)
        if state is TicketState.CLOSED:
            assert isinstance(back, Refused)
            continue
        assert hall.ticket(one).state is TicketState.OPEN, f"{label}: the words are back"
        assert isinstance(hall.act(partial(moving.move_entry, entry_id=entry, number=number), one), Acted), label
        last = hall.ticket(one)
        assert replace(last, **told) == replace(before, **told), f"{label}: and gone again"  # type: ignore[arg-type] # as above
        hall.act(partial(closing.merge, number=number), one)
        hall.pass_(minutes=10)


def test_an_answered_ticket_that_is_as_before_is_rated_by_a_plain_reply_and_closes(hall: CityHall, number: str) -> None:
    one = opened(hall, "HOI ve viec lam ho chieu cho con nho")
    hall.act(partial(answering.resolve, words="Nop o bo phan mot cua."), one)
    hall.pass_(days=1)
    hall.text(AN, f"TL {one} den duong van hong, chua ai den")
    entry = hall.entries(one)[-1].id
    hall.act(partial(moving.move_entry, entry_id=entry, number=number), one)
    assert hall.text(AN, "2").outcome == "ticket_rated"
    hall.pass_(days=7)
    hall.look_at_timers()
    assert hall.ticket(one).close_reason is CloseReason.ANSWERED


def test_later_words_keep_a_ticket_open_until_they_are_moved_too(hall: CityHall, number: str) -> None:
    one = opened(hall, "HOI ve viec lam ho chieu cho con nho")
    hall.act(partial(answering.resolve, words="Nop o bo phan mot cua."), one)
    for words in ("den duong van hong", "den van chua sang"):
        hall.pass_(hours=1)
        hall.text(AN, f"TL {one} {words}")
    for state in (TicketState.OPEN, TicketState.RESOLVED):
        entry = next(entry.id for entry in hall.entries(one)[1:] if entry.kind is EntryKind.CITIZEN)
        assert isinstance(hall.act(partial(moving.move_entry, entry_id=entry, number=number), one), Acted)
        assert hall.ticket(one).state is state


def test_an_agent_s_work_on_moved_words_is_not_undone(hall: CityHall, number: str) -> None:
    one = opened(hall, "HOI ve viec lam ho chieu cho con nho")
    hall.act(partial(answering.resolve, words="Nop o bo phan mot cua."), one)
    hall.text(AN, f"TL {one} den duong van hong")
    entry = hall.entries(one)[-1].id
    hall.act(partial(answering.answer, words="Chung toi xem lai."), one)
    hall.act(partial(moving.move_entry, entry_id=entry, number=number), one)
    assert hall.ticket(one).state is TicketState.OPEN


def test_a_ticket_whose_citizen_replied_stays_open_when_other_words_move(hall: CityHall, number: str) -> None:
    other = opened(hall, "HOI ve viec lam ho chieu cho con nho")
    hall.act(partial(answering.ask, words="so nha nao"), number)
    hall.pass_(minutes=5)
    hall.text(AN, f"TL {number} so nha 25 Le Duan")
    entry = with_a_wrong_entry(hall, number)
    assert isinstance(hall.act(lambda c, o, a: moving.move_entry(c, o, a, entry, other), number), Acted)
    assert hall.ticket(number).state is TicketState.OPEN


def test_a_ticket_that_was_answered_is_open_again_when_another_is_merged_into_it(hall: CityHall, number: str) -> None:
    other = opened(hall, "HOI den duong bao gio sua")
    hall.act(partial(answering.resolve, words="Da thay den."), number)
    assert isinstance(hall.act(partial(closing.merge, number=number), other), Acted)
    hall.pass_(days=9)
    hall.look_at_timers()
    assert hall.ticket(number).state is TicketState.OPEN


def test_an_entry_never_moves_to_another_phone_s_ticket(hall: CityHall, number: str) -> None:
    entry = with_a_wrong_entry(hall, number)
    hall.text(BINH, "HOI ve viec lam ho chieu cho con nho")
    other = hall.tickets()[-1].number
    done = hall.act(lambda link, office, acting: moving.move_entry(link, office, acting, entry, other), number)
    assert isinstance(done, Refused)


def test_an_entry_becomes_a_ticket_and_the_first_words_stay(hall: CityHall, number: str) -> None:
    entry = with_a_wrong_entry(hall, number)
    first = hall.entries(number)[0].id
    done = hall.act(lambda link, office, acting: moving.split(link, office, acting, entry, TicketKind.QUESTION), number)
    assert isinstance(done, Acted)
    assert next(one.id for one in hall.entries(done.number)) == entry
    stays = hall.act(
        lambda link, office, acting: moving.split(link, office, acting, first, TicketKind.QUESTION), number
    )
    assert isinstance(stays, Refused)


def test_staff_open_a_ticket_for_a_kept_text_once(hall: CityHall) -> None:
    first_id = kept(hall)
    for expected in (Acted, Refused):
        with hall.database.write() as connection:
            done = moving.file_kept(connection, hall.office(), SORTING, first_id, TicketKind.REPORT)
        assert isinstance(done, expected)
    (ticket,) = hall.tickets()
    assert (ticket.kind, ticket.state, ticket.phone) == (TicketKind.REPORT, TicketState.NEW, BINH)
    assert [one.body for one in hall.entries(ticket.number)] == ["duong truoc nha toi ngap nuoc"]


def test_what_staff_file_keeps_the_language_and_takes_no_next_text(hall: CityHall) -> None:
    hall.text(BINH, "EN")
    first_id = kept(hall)
    opened(hall, "HOI lam ho chieu can giay to gi", BINH)
    with hall.database.write() as connection:
        moving.file_kept(connection, hall.office(), SORTING, first_id, TicketKind.REPORT)
    assert hall.tickets()[-1].language == "en"
    hall.pass_(seconds=30)  # since staff did it, not since a text
    assert hall.text(BINH, "van chua thay ai goi lai").outcome == "which_asked"


def test_a_kept_text_is_filed_in_a_ticket_of_its_own_phone_alone(hall: CityHall, number: str) -> None:
    first_id = kept(hall)
    with hall.database.write() as connection:
        done = moving.file_kept(connection, hall.office(), SORTING, first_id, number)
    assert isinstance(done, Refused)


def test_a_kept_text_is_put_aside_once(hall: CityHall) -> None:
    first_id = kept(hall)
    for expected in (Acted, Refused):
        with hall.database.write() as connection:
            assert isinstance(moving.set_aside(connection, hall.office(), SORTING, first_id), expected)


def test_another_unit_s_ticket_is_not_found(hall: CityHall, number: str) -> None:
    hall.text(AN, "duong truoc nha toi ngap nuoc")
    scope = replace(EVERY_UNIT, units=frozenset({3}))
    with hall.database.write() as connection:
        done = moving.file_kept(connection, hall.office(), replace(SORTING, scope=scope), 1, number)
    assert isinstance(done, Refused)


def test_a_kept_text_goes_into_no_merged_ticket(hall: CityHall, number: str) -> None:
    hall.text(AN, "HOI ve viec lam ho chieu cho con nho")
    hall.pass_(minutes=10)
    hall.text(AN, "duong truoc nha toi ngap nuoc")
    hall.pass_(hours=25)
    with hall.database.read() as connection:
        (waiting,) = read_to_sort(connection, now=hall.now, size=10)
    other = next(one.number for one in hall.tickets() if one.number != number)
    hall.act(lambda link, office, acting: closing.merge(link, office, acting, other), number)
    for target, expected in ((number, Refused), (other, Acted)):
        with hall.database.write() as connection:
            done = moving.file_kept(connection, hall.office(), SORTING, waiting.first_id, target)
        assert isinstance(done, expected), target
    assert hall.entries(other)[-1].body == "duong truoc nha toi ngap nuoc"


def test_words_of_an_accusation_leave_it_neither_for_another_ticket_nor_for_one_of_their_own(
    hall: CityHall, number: str
) -> None:
    hall.text(AN, "KN to cao ong X nhan tien")
    accusation = hall.tickets()[-1].number
    hall.pass_(minutes=10)
    entry = hall.entries(accusation)[0].id
    hall.text(AN, f"TL {accusation} toi co giay to")
    more = hall.entries(accusation)[-1].id
    for done in (
        hall.act(lambda link, office, acting: moving.move_entry(link, office, acting, entry, number), accusation),
        hall.act(
            lambda link, office, acting: moving.split(link, office, acting, more, TicketKind.QUESTION), accusation
        ),
    ):
        assert isinstance(done, Refused)
    assert len(hall.tickets()) == 2


def test_tickets_that_agents_open_count_the_rule_that_fitted(hall: CityHall, number: str) -> None:
    hall.set_rules(
        RuleRow(id=5, position=1, any_of=("HO CHIEU",), unit_id=DUTY), RuleRow(id=6, position=2, any_of=("NGAP NUOC",))
    )
    entry, first = with_a_wrong_entry(hall, number), kept(hall)
    hall.act(lambda link, office, acting: moving.split(link, office, acting, entry, TicketKind.QUESTION), number)
    caller = Caller(operator="lan", phone=Msisdn(Address(BINH)), kind=TicketKind.QUESTION, words="Hộ chiếu cho trẻ em")
    with hall.database.write() as connection:
        moving.file_kept(connection, hall.office(), SORTING, first, TicketKind.REPORT)
        callers.open_for(connection, hall.office(), caller)
    assert len(hall.tickets()) == 4
    assert hall.hits() == {5: 2, 6: 1}
