"""A city hall with three units that answer texts: its pipeline without threads, its agents, and its clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Connection, select, update

from db.schema import OperatorRole, OutboundState, outbound, ticket, ticket_entry, unit
from db.staff import operators
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.tickets.whole_ticket import Entry, Scope, Ticket, read_entries, read_tickets
from db.units.calendars import Hours, add_calendar
from db.units.contacts import ContactRow, add_contact
from db.units.route_rules import RuleRow, list_rules, replace_rules
from db.units.unit_rows import UnitRow, WardRow, add_unit, add_ward
from handlers.commands.conversation import ALL_HANDLERS
from handlers.context import ServiceFacts
from handlers.conversation.units_now import Units, read_units
from handlers.wording.catalogues import CATALOGUES
from parsers.fields.codes.ticket_numbers import new_number
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.back_office.tickets.due import act_on_due
from sms_gateway.back_office.tickets.results import Acting, Office, Result
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.replies import Replies
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk, Fate

MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
"""Monday, ten o'clock in the morning there."""

NUMBER = re.compile(r"YC[0-9]{9}")

AN, BINH = "84905000001", "84905000002"
"""Two citizens."""

ON_DUTY, SECOND_ON_DUTY = Msisdn(Address("84905999001")), Msisdn(Address("84905999002"))

FOCAL, WARD_UNIT, DUTY = 1, 2, 3
LAN = 11
"""An agent of the ward's unit."""

EVERY_UNIT = Scope(units=frozenset({FOCAL, WARD_UNIT, DUTY}), led=frozenset({FOCAL, WARD_UNIT, DUTY}))
_OFFICE = [(450, 690), (810, 1050)]
_TRAITS = TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15)))


def keywords_on() -> dict[str, str]:
    """Return the keywords that answers name."""
    taught = CONVERSATION_VOCABULARY.taught
    return {one.service: taught[one.name] for one in CONVERSATION_VOCABULARY.grammars if one.default_keywords}


def furnish(database: Database) -> None:
    """Write the units of the city."""
    with database.write() as connection:
        hours = [Hours(weekday=day, opens=opens, closes=closes) for day in range(5) for opens, closes in _OFFICE]
        add_calendar(connection, calendar_id=1, name="office", hours=hours)
        add_unit(connection, _unit(FOCAL, "H17", "Tổng đài 1022", is_focal=True))
        add_unit(connection, _unit(WARD_UNIT, "H17.28", "UBND phường Hải Châu"))
        add_unit(connection, _unit(DUTY, "H17.99", "Trực ban thành phố", is_duty=True))
        add_ward(connection, WardRow(id=1, name="Phường Hải Châu", folded="HAI CHAU", unit_id=WARD_UNIT))
        for place, phone in enumerate((ON_DUTY, SECOND_ON_DUTY)):
            add_contact(
                connection,
                ContactRow(
                    id=place + 1,
                    unit_id=DUTY,
                    place="truc ban",
                    name=f"Người trực {place}",
                    phone=phone,
                    position=place,
                    duty_from=0,
                    duty_to=0,
                ),
            )
        operators.add_operator(
            connection,
            operator_id=LAN,
            name="lan",
            password_hash="$argon2id$made-up",
            role=OperatorRole.OPERATOR,
            now=MONDAY,
        )


def _unit(unit_id: int, code: str, name: str, *, is_focal: bool = False, is_duty: bool = False) -> UnitRow:
    return UnitRow(
        id=unit_id,
        code=code,
        name=name,
        folded=name.upper(),
        calendar_id=1,
        busy_capacity=20,
        phone="0236 3822222",
        address="76 Quang Trung",
        is_focal=is_focal,
        is_duty=is_duty,
    )


@dataclass(slots=True)
class CityHall:
    """Citizens text, agents act, time passes."""

    database: Database
    desk: Counterdesk
    parts: ConversationParts
    random: Random = field(default_factory=lambda: Random(17))
    traits: TraitsByChannel = _TRAITS

    @property
    def now(self) -> datetime:
        return self.desk.now

    def text(self, sender: str, body: str) -> Fate:
        """Bring a text, and let all that waits go out."""
        fate = self.desk.text(sender, body)
        self.send()
        return fate

    def send(self) -> None:
        """Let every answer that waits go out now."""
        with self.database.write() as connection:
            waiting = update(outbound).where(outbound.c.state == OutboundState.QUEUED)
            connection.execute(waiting.values(state=OutboundState.SENT, sent_at=self.now))

    def pass_(self, **span: float) -> None:
        self.desk.pass_(**span)

    def act(self, act: Callable[[Connection, Office, Acting], Result], number: str) -> Result:
        """Let the agent do something with a ticket as it is now."""
        row = self.ticket(number)
        acting = Acting(
            ticket_id=row.id, version=row.version, operator_id=LAN, operator="lan", scope=EVERY_UNIT, unit_id=WARD_UNIT
        )
        return self.act_as(act, acting)

    def act_as(self, act: Callable[[Connection, Office, Acting], Result], acting: Acting) -> Result:
        """Let the agent do something with a ticket as a page showed it; the text goes out."""
        with self.database.write() as connection:
            done = act(connection, self.office(), acting)
        self.send()
        return done

    def office(self) -> Office:
        return Office(
            parts=self.parts,
            replies=Replies(new_id=self.desk.new_id, traits=self.traits),
            new_id=self.desk.new_id,
            now=self.now,
        )

    def look_at_timers(self) -> int:
        done = self.act_on_due()
        self.send()
        return done

    def act_on_due(self) -> int:
        """Look at the timers; what they send waits."""
        return act_on_due(self.database, self.office(), limit=100)

    def tickets(self) -> list[Ticket]:
        with self.database.read() as connection:
            ids = list(connection.scalars(select(ticket.c.id).order_by(ticket.c.id)))
            return list(read_tickets(connection, ids))

    def ticket(self, number: str) -> Ticket:
        return next(one for one in self.tickets() if one.number == number)

    def entries(self, number: str) -> list[Entry]:
        with self.database.read() as connection:
            return list(read_entries(connection, self.ticket(number).id))

    def filed_texts(self) -> list[int]:
        """Return the ids of the texts that are entries."""
        with self.database.read() as connection:
            asked = select(ticket_entry.c.inbound_id).where(ticket_entry.c.inbound_id.is_not(None))
            return list(connection.scalars(asked))

    def set_rules(self, *rules: RuleRow) -> None:
        """Let texts be routed by these rules."""
        with self.database.write() as connection:
            replace_rules(connection, rules)
        self._read_units()

    def disable(self, unit_id: int) -> None:
        """Let a unit be in use no more."""
        with self.database.write() as connection:
            connection.execute(update(unit).where(unit.c.id == unit_id).values(disabled=True))
        self._read_units()

    def _read_units(self) -> None:
        units = _units(self.database)
        self.parts = self.desk.conversation = replace(self.parts, units=lambda: units)

    def hits(self) -> dict[int, int]:
        """Return how often each rule fitted."""
        with self.database.read() as connection:
            return {one.id: one.hits for one in list_rules(connection)}

    def texts_to(self, phone: str) -> list[str]:
        with self.database.read() as connection:
            asked = select(outbound.c.body).where(outbound.c.recipient_mark == phone).order_by(outbound.c.id)
            return list(connection.scalars(asked))


def city_hall(
    database: Database, *, urgent: bool = True, free_text: str = "ask", limits: Limits | None = None
) -> CityHall:
    """Return a city hall on an empty database."""
    furnish(database)
    random = Random(17)
    units = _units(database)
    services = {name: ServiceFacts(wording=wording, keywords=keywords_on()) for name, wording in CATALOGUES.items()}
    parts = ConversationParts(
        units=lambda: units,
        services=services,
        language="vi",
        traits=_TRAITS,
        draw=lambda: new_number(random.randrange),
        free_text=free_text,
        urgent=urgent,
        senders=("main",),
    )
    desk = Counterdesk(
        database,
        service=services["vi"],
        now=MONDAY,
        conversation=parts,
        handlers=ALL_HANDLERS,
        vocabulary=CONVERSATION_VOCABULARY,
        limits=limits or Limits(),
    )
    return CityHall(database=database, desk=desk, parts=parts)


def _units(database: Database) -> Units:
    with database.read() as connection:
        units = read_units(connection, zone=LOCAL_ZONE, today=MONDAY.astimezone(LOCAL_ZONE).date())
    assert units is not None
    return units


def number_in(answer: str | None) -> str:
    """Return the ticket number in an answer."""
    found = NUMBER.search(answer or "")
    assert found is not None, answer
    return found.group()


def opened(hall: CityHall, body: str = "HOI lam ho chieu can giay to gi", sender: str = AN) -> str:
    """Open a ticket; the next text comes much later."""
    number = number_in(hall.text(sender, body).answer)
    hall.pass_(minutes=10)
    return number
