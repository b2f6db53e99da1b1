"""The pages of units and numbers, with rows behind them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from db.store.address import Address, Msisdn
from db.units.calendars import propose_year
from db.units.contacts import ContactRow, add_contact
from db.units.memberships import Membership, set_membership
from db.units.route_rules import RuleRow, TopicRow, add_rule, add_topic
from db.units.unit_rows import AliasRow, WardRow, add_ward, set_alias
from tests.sms_gateway.city_office import FOCAL, WARD

CONTACT, WARD_ROW, RULE, TOPIC, CALENDAR = 71, 72, 73, 74, 1

UNIT_PAGES = {
    "units": "/admin/units",
    "new unit": "/admin/units/new",
    "unit": f"/admin/units/{WARD}",
    "contact": f"/admin/units/{WARD}/contacts/{CONTACT}",
    "calendars": "/admin/units/calendars",
    "calendar": f"/admin/units/calendars/{CALENDAR}?year=2026",
    "wards": "/admin/units/wards",
    "ward": f"/admin/units/wards/{WARD_ROW}",
    "rules": "/admin/units/rules",
    "rule": f"/admin/units/rules/{RULE}",
    "topics": "/admin/units/topics",
    "topic": f"/admin/units/topics/{TOPIC}",
    "levels": "/admin/units/levels",
    "import of units": "/admin/units/import",
    "numbers": "/admin/numbers",
}


def write_unit_rows(connection: Connection, operator_id: int) -> None:
    """Write a little of everything that these pages show, for units that are there already."""
    person = ContactRow(
        id=CONTACT,
        unit_id=WARD,
        place="Trực ban",
        name="Trần Văn Bình",
        phone=Msisdn(Address("84937654321")),
        position=1,
        duty_from=450,
        duty_to=1050,
    )
    add_contact(connection, person)
    until = datetime(2026, 12, 31, tzinfo=UTC)
    set_membership(connection, Membership(operator_id=operator_id, unit_id=WARD, leads=True, until=until))
    set_alias(connection, AliasRow(folded="UBND P HAI CHAU", unit_id=WARD, until=date(2026, 12, 31)))
    add_ward(connection, WardRow(id=WARD_ROW, name="Phường Hải Châu", folded="HAI CHAU", unit_id=WARD))
    add_topic(connection, TopicRow(id=TOPIC, code="lamps", name="Đèn đường", words=("DEN",), is_accusation=True))
    rule = RuleRow(
        id=RULE,
        position=1,
        kind="report",
        any_of=("DEN DUONG", "MAT DIEN"),
        area=("HAI CHAU",),
        topic_id=TOPIC,
        unit_id=FOCAL,
    )
    add_rule(connection, rule)
    propose_year(connection, CALENDAR, 2026, {date(2026, 9, 2): (False, "Quốc khánh")})
