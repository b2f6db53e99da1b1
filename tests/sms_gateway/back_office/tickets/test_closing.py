"""How agents close tickets, and how a merging is undone."""

from __future__ import annotations

from functools import partial

from db.schema import CloseReason, TicketState
from sms_gateway.back_office.tickets import answering, closing, working
from sms_gateway.back_office.tickets.results import Acted, Refused
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    AN,
    BINH,
    FOCAL,
    SECOND_ON_DUTY,
    WARD_UNIT,
    CityHall,
    opened,
)


def another(hall: CityHall, sender: str = AN) -> str:
    hall.text(sender, "HOI ve viec lam ho chieu cho con nho")
    hall.pass_(minutes=10)
    return hall.tickets()[-1].number


def test_spam_is_closed_silently(hall: CityHall, number: str) -> None:
    before = hall.texts_to(AN)
    assert isinstance(hall.act(closing.spam, number), Acted)
    assert hall.ticket(number).close_reason is CloseReason.SPAM
    assert hall.texts_to(AN) == before


def test_the_citizen_is_told_whose_the_matter_is(hall: CityHall, number: str) -> None:
    done = hall.act(lambda link, office, acting: closing.not_ours(link, office, acting, "Cong ty Dien luc"), number)
    assert isinstance(done, Acted)
    assert hall.ticket(number).close_reason is CloseReason.NOT_OURS
    assert "Cong ty Dien luc" in hall.texts_to(AN)[-1]


def test_a_merging_is_told_once_and_can_be_undone(hall: CityHall, number: str) -> None:
    other = another(hall)
    hall.act(lambda link, office, acting: closing.merge(link, office, acting, other), number)
    assert hall.ticket(number).close_reason is CloseReason.MERGED
    assert sum("da gop" in text for text in hall.texts_to(AN)) == 1
    hall.pass_(days=29)
    assert isinstance(hall.act(closing.undo, number), Acted)
    assert hall.ticket(number).state is TicketState.NEW


def test_an_undone_merging_is_told_once_where_the_merging_was(hall: CityHall, number: str) -> None:
    other = another(hall)
    hall.act(lambda link, office, acting: closing.merge(link, office, acting, other), number)
    before = hall.texts_to(AN)
    hall.act(closing.undo, number)
    (told,) = hall.texts_to(AN)[len(before) :]
    assert told == (
        f"{number} lai la yeu cau rieng, khong gop vao {other} nua. Bo sung, soan: TL {number} noi dung gui 8188"
    )
    entry = hall.entries(number)[-1]
    assert (entry.body, entry.sms is not None) == ("merging undone", True)


def test_an_undone_merging_sets_the_timers_of_the_state_again(hall: CityHall, number: str) -> None:
    """The question is recalled and closes, and an urgent ticket calls people on duty, as before the merging."""
    other = another(hall)
    into_other = partial(closing.merge, number=other)
    hall.act(partial(answering.ask, words="So nha?"), number)
    hall.act(into_other, number)
    hall.pass_(days=20)
    assert isinstance(hall.act(closing.undo, number), Acted)
    hall.look_at_timers()
    assert sum("dang cho ban bo sung" in text for text in hall.texts_to(AN)) == 1
    assert hall.ticket(number).state is TicketState.PENDING_CITIZEN  # two working days are left after the reminder
    hall.pass_(days=5)
    hall.look_at_timers()
    assert hall.ticket(number).close_reason is CloseReason.NO_REPLY

    urgent = opened(hall, "SOS chay nha o phuong Hai Chau", AN)
    hall.act(into_other, urgent)
    hall.pass_(hours=1)
    called = len(hall.texts_to(SECOND_ON_DUTY))
    hall.act(closing.undo, urgent)
    hall.pass_(minutes=6)
    hall.look_at_timers()
    assert len(hall.texts_to(SECOND_ON_DUTY)) == called + 1

    late = another(hall)
    hall.act(partial(closing.merge, number=urgent), late)
    hall.pass_(days=20)
    before = sum("xin loi" in text and late in text for text in hall.texts_to(AN))
    hall.act(closing.undo, late)
    hall.look_at_timers()
    assert sum("xin loi" in text and late in text for text in hall.texts_to(AN)) == before + 1


def test_a_merging_of_long_ago_stays(hall: CityHall, number: str) -> None:
    other = another(hall)
    hall.act(lambda link, office, acting: closing.merge(link, office, acting, other), number)
    hall.pass_(days=31)
    assert isinstance(hall.act(closing.undo, number), Refused)


def test_what_cannot_be_merged_is_refused(hall: CityHall, number: str) -> None:
    hall.text(BINH, "KN to cao ong X nhan tien")
    accusation = hall.tickets()[-1].number
    for target in (number, accusation, "YC999999999"):
        assert isinstance(hall.act(partial(closing.merge, number=target), number), Refused), target


def test_tickets_of_two_phones_are_not_merged_so_that_nobody_ends_anothers_matter(hall: CityHall, number: str) -> None:
    other = another(hall, BINH)
    assert isinstance(hall.act(partial(closing.merge, number=other), number), Refused)
    hall.text(AN, f"HUY {number}")
    assert hall.ticket(number).close_reason is CloseReason.WITHDRAWN
    assert hall.ticket(other).state is TicketState.NEW


def test_a_ticket_of_a_unit_that_was_disabled_goes_on_at_the_focal_unit(hall: CityHall, number: str) -> None:
    """No agent would see it else."""
    bodies = ("rac chat dong", "cay do", "nuoc ngap")
    reply, agent_resumed, merged = (opened(hall, f"PA {one} o phuong Hai Chau") for one in bodies)
    hall.act(partial(answering.resolve, words="Da thay den."), number)
    for one in (reply, agent_resumed):
        hall.act(partial(answering.ask, words="so nha nao"), one)
    hall.act(partial(closing.merge, number=agent_resumed), merged)
    assert {one.unit_id for one in hall.tickets()} == {WARD_UNIT}
    hall.pass_(minutes=10)
    hall.disable(WARD_UNIT)
    hall.text(AN, f"TL {number} den lai hong")
    hall.text(AN, f"TL {reply} so 25 Le Duan")
    hall.act(working.resume, agent_resumed)
    hall.act(closing.undo, merged)
    for label in (number, reply, agent_resumed, merged):
        ticket = hall.ticket(label)
        assert (ticket.unit_id, ticket.assignee_id) == (FOCAL, None), label
        assert ticket.state in (TicketState.OPEN, TicketState.NEW), label
