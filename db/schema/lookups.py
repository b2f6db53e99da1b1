"""An office's own look-up tables: each version of a table, and its rows."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import LookupState
from db.store.column_types import Choice, Mark, RowId, SealedText, Utc

lookup = Table(  # one version of a table or of an own answer; only its state and its switch change
    "lookup",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(24), nullable=False),  # the same for all versions
    Column("state", Choice(LookupState), nullable=False),
    Column("definition", Text, nullable=False),  # JSON: keywords, columns, the sentence; free of personal data
    Column("row_count", Integer, nullable=False),
    Column("faults", Text, nullable=False),  # JSON: the lines of the file that were left out, without their cells
    Column("made_by", String(64), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("submitted_at", Utc),  # the day that a version may wait for its approval begins here
    Column("approved_by", String(64)),
    Column("approved_at", Utc),
    Column("off", Boolean, nullable=False, server_default=text("false")),  # of all versions of a name
    Index("ix_lookup_name", "name", "id"),
)

lookup_row = Table(
    "lookup_row",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("lookup_id", RowId, ForeignKey("lookup.id", ondelete="CASCADE"), nullable=False),
    Column("key_mark", Mark("lookup_key"), nullable=False),  # of the version and the key's look-alike form
    Column("phone_mark", Mark("phone")),  # where a column looks like a telephone number
    Column("id_number_mark", Mark("id_number")),  # where a column looks like an identity number
    Column("cells", SealedText("lookup_row.cells"), nullable=False),  # JSON: the cells in the order of the columns
    Index("ix_lookup_row_key", "lookup_id", "key_mark"),
    Index(
        "ix_lookup_row_phone",
        "phone_mark",
        sqlite_where=text("phone_mark IS NOT NULL"),
        postgresql_where=text("phone_mark IS NOT NULL"),
    ),
    Index(
        "ix_lookup_row_id_number",
        "id_number_mark",
        sqlite_where=text("id_number_mark IS NOT NULL"),
        postgresql_where=text("id_number_mark IS NOT NULL"),
    ),
)
