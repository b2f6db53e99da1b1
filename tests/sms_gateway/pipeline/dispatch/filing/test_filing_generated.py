"""Every text is filed exactly once, whatever the order of texts, repetitions, acts of agents, timers and rollbacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import Connection, func, select

from db.schema import (
    InboundState,
    TicketState,
    ask,
    inbound,
    kept_text,
    outbound,
    ticket,
    ticket_entry,
    ticket_timer,
)
from db.store.engine import Database
from db.tickets.states import TIMERS
from handlers.conversation.effects.outcomes import FilingOutcome
from parsers.reading.conversation import reaction_to
from parsers.text.normal_form import normalise
from sms_gateway.back_office.tickets import answering, closing, working
from sms_gateway.back_office.tickets.results import Acting, Office, Result
from sms_gateway.pipeline.dispatch.guard import Limits
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import EVERY_UNIT, LAN, CityHall, city_hall

STEPS = 220
CITIZENS = [f"849050001{place:02}" for place in range(12)]
TEXTS = (
    "HOI lam ho chieu can giay to gi",
    "HOI MOI lam ho chieu can giay to gi",
    "PA den duong hong o phuong Hai Chau",
    "PA rac chat dong ngoai duong",
    "KN nen mo cua ca thu bay",
    "SOS chay o chung cu 12 Tran Phu",
    "van chua thay ai den sua",
    "nha so 25 Le Duan, gan cho",
    "ben canh nha toi vua co tai nan",
    "5 ngay roi chua ai goi",
    *("1", "2", "3", "5", "ok", "cam on", "khong", "co", "dung", "rat tot", "te", "da xong", "stop", "?", "👍"),
    *("TT", "TT HET", "DG 4", "HUY", "HD", "TTDL", "EN", "VI", "LH hai chau", "TK bi khoa", "PAden hong roi"),
    "DVC 000.00.12.H17-230815-0007",
    "TT {number}",
    "TL {number} toi da nop roi",
    "HUY {number}",
    "{number} 5",
    "{number} van chua xong gi ca",
    "cam on {number}",
    "DG 2 {number} lam cham qua",
)
ACTS: tuple[Callable[[Connection, Office, Acting], Result], ...] = (
    lambda link, office, acting: answering.answer(link, office, acting, "Mai se co nguoi den."),
    lambda link, office, acting: answering.ask(link, office, acting, "So nha, ten duong?"),
    lambda link, office, acting: answering.resolve(link, office, acting, "Da xong, moi ban kiem tra."),
    working.take,
    working.release,
    lambda link, office, acting: working.wait_third(link, office, acting, "cho cong ty dien luc"),
    working.resume,
    closing.spam,
    lambda link, office, acting: working.note(link, office, acting, "da goi"),
)
FILED_NOWHERE = {
    *(FilingOutcome.TICKETS_TOLD, FilingOutcome.CONTACT_TOLD, FilingOutcome.PRIVACY_TOLD),
    *(FilingOutcome.LANGUAGE_CHOSEN, FilingOutcome.NO_TICKET, FilingOutcome.STOPPED, FilingOutcome.QUIET),
    *(FilingOutcome.SCORE_ASKED, FilingOutcome.MEANING_ASKED, FilingOutcome.NUMBER_ASKED, FilingOutcome.DROPPED),
    FilingOutcome.EMERGENCY_TOLD,
}
FILED_IN_TICKET = {
    *(FilingOutcome.REPEATED, FilingOutcome.FILED, FilingOutcome.FILED_FOR_AGENT, FilingOutcome.REOPENED),
    *(FilingOutcome.WITHDRAWN, FilingOutcome.RATED, FilingOutcome.DONE, FilingOutcome.AGREED, FilingOutcome.OPENED),
}


class CrashError(Exception):
    """Ends a transaction after everything was written."""


def a_text(hall: CityHall, random: Random, sender: str) -> str:
    own = [one.number for one in hall.tickets() if one.phone == sender]
    numbers = own if own and random.random() < 0.8 else [one.number for one in hall.tickets()] or ["YC482173051"]
    return random.choice(TEXTS).replace("{number}", random.choice(numbers))


def crash_in_dispatch(hall: CityHall, sender: str, body: str) -> None:
    """Dispatch a text, roll it back, and dispatch it again."""
    stored = hall.desk.store([(sender, body)])
    with pytest.raises(CrashError), hall.desk.crashing(CrashError):
        hall.desk.dispatch(stored)
    hall.desk.dispatch(stored)
    hall.send()


def step(hall: CityHall, random: Random) -> None:
    sender = random.choice(CITIZENS)
    match random.randrange(10):
        case 0 | 1 | 2 | 3:
            hall.text(sender, a_text(hall, random, sender))
        case 4:
            crash_in_dispatch(hall, sender, a_text(hall, random, sender))
        case 5:
            hall.desk.batch([(sender, a_text(hall, random, sender)) for sender in random.choices(CITIZENS, k=5)])
        case 6 | 7 if hall.tickets():
            row = random.choice(hall.tickets())
            acting = Acting(ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT)
            hall.act_as(random.choice(ACTS), acting)
        case 8:
            hall.look_at_timers()
        case _:
            hall.send()
    hall.pass_(seconds=random.choice((1, 5, 40, 120, 3600, 90_000)))


@pytest.mark.long_on_postgresql
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_every_text_is_filed_exactly_once(database: Database, seed: int) -> None:
    random = Random(seed)
    hall = city_hall(database, limits=Limits(per_hour=1000, per_day=10_000, in_a_row=1000))
    for _ in range(STEPS):
        step(hall, random)
    with hall.database.read() as connection:
        texts = connection.execute(select(inbound.c.id, inbound.c.state, inbound.c.outcome, inbound.c.body)).all()
        entries = Counter(connection.scalars(select(ticket_entry.c.inbound_id).where(ticket_entry.c.inbound_id > 0)))
        kept = set(connection.scalars(select(kept_text.c.inbound_id)))
        opened = Counter(connection.scalars(select(ticket.c.inbound_id).where(ticket.c.inbound_id > 0)))
        answers = Counter(connection.scalars(select(outbound.c.inbound_id).where(outbound.c.inbound_id > 0)))
        live_asks = connection.execute(select(func.count()).select_from(ask)).scalar_one()
    assert len(texts) > STEPS / 2
    assert live_asks > 0
    assert max(entries.values()) == max(opened.values()) == max(answers.values()) == 1
    for text_id, state, outcome, body in texts:
        if state is not InboundState.HANDLED:
            continue
        places = entries[text_id] + (text_id in kept)
        if outcome in FILED_NOWHERE:
            assert places == 0, (text_id, outcome)
        if outcome in (FilingOutcome.UNFILED, FilingOutcome.KEPT):
            is_choice = reaction_to(body, normalise(body)) is not None  # it left the words before it to staff
            assert text_id in kept or is_choice, (text_id, outcome)
    in_tickets = {text_id for text_id, _, outcome, _ in texts if outcome in FILED_IN_TICKET}
    chosen = {text_id for text_id in in_tickets if not entries[text_id]}
    assert len(chosen) <= len([one for one in texts if one.outcome in FILED_IN_TICKET]) / 2  # digits that chose
    assert_sound(hall)


def assert_sound(hall: CityHall) -> None:
    """Check that states, closing times and timers of all tickets go together."""
    tickets = {one.id: one for one in hall.tickets()}
    assert {one.state for one in tickets.values()} > {TicketState.NEW}
    for one in tickets.values():
        assert (one.state is TicketState.CLOSED) == (one.closed_at is not None) == (one.close_reason is not None)
        assert (one.state is TicketState.PENDING_CITIZEN) == (one.minutes_left is not None)
    with hall.database.read() as connection:
        waiting = connection.execute(select(ticket_timer).where(ticket_timer.c.done_at.is_(None))).all()
    for timer in waiting:
        assert timer.kind in TIMERS[tickets[timer.ticket_id].state]
