"""The service itself: its links and their tokens, duties and jobs, and what it counted."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, SmallInteger, String, Table, text

from db.schema.metadata import metadata
from db.store.column_types import RowId, SealedText, Utc

link_state = Table(  # how each link is, written every few seconds by the process that holds it
    "link_state",
    metadata,
    Column("link", String(64), primary_key=True),
    Column("bound", Boolean, nullable=False),  # texts and answers can go; some of its binds may be down
    Column("since", Utc, nullable=False),  # of `bound`; outlives a restart of the process
    Column("binds", SmallInteger, nullable=False),  # how many of its binds stand
    Column("wanted", SmallInteger, nullable=False),  # how many there should be
    Column("in_flight", Integer, nullable=False),  # submit_sm without a response
    Column("window", Integer, nullable=False),
    Column("round_trip_ms", Integer),  # of the last enquire_link, the slowest bind's
    Column("last_error", String(200)),  # free of personal data
    Column("worked_at", Utc),  # of HTTP: when the provider took an answer last, or knew us; outlives a restart
    Column("failed_at", Utc),  # of HTTP: when it failed last; outlives a restart
    Column("failed_for", String(200)),  # and why, free of personal data
    Column("holder", String(64), nullable=False),  # which process wrote this
    Column("seen_at", Utc, nullable=False),  # when; an old row is of a process that is gone
)

access_token = Table(  # what opens a provider's API for a channel, and what renews it; see db.processes.access_tokens
    "access_token",
    metadata,
    Column("link", String(64), primary_key=True),
    Column("access", SealedText("access_token.access")),  # null: the next renewal gives one
    Column("refresh", SealedText("access_token.refresh"), nullable=False),  # opens one renewal, which gives the next
    Column("access_until", Utc),
    Column("refresh_until", Utc, nullable=False),
    Column("renewing_until", Utc),  # a process renews them; when it is over, that process did not come back
    Column("refused_at", Utc),  # the provider refused the refresh token; an operator must authorise anew
    Column("changed_at", Utc, nullable=False),  # when the provider gave them
)

duty = Table(  # who does what there must be one of: a link's bind, the schedule, a node number
    "duty",
    metadata,
    Column("name", String(80), primary_key=True),  # `link:viettel`, `schedule`, `node:3`
    Column("owner", String(64), nullable=False),  # which process; `-` once it was given back
    Column("lease_until", Utc, nullable=False),  # by the database's clock; from then on anybody may take it
    Column("since", Utc, nullable=False),
)

job_run = Table(  # what each job of the schedule did last
    "job_run",
    metadata,
    Column("name", String(64), primary_key=True),  # sms_gateway.process.schedule.Job
    Column("ran_at", Utc),  # when it last came to its end
    Column("changed_at", Utc),  # when it last found something to do
    Column("changed_rows", RowId, nullable=False),  # how many rows that were
    Column("failed_at", Utc),  # when it last failed; the log says why
)

emptied = Table(  # how far the schedule has deleted the words of texts
    "emptied",
    metadata,
    Column("kind", String(16), primary_key=True),  # `inbound`, `outbound`
    Column("up_to", RowId, nullable=False),  # the last row done
)

minute_count = Table(  # what came and went in a minute, by the ids made in it; counted anew, never added to
    "minute_count",
    metadata,
    Column("minute", RowId, primary_key=True, autoincrement=False),  # id divided by the ids of a minute
    Column("texts", Integer, nullable=False),  # redeliveries left out
    Column("misread", Integer, nullable=False),
    Column("look_ups", Integer, nullable=False, server_default=text("0")),
    Column("not_found", Integer, nullable=False, server_default=text("0")),  # of these
    Column("answers", Integer, nullable=False),  # in whatever state
    Column("sent", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("expired", Integer, nullable=False),
)

day_count = Table(  # what came and went on a day of the city: no row is of one person, and none is ever deleted
    "day_count",
    metadata,
    Column("kind", String(16), primary_key=True),  # db.reports.day_figures.FigureKind
    Column("day", Date, primary_key=True),
    Column("key", String(64), primary_key=True),  # by the kind: how a text was read, the state of an SMS
    Column("detail", String(64), primary_key=True),  # by the kind: an outcome, the code of a unit; or empty
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

month_count = Table(  # sums of day_count, for pages about years; `day` is the first of the month
    "month_count",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("detail", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

figure = Table(  # what is too dear to find out for a page: rows of tables, the newest backup
    "figure",
    metadata,
    Column("name", String(32), primary_key=True),  # db.processes.statistics.StatisticName
    Column("value", RowId, nullable=False),
    Column("taken_at", Utc, nullable=False),
)
