"""Units, their people, calendars and levels, and the rules that lead a citizen's words to them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import DaySource, LevelClock, Priority
from db.store.column_types import Choice, Mark, RowId, SealedText, Utc

calendar = Table(
    "calendar",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False, unique=True),
)

calendar_hours = Table(  # the intervals of a weekday; a unit open all day has 0 to 1440 on all seven
    "calendar_hours",
    metadata,
    Column("calendar_id", RowId, ForeignKey("calendar.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("weekday", SmallInteger, primary_key=True, autoincrement=False),  # 0 Monday to 6 Sunday
    Column("opens", SmallInteger, primary_key=True, autoincrement=False),  # minutes since midnight, the service's zone
    Column("closes", SmallInteger, nullable=False),  # minutes since midnight, at most 1440
)

calendar_day = Table(  # days that are not as their weekday: holidays, and Saturdays worked in exchange
    "calendar_day",
    metadata,
    Column("calendar_id", RowId, ForeignKey("calendar.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("name", String(80), nullable=False),
    Column("source", Choice(DaySource), nullable=False),
    Column("confirmed", Boolean, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("code", String(32), nullable=False, unique=True),  # of the national list: H17.28
    Column("name", String(120), nullable=False),
    Column("sms_name", String(30)),  # where the unaccented name is longer than 30 signs
    Column("folded", String(120), nullable=False),  # the name as routing finds it
    # At the commit, so that rows can be copied in the order of their ids.
    Column("parent_id", RowId, ForeignKey("unit.id", deferrable=True, initially="DEFERRED")),
    Column("calendar_id", RowId, ForeignKey("calendar.id"), nullable=False),
    Column("phone", String(40)),  # public: told by LH
    Column("address", String(120)),
    Column("is_focal", Boolean, nullable=False, server_default=text("false")),
    Column("is_duty", Boolean, nullable=False, server_default=text("false")),
    Column("busy_capacity", Integer, nullable=False),  # waiting tickets a present agent, before the unit is overloaded
    Column("assigns", Boolean, nullable=False, server_default=text("false")),  # leads assign tickets, agents take none
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Index("ix_unit_folded", "folded"),
)

unit_alias = Table(  # other names of a unit, as people write them
    "unit_alias",
    metadata,
    Column("folded", String(120), primary_key=True),
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE"), nullable=False),
    Column("until", Date),  # the last day on which the name leads to the unit
    Index("ix_unit_alias_unit", "unit_id"),
)

ward = Table(  # wards of today and of before 1 July 2025, each with the unit that looks after it
    "ward",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("folded", String(120), nullable=False),  # two old wards may have had one name
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE"), nullable=False),
    Column("until", Date),  # the last day of an old name
    Index("ix_ward_folded", "folded"),
    Index("ix_ward_unit", "unit_id"),
)

unit_contact = Table(  # who is called, and texted when it is urgent
    "unit_contact",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE"), nullable=False),
    Column("place", String(80), nullable=False),  # the post, such as `truc ban`
    Column("name", SealedText("unit_contact.name"), nullable=False),
    Column("phone", SealedText("unit_contact.phone"), nullable=False),
    Column("phone_mark", Mark("phone"), nullable=False),
    Column("duty_from", SmallInteger),  # minutes since midnight; None: no duty contact
    Column("duty_to", SmallInteger),  # earlier than duty_from: over midnight; equal: all day
    Column("position", Integer, nullable=False),  # who is texted first
    Index("ix_unit_contact_unit", "unit_id", "position"),
    Index("ix_unit_contact_phone", "phone_mark"),
)

operator_unit = Table(  # who works for which unit
    "operator_unit",
    metadata,
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("leads", Boolean, nullable=False, server_default=text("false")),
    Column("capacity", Integer),  # None: the unit's busy_capacity
    Column("topics", Text),  # codes of topics, with blanks between; None: all
    Column("until", Utc),  # the end of a stand-in
    Index("ix_operator_unit_unit", "unit_id"),
)

topic = Table(
    "topic",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("code", String(32), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("words", Text, nullable=False),  # folded, with commas between: what an agent is offered by
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="SET NULL")),
    Column("priority", Choice(Priority), nullable=False),
    Column("is_accusation", Boolean, nullable=False, server_default=text("false")),
)

route_rule = Table(  # read in the order of `position`; the first that fits decides
    "route_rule",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(16)),  # of tickets; None: every kind
    Column("any_of", Text, nullable=False),  # folded words and phrases, with commas between; one must be there
    Column("all_of", Text, nullable=False),  # all must be there
    Column("area", Text, nullable=False),  # folded names of wards, one must be there; empty: everywhere
    Column("topic_id", RowId, ForeignKey("topic.id", ondelete="SET NULL")),
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE")),  # None: the unit of the topic, else focal
    Column("priority", Choice(Priority)),
    Column("hits", RowId, nullable=False, server_default=text("0")),
    Index("ix_route_rule_position", "position"),
)

level = Table(  # how soon a kind of ticket is answered
    "level",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("code", String(16), nullable=False, unique=True),  # question, report, proposal, urgent
    Column("first_amount", Integer, nullable=False),
    Column("first_clock", Choice(LevelClock), nullable=False),
    Column("final_amount", Integer, nullable=False),
    Column("final_clock", Choice(LevelClock), nullable=False),
)

canned_answer = Table(  # of everybody, of a unit, or of one operator
    "canned_answer",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("unit_id", RowId, ForeignKey("unit.id", ondelete="CASCADE")),
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE")),
    Column("language", String(8), nullable=False),  # ISO 639-1
    Column("title", String(80), nullable=False),
    Column("body", Text, nullable=False),  # with fields in braces; never personal data
    Column("changed_at", Utc, nullable=False),
    Index("ix_canned_answer_unit", "unit_id"),
    Index("ix_canned_answer_operator", "operator_id"),
)
