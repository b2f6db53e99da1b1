"""What agents write: one SMS, one entry, one change; the second of two agents sees what the first did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from db.schema import EntryKind, TicketState, inbound, outbound
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.drafts import How, draft
from sms_gateway.back_office.tickets.results import Acted, Acting, NeedsConfirmation, Overtaken, Refused, Result
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, EVERY_UNIT, LAN, CityHall


def acting(hall: CityHall, number: str) -> Acting:
    row = hall.ticket(number)
    return Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)


def test_an_answer_is_sent_with_the_number_and_lasts_a_day(hall: CityHall, number: str) -> None:
    done = hall.act(
        lambda link, office, acting: answering.answer(link, office, acting, "Doi thay den ngay mai."), number
    )
    assert isinstance(done, Acted)
    with hall.database.read() as connection:
        row = connection.execute(select(outbound).order_by(outbound.c.id.desc()).limit(1)).one()
    assert row.body == f"{number}: Doi thay den ngay mai."
    assert row.expires_at - row.created_at == timedelta(hours=24)
    (answer,) = [one for one in hall.entries(number) if one.kind is EntryKind.ANSWER]
    assert (answer.operator, answer.body, answer.outbound_id) == ("lan", "Doi thay den ngay mai.", row.id)
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.assignee_id, ticket.first_answer_at) == (TicketState.OPEN, LAN, hall.now)


def test_of_two_agents_who_answer_at_once_one_answer_is_sent(hall: CityHall, number: str) -> None:
    seen = acting(hall, number)
    first = hall.act_as(lambda link, office, acting: answering.resolve(link, office, acting, "Da thay den."), seen)
    second = hall.act_as(
        lambda link, office, acting: answering.resolve(link, office, acting, "Mai thay den."),
        replace(seen, operator="minh"),
    )
    assert isinstance(first, Acted)
    assert isinstance(second, Overtaken)
    assert "lan answered" in str(second.message)
    assert sum("thay den" in text for text in hall.texts_to(AN)) == 1


def test_an_answer_to_what_the_citizen_wrote_meanwhile_is_held_back(hall: CityHall, number: str) -> None:
    seen = acting(hall, number)
    hall.text(AN, f"TL {number} den da sang roi")
    done = hall.act_as(lambda link, office, acting: answering.answer(link, office, acting, "Mai thay den."), seen)
    assert isinstance(done, Overtaken)
    assert "citizen wrote" in str(done.message)


def test_a_citizen_whom_the_channel_reaches_no_more_gets_it_by_the_fallback_or_the_agent_is_told(
    hall: CityHall, number: str
) -> None:
    link = hall.ticket(number).reply_link
    lately = ChannelTraits(validity=timedelta(minutes=15), reaches_for=timedelta(days=7))

    def answer() -> Result:
        return hall.act(lambda link, office, acting: answering.answer(link, office, acting, "Da thay den."), number)

    with hall.database.write() as connection:
        connection.execute(update(inbound).values(wire=b"request"))
    hall.traits = TraitsByChannel(others=hall.traits.others, by_name={link: lately})
    assert isinstance(answer(), Acted)
    hall.pass_(days=8)
    with hall.database.read() as connection:
        preview = draft(connection, hall.office(), acting(hall, number), How.ANSWER, "Da thay den.")
    done = answer()
    assert preview is not None
    assert isinstance(done, Refused)
    assert list(map(str, done.faults)) == list(map(str, preview.faults))
    assert f"Channel {link} only reaches citizens who texted by it in the last 7 days" in str(done.faults[0])
    hall.traits = TraitsByChannel(others=hall.traits.others, by_name={link: replace(lately, later_by="main")})
    assert isinstance(answer(), Acted)
    with hall.database.read() as connection:
        sent_by = list(connection.scalars(select(outbound.c.link).order_by(outbound.c.id.desc()).limit(1)))
    assert sent_by == ["main"]


@pytest.mark.parametrize(
    "words", ["gui mat khau cho toi", "cho xin ma OTP", "xem tai bit.ly/abc", "   ", "dai qua " * 80]
)
def test_what_must_not_be_sent_is_refused(hall: CityHall, number: str, words: str) -> None:
    before = hall.texts_to(AN)
    done = hall.act(lambda link, office, acting: answering.answer(link, office, acting, words), number)
    assert isinstance(done, Refused)
    assert hall.texts_to(AN) == before
    assert hall.ticket(number).state is TicketState.NEW


def test_a_link_to_a_site_of_ours_is_confirmed_first(hall: CityHall, number: str) -> None:
    hall.parts = replace(hall.parts, own_sites=("dichvucong.example",))
    words = "Xem dichvucong.example/den"
    asked = hall.act(lambda link, office, acting: answering.answer(link, office, acting, words), number)
    assert isinstance(asked, NeedsConfirmation)
    links = asked.links
    assert isinstance(
        hall.act(lambda link, office, acting: answering.answer(link, office, acting, words, confirmed=links), number),
        Acted,
    )


def test_the_preview_is_what_is_sent(hall: CityHall, number: str) -> None:
    with hall.database.read() as connection:
        shown = draft(connection, hall.office(), acting(hall, number), How.RESOLVE, "Da thay den.")
    hall.act(lambda link, office, acting: answering.resolve(link, office, acting, "Da thay den."), number)
    assert shown is not None
    assert (shown.text, shown.segments, shown.faults) == (hall.texts_to(AN)[-1], 1, [])


def test_a_question_stops_the_clock_until_the_citizen_writes(hall: CityHall, number: str) -> None:
    due = hall.ticket(number).final_due
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, "So nha?"), number)
    waiting = hall.ticket(number)
    assert (waiting.state, waiting.minutes_left) == (TicketState.PENDING_CITIZEN, 3 * 480 - 10)
    hall.pass_(hours=24)
    hall.text(AN, "so 25")
    after = hall.ticket(number)
    assert (after.state, after.minutes_left) == (TicketState.OPEN, None)
    assert after.final_due - due == timedelta(hours=24)


def test_an_urgent_answer_lasts_an_hour(hall: CityHall) -> None:
    hall.text(AN, "SOS chay o chung cu 12 Tran Phu")
    number = hall.tickets()[0].number
    hall.act(lambda link, office, acting: answering.answer(link, office, acting, "Xe dang den."), number)
    with hall.database.read() as connection:
        row = connection.execute(select(outbound).order_by(outbound.c.id.desc()).limit(1)).one()
    assert row.expires_at - row.created_at == timedelta(hours=1)


def test_another_unit_s_agent_finds_nothing(hall: CityHall, number: str) -> None:
    foreign = replace(acting(hall, number), scope=replace(EVERY_UNIT, units=frozenset({3})))
    assert isinstance(
        hall.act_as(lambda link, office, acting: answering.answer(link, office, acting, "Xin chao."), foreign), Refused
    )
