"""Accounts, dossiers and their history, and who must not be answered."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from db.schema.metadata import metadata
from db.schema.states import AccountState, AttemptKind, DossierStatus, UploadKind
from db.store.column_types import Choice, Mark, RowId, SealedOctets, SealedText, Utc

account = Table(
    "account",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("user_name", String(32), nullable=False, unique=True),
    Column("id_number_mark", Mark("id_number"), nullable=False),
    Column("id_number", SealedText("account.id_number"), nullable=False),
    Column("full_name", SealedText("account.full_name"), nullable=False),
    Column("birth_date", SealedText("account.birth_date"), nullable=False),  # ISO 8601, as far as it is known
    Column("phone", SealedText("account.phone"), nullable=False),
    Column("phone_mark", Mark("phone"), nullable=False),
    Column("password_hash", Text, nullable=False),  # argon2id, PHC string format
    Column("password_expires_at", Utc),  # None once the citizen has set their own
    Column("state", Choice(AccountState), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("inbound_id", RowId),  # the text that opened it
    Column("released_id", RowId),  # an id made when its identity number was released: earlier texts have lower ids
    Column("activated_at", Utc),  # when a system of the city reported that it is in use
    Column("phone_changed_at", Utc),  # when an operator last changed the phone
    Column("phone_changed_by", String(64)),  # that operator
    Column("phone_approved_by", String(64)),  # another operator, who confirmed the change
    Index("ix_account_phone", "phone_mark"),
    Index("ix_account_id_number", "id_number_mark"),
    # One account for one identity number; those that ended are not counted.
    Index(
        "ix_account_one_each",
        "id_number_mark",
        unique=True,
        sqlite_where=text("state <> 'released'"),
        postgresql_where=text("state <> 'released'"),
    ),
)

account_day = Table(  # how many accounts were asked for in the busiest hour of each of the last days
    "account_day",
    metadata,
    Column("first_id", RowId, primary_key=True, autoincrement=False),  # the least id that can be made on that day
    Column("busiest_hour", Integer, nullable=False),
)

dossier = Table(
    "dossier",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("code", String(64), nullable=False, unique=True),  # as printed on the receipt
    Column("canonical", String(64), nullable=False),  # upper case, letters and digits only
    Column("lookalike", String(64), nullable=False),  # canonical with O as 0, I and L as 1
    Column("status", Choice(DossierStatus), nullable=False),
    Column("procedure", String(200)),  # what was asked for; not told by SMS
    Column("received_on", Date),
    Column("due_on", Date),
    Column("wanted", String(200)),  # papers missing (status 5) or money owed (status 6)
    Column("fix", String(200)),  # how to supply what is wanted
    Column("pick_up", String(100)),  # where the result lies (status 9)
    Column("updated_at", Utc, nullable=False),
    Column("changed_at", Utc),  # when its office changed it; a pushed change that is older is refused
    # What opens the dossier where a look-up needs a secret: of canonical code and secret together, so that equal digits
    # on two dossiers do not show. The secrets themselves stand nowhere.
    Column("identity_mark", Mark("dossier_secret")),  # the identity number's last four digits
    Column("password_mark", Mark("dossier_secret")),  # the printed look-up password
    Index("uq_dossier_canonical", "canonical", unique=True),  # one dossier, however its code is written
    Index("ix_dossier_lookalike", "lookalike", "id"),
    Index("ix_dossier_status", "status", "lookalike", "id"),
)

dossier_change = Table(  # the history of a dossier's state, as far as operators made it
    "dossier_change",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("dossier_id", RowId, ForeignKey("dossier.id", ondelete="CASCADE"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("before", Choice(DossierStatus), nullable=False),
    Column("after", Choice(DossierStatus), nullable=False),
    Index("ix_dossier_change_dossier", "dossier_id"),
)

dossier_upload = Table(  # a file between its preview and the word to import it; deleted with that word, or by age
    "dossier_upload",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("operator_id", RowId, ForeignKey("operator.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Choice(UploadKind), nullable=False),
    Column("name", SealedText("dossier_upload.name"), nullable=False),
    Column("octets", SealedOctets("dossier_upload.octets"), nullable=False),  # may hold columns that are not taken
    Column("preview", SealedText("dossier_upload.preview")),  # JSON: what the page shows of the file
    Column("facts", SealedOctets("dossier_upload.facts")),  # what an import would take in, read once
    Column("created_at", Utc, nullable=False),
)

attempt = Table(  # who tried in vain which code, and which identity number, by marks alone; kept for two days
    "attempt",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("kind", Choice(AttemptKind), nullable=False),
    Column("sender_mark", Mark("phone"), nullable=False),
    Column("subject_mark", Mark("attempt"), nullable=False),  # the code's look-alike key, or the identity number
    Column("area_mark", Mark("area")),  # the code without its last digits
    Column("hit", Boolean, nullable=False),  # True for every TK; codes that were there stand in inbound.told
    Index("ix_attempt_sender", "sender_mark", "id"),
    Index(
        "ix_attempt_subject",
        "subject_mark",
        "id",
        sqlite_where=text("kind = 'register'"),
        postgresql_where=text("kind = 'register'"),
    ),
    Index("ix_attempt_area", "area_mark", "id", sqlite_where=text("NOT hit"), postgresql_where=text("NOT hit")),
    Index("ix_attempt_missed", "id", sqlite_where=text("NOT hit"), postgresql_where=text("NOT hit")),
    Index(
        "ix_attempt_registered",
        "id",
        "kind",  # one and the same, but with it SQLite counts by the index alone
        sqlite_where=text("kind = 'register'"),
        postgresql_where=text("kind = 'register'"),
    ),
)

block = Table(  # numbers that get no answer until a time
    "block",
    metadata,
    Column("number_mark", Mark("phone"), primary_key=True),
    Column("number", SealedText("block.number"), nullable=False),
    Column("reason", SealedText("block.reason"), nullable=False),  # an operator's own words
    Column("made_by", String(64), nullable=False),  # who blocked it; `loop` for the loop breaker
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)
