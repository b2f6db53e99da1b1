"""The sample city in rows: calendars, units, contacts, wards, topics and rules, with invented people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice, product

from sqlalchemy import Connection

from db.schema import Priority
from db.store.address import Address, Msisdn
from db.units.calendars import Hours, add_calendar, confirm_year, propose_year
from db.units.contacts import ContactRow, add_contact
from db.units.route_rules import RuleRow, TopicRow, add_topic, replace_rules
from db.units.unit_rows import UnitRow, WardRow, add_unit, add_ward
from handlers.conversation.business_time import ALL_DAY, OFFICE_HOURS
from handlers.conversation.business_time.holiday_proposal import propose_days
from handlers.conversation.load import DEFAULT_CAPACITY
from handlers.conversation.routing.directory import bare_ward
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.demo import sample_city
from sms_gateway.demo.sample_city import DUTY, FOCAL, TOPICS, sample_units, sample_wards

CONTACTS = 625
LAST_DAY = date(2025, 6, 30)
"""On the next day the districts ended, and wards were joined."""

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLES = ("Văn", "Thị", "Minh", "Ngọc", "Thanh")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Hạnh", "Khánh", "Lan", "Mai", "Nam", "Phúc", "Quang", "Sơn", "Thảo")
_PLACES = ("Văn thư", "Một cửa", "Phó Chủ tịch", "Tổ trưởng", "Chuyên viên")
_ON_DUTY = (("Trực ngày", 7 * 60, 19 * 60), ("Trực đêm", 19 * 60, 7 * 60))


def add_sample_city(
    connection: Connection,
    *,
    new_id: Callable[[], int],
    today: date,
    rules: int | None = None,
) -> None:
    """Write the sample city into an empty database; the holidays of this year and of the next one are confirmed."""
    calendars = _add_calendars(connection, new_id, today)
    units = {unit.code: new_id() for unit in sample_units()}
    for unit in sample_units():
        add_unit(
            connection,
            UnitRow(
                id=units[unit.code],
                code=unit.code,
                name=unit.name,
                folded=phrase_of(unit.name),
                sms_name=unit.sms_name,
                parent_id=None if unit.parent is None else units[unit.parent],
                calendar_id=calendars[unit.calendar],
                phone=unit.phone,
                address=unit.address,
                is_focal=unit.code == FOCAL,
                is_duty=unit.code == DUTY,
                busy_capacity=DEFAULT_CAPACITY,
            ),
        )
    for row in sample_contacts([units[unit.code] for unit in sample_units()], units[DUTY], new_id, CONTACTS):
        add_contact(connection, row)
    for ward in sample_wards():
        until = LAST_DAY if ward.is_old else None
        name = ward.name
        add_ward(
            connection,
            WardRow(id=new_id(), name=name, folded=bare_ward(name), unit_id=units[ward.unit], until=until),
        )
    _add_rules(connection, units, new_id, rules)


def sample_contacts(
    unit_ids: Sequence[int], duty_unit: int, new_id: Callable[[], int], number: int
) -> Iterator[ContactRow]:
    """Give contacts with invented names, by turns for each unit; the first of the duty unit are on duty."""
    people = cycle(product(_GIVEN, _MIDDLES, _FAMILIES))
    on_duty = list(_ON_DUTY)
    for count, (unit_id, (given, middle, family)) in enumerate(
        zip(islice(cycle(unit_ids), number), people, strict=False)
    ):
        place, duty_from, duty_to = _PLACES[count // len(unit_ids) % len(_PLACES)], None, None
        if unit_id == duty_unit and on_duty:
            place, duty_from, duty_to = on_duty.pop(0)
        yield ContactRow(
            id=new_id(),
            unit_id=unit_id,
            place=place,
            name=f"{family} {middle} {given}",
            phone=Msisdn(Address(f"8490500{count:04d}")),
            position=count // len(unit_ids) + 1,
            duty_from=duty_from,
            duty_to=duty_to,
        )


def sample_rules(
    units: dict[str, int], topics: dict[str, int], new_id: Callable[[], int], number: int | None = None
) -> Iterator[RuleRow]:
    """Give a rule for each topic; then, up to `number`, one for each phrase and ward, as a large city would have."""
    rules = [
        RuleRow(
            id=new_id(),
            position=0,
            any_of=topic.phrases,
            topic_id=topics[topic.code],
            unit_id=None if topic.unit is None else units[topic.unit],
        )
        for topic in TOPICS
    ]
    if number is not None:
        phrases = [phrase for topic in TOPICS if topic.unit is None for phrase in topic.phrases]
        local = (
            RuleRow(
                id=new_id(),
                position=0,
                kind="report",
                any_of=(phrase,),
                area=(bare_ward(ward.name),),
                unit_id=units[ward.unit],
            )
            for ward in sample_wards()
            for phrase in phrases
        )
        rules = [*islice(local, max(0, number - len(rules))), *rules]
    for position, rule in enumerate(rules[:number], 1):
        yield replace(rule, position=position)


def _add_calendars(connection: Connection, new_id: Callable[[], int], today: date) -> dict[str, int]:
    calendars = {sample_city.OFFICE: OFFICE_HOURS, sample_city.ALL_DAY: ALL_DAY}
    ids = {name: new_id() for name in calendars}
    for name, week in calendars.items():
        hours = [
            Hours(weekday=weekday, opens=one.opens, closes=one.closes)
            for weekday, intervals in week.items()
            for one in intervals
        ]
        add_calendar(connection, calendar_id=ids[name], name=name, hours=hours)
    for year in (today.year, today.year + 1):
        propose_year(connection, ids[sample_city.OFFICE], year, propose_days(year))
        confirm_year(connection, ids[sample_city.OFFICE], year)
    return ids


def _add_rules(connection: Connection, units: dict[str, int], new_id: Callable[[], int], number: int | None) -> None:
    topics = {topic.code: new_id() for topic in TOPICS}
    for topic in TOPICS:
        add_topic(
            connection,
            TopicRow(
                id=topics[topic.code],
                code=topic.code,
                name=topic.name,
                words=topic.phrases,
                unit_id=None if topic.unit is None else units[topic.unit],
                priority=Priority.NORMAL,
                is_accusation=topic.is_accusation,
            ),
        )
    replace_rules(connection, list(sample_rules(units, topics, new_id, number)))
