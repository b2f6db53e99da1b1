"""Citizens' matters: tickets, what was said in them, what we asked, how they were rated, and what is due when.

No foreign key leads to texts and answers: those end before a ticket does.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import Priority
from db.schema.ticket_states import (
    AskKind,
    CloseReason,
    EntryKind,
    KeptReason,
    TicketChannel,
    TicketKind,
    TicketState,
    TimerKind,
)
from db.store.column_types import Choice, Mark, RowId, SealedText, Utc

ACTIVE = "state IN ('new', 'open', 'pending_citizen', 'pending_third')"
"""Condition of partial indexes: tickets that somebody still waits for. Queries repeat it word for word."""

URGENT = f"priority = '{Priority.URGENT.value}'"
"""Condition of a partial index: in lists of waiting tickets, urgent ones come first."""

UNSORTED = "sorted_at IS NULL"

citizen = Table(
    "citizen",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("phone", SealedText("citizen.phone"), nullable=False),
    Column("phone_mark", Mark("phone"), nullable=False, unique=True),
    Column("name", SealedText("citizen.name")),
    Column("language", String(8)),  # ISO 639-1; None: the service's
    Column("language_set", Boolean, nullable=False, server_default=text("false")),  # chosen by EN or VI
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("previous_ticket_id", RowId),  # the ticket that the last filed text of this phone opened or extended
    Column("previous_at", Utc),  # when that was
    Index("ix_citizen_seen", "seen_at"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("number", String(16), nullable=False, unique=True),  # YC and nine digits
    Column("kind", Choice(TicketKind), nullable=False),
    Column("state", Choice(TicketState), nullable=False),
    Column("close_reason", Choice(CloseReason)),
    Column("channel", Choice(TicketChannel), nullable=False),
    Column("citizen_id", RowId, ForeignKey("citizen.id")),  # None once its words are deleted
    Column("sender_mark", Mark("phone"), nullable=False),
    Column("short_code", String(24), nullable=False),
    Column("reply_link", String(64), nullable=False),
    Column("subject", SealedText("ticket.subject")),
    Column("language", String(8), nullable=False),
    Column("topic_id", RowId, ForeignKey("topic.id", ondelete="SET NULL")),
    Column("unit_id", RowId, ForeignKey("unit.id"), nullable=False),
    Column("assignee_id", RowId, ForeignKey("operator.id", ondelete="SET NULL")),
    Column("ward_id", RowId, ForeignKey("ward.id", ondelete="SET NULL")),
    Column("dossier_id", RowId, ForeignKey("dossier.id", ondelete="SET NULL")),
    Column("priority", Choice(Priority), nullable=False),
    Column("is_accusation", Boolean, nullable=False, server_default=text("false")),  # for leads of the unit alone
    Column(
        "is_unsure", Boolean, nullable=False, server_default=text("false")
    ),  # the route was, until somebody acts: page To sort
    Column("level_id", RowId, ForeignKey("level.id")),
    Column("rule_id", RowId, ForeignKey("route_rule.id", ondelete="SET NULL")),
    Column("routed_by", String(24), nullable=False),  # the step of the routing that decided
    Column("inbound_id", RowId, unique=True),  # the text that opened it: a text opens one ticket
    # At the commit, so that rows can be copied in the order of their ids.
    Column("parent_id", RowId, ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")),  # split from it
    Column("merged_into", RowId, ForeignKey("ticket.id", deferrable=True, initially="DEFERRED")),
    Column("created_at", Utc, nullable=False),
    Column("said_at", Utc, nullable=False),  # the last words of citizen or agent
    Column("taken_at", Utc),
    Column("first_answer_at", Utc),
    Column("resolved_at", Utc),
    Column("closed_at", Utc),
    Column("first_due", Utc, nullable=False),
    Column("final_due", Utc, nullable=False),
    Column("promised_at", Utc, nullable=False),  # the time that the citizen was told last
    Column("first_promised_at", Utc),  # the time that was promised, where an apology told another; the one that counts
    Column("minutes_left", Integer),  # of the final due time, while the clock stands still
    Column("working_minutes", Integer),  # until it was resolved, by the unit's calendar
    Column("reopened", SmallInteger, nullable=False, server_default=text("0")),
    Column("transfers", SmallInteger, nullable=False, server_default=text("0")),
    Column("public_reason", SealedText("ticket.public_reason")),  # what we wait for, as TT says it
    Column("version", Integer, nullable=False, server_default=text("1")),  # each change adds one
    Index("ix_ticket_sender", "sender_mark", "state", "id"),
    # With what the inbox asks of a ticket, so that lists and counts read the index alone.
    Index("ix_ticket_unit", "unit_id", "state", "final_due", "id", "assignee_id", "is_accusation", "priority"),
    Index("ix_ticket_due", "state", "final_due", "id", "unit_id", "assignee_id", "is_accusation", "priority"),
    Index(
        "ix_ticket_urgent",
        "state",
        "final_due",
        "id",
        "unit_id",
        "assignee_id",
        "is_accusation",
        "priority",
        sqlite_where=text(URGENT),
        postgresql_where=text(URGENT),
    ),
    Index(
        "ix_ticket_assignee",
        "assignee_id",
        "state",
        "final_due",
        "id",
        sqlite_where=text(f"assignee_id IS NOT NULL AND {ACTIVE}"),
        postgresql_where=text(f"assignee_id IS NOT NULL AND {ACTIVE}"),
    ),
    Index("ix_ticket_unit_newest", "unit_id", "id"),
    Index("ix_ticket_state_newest", "state", "id"),
    Index(
        "ix_ticket_to_sort",
        "final_due",
        "id",
        "unit_id",
        "is_accusation",
        "priority",
        "is_unsure",
        sqlite_where=text("is_unsure"),
        postgresql_where=text("is_unsure"),
    ),
    Index(
        "ix_ticket_taken",
        "unit_id",
        "taken_at",
        sqlite_where=text("taken_at IS NOT NULL"),
        postgresql_where=text("taken_at IS NOT NULL"),
    ),
    Index(
        "ix_ticket_closed",  # retention: those whose words are still there
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL AND citizen_id IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL AND citizen_id IS NOT NULL"),
    ),
    Index("ix_ticket_citizen", "citizen_id"),
    Index(
        "ix_ticket_merged_into",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
)

ticket_entry = Table(  # what was said and done in a ticket, in the order of its ids
    "ticket_entry",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("ticket_id", RowId, ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Choice(EntryKind), nullable=False),
    Column("inbound_id", RowId, unique=True),  # a text is filed once
    Column("outbound_id", RowId),
    Column("operator", String(64)),
    Column("unit_id", RowId, ForeignKey("unit.id")),  # the operator's
    Column("body", SealedText("ticket_entry.body")),  # None: no words, or deleted
    Column("from_state", Choice(TicketState)),  # None: it changed no state
    Column("to_state", Choice(TicketState)),
    Column("moved_from", RowId, ForeignKey("ticket.id", ondelete="SET NULL")),  # where it was filed before
    Column("replaced", Text),  # JSON: states and times that words of the citizen changed, for when they are moved
    Column("at", Utc, nullable=False),
    Index("ix_ticket_entry_ticket", "ticket_id", "id"),
    Index(
        "ix_ticket_entry_outbound",
        "outbound_id",
        sqlite_where=text("outbound_id IS NOT NULL"),
        postgresql_where=text("outbound_id IS NOT NULL"),
    ),
)

ticket_timer = Table(  # what is due for a ticket; done once, also after an outage
    "ticket_timer",
    metadata,
    Column("ticket_id", RowId, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("kind", Choice(TimerKind), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("done_at", Utc),
    Index("ix_ticket_timer_due", "at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    sqlite_with_rowid=False,  # a ticket has four of them: one tree less to write for each
)

kept_text = Table(  # texts that wait for a choice of the citizen, or for the page To sort
    "kept_text",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("inbound_id", RowId, nullable=False, unique=True),
    Column("first_id", RowId, nullable=False),  # the first of those that one choice files; its own id, if it is that
    Column("citizen_id", RowId, ForeignKey("citizen.id"), nullable=False),
    Column("sender_mark", Mark("phone"), nullable=False),
    Column("short_code", String(24), nullable=False),
    Column("reply_link", String(64), nullable=False),
    Column("reason", Choice(KeptReason), nullable=False),
    Column("body", SealedText("kept_text.body"), nullable=False),
    Column("candidates", Text, nullable=False),  # ids of the tickets offered, with blanks between
    Column("kept_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),  # the citizen's choice; then staff sort it
    Column("filed_as", RowId, ForeignKey("ticket.id", ondelete="CASCADE")),
    Column("sorted_at", Utc),  # filed by the citizen or by staff, or put aside by staff
    Column("sorted_by", String(64)),  # the operator; None: the citizen
    Index("ix_kept_text_sender", "sender_mark"),
    Index("ix_kept_text_first", "first_id"),
    Index("ix_kept_text_waiting", "until", sqlite_where=text(UNSORTED), postgresql_where=text(UNSORTED)),
    Index("ix_kept_text_sorted", "sorted_at"),
    Index("ix_kept_text_citizen", "citizen_id"),
)

ask = Table(  # what we asked a number last; live once its SMS was sent
    "ask",
    metadata,
    Column("sender_mark", Mark("phone"), primary_key=True),
    Column("short_code", String(24), primary_key=True),
    Column("kind", Choice(AskKind), nullable=False),
    Column("subject_id", RowId, nullable=False),  # the ticket, or the first kept text
    Column("outbound_id", RowId, nullable=False),  # its SMS
    Column("choices", Text, nullable=False),  # of `which`: ids of tickets, with blanks between
    Column("made_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Index("ix_ask_until", "until"),
    Index("ix_ask_subject", "subject_id"),
)

rating = Table(
    "rating",
    metadata,
    Column("ticket_id", RowId, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("score", SmallInteger, nullable=False),  # 1 to 5
    Column("by_words", Boolean, nullable=False),  # `rat tot`, not a digit
    Column("words", SealedText("rating.words")),
    Column("unit_id", RowId, ForeignKey("unit.id"), nullable=False),  # as it was then
    Column("operator", String(64)),  # who resolved it
    Column("at", Utc, nullable=False),  # of the first rating: it can be changed for some days
    Index("ix_rating_unit", "unit_id", "at"),
)
