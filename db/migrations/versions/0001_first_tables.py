"""The first tables: the road (inbound, outbound, segment, receipts, events), accounts, dossiers, operators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration keeps the types of its day: it may not import db.columns, which goes on changing.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:

    op.create_table(
        "account",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_name", sa.String(length=32), nullable=False),
        sa.Column("id_number_mark", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_expires_at", TIME, nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("inbound_id", ROW_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("id_number_mark", name=op.f("uq_account_id_number_mark")),
        sa.UniqueConstraint("user_name", name=op.f("uq_account_user_name")),
    )
    op.create_index("ix_account_phone", "account", ["phone_mark"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("sender_mark", sa.LargeBinary(), nullable=False),
        sa.Column("subject_mark", sa.LargeBinary(), nullable=False),
        sa.Column("area_mark", sa.LargeBinary(), nullable=True),
        sa.Column("hit", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_sender", "attempt", ["sender_mark", "id"], unique=False)
    for name, columns, condition in (
        ("ix_attempt_subject", ["subject_mark", "id"], "kind = 'register'"),
        ("ix_attempt_area", ["area_mark", "id"], "NOT hit"),
        ("ix_attempt_missed", ["id"], "NOT hit"),
    ):
        where = sa.text(condition)
        op.create_index(name, "attempt", columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "emptied",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("up_to", ROW_ID, nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_emptied")),
    )
    op.create_table(
        "block",
        sa.Column("number_mark", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("number_mark", name=op.f("pk_block")),
    )
    op.create_table(
        "dossier",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("canonical", sa.String(length=64), nullable=False),
        sa.Column("lookalike", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("procedure", sa.String(length=200), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("wanted", sa.String(length=200), nullable=True),
        sa.Column("pick_up", sa.String(length=100), nullable=True),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
    )
    op.create_index("ix_dossier_lookalike", "dossier", ["lookalike"], unique=False)
    op.create_table(
        "duty",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("lease_until", TIME, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )
    op.create_table(
        "event",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("inbound_id", ROW_ID, nullable=True),
        sa.Column("outbound_id", ROW_ID, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_inbound", "event", ["inbound_id"], unique=False)
    op.create_index("ix_event_outbound", "event", ["outbound_id"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("session", ROW_ID, nullable=True),
        sa.Column("once_key", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.LargeBinary(), nullable=False),
        sa.Column("sender_mark", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(length=24), nullable=False),
        sa.Column("reply_link", sa.String(length=64), nullable=False),
        sa.Column("data_coding", sa.SmallInteger(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("duplicate_of", ROW_ID, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reading", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("handled_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("once_key", name=op.f("uq_inbound_once_key")),
    )
    op.create_index("ix_inbound_fingerprint", "inbound", ["fingerprint", "id"], unique=False)
    op.create_index("ix_inbound_reading", "inbound", ["reading", "id"], unique=False)
    op.create_index("ix_inbound_sender", "inbound", ["sender_mark", "id"], unique=False)
    op.create_index("ix_inbound_state", "inbound", ["state", "id"], unique=False)
    op.create_index(
        "ix_inbound_answered",
        "inbound",
        ["sender_mark", "id"],
        unique=False,
        sqlite_where=sa.text("state || '' = 'handled'"),
        postgresql_where=sa.text("state || '' = 'handled'"),
    )
    op.create_table(
        "operator",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", TIME, nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("name", name=op.f("uq_operator_name")),
    )
    op.create_table(
        "stray_receipt",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=65), nullable=False),
        sa.Column("message_key", sa.String(length=65), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("error", sa.String(length=16), nullable=True),
        sa.Column("sender_mark", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_receipt")),
    )
    op.create_index("ix_stray_receipt_message", "stray_receipt", ["message_key", "link"], unique=False)
    op.create_index("ix_stray_receipt_sender", "stray_receipt", ["sender_mark", "link"], unique=False)
    op.create_index("ix_stray_receipt_link", "stray_receipt", ["link", "id"], unique=False)
    op.create_table(
        "receipt_rule",
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("hits", ROW_ID, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("link", "rule", name=op.f("pk_receipt_rule")),
    )
    op.create_table(
        "part",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("text_mark", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.SmallInteger(), nullable=False),
        sa.Column("content_mark", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("session", ROW_ID, nullable=True),
        sa.Column("sender", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("octets", sa.LargeBinary(), nullable=True),
        sa.Column("data_coding", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("joined_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
    )
    op.create_index("ix_part_text", "part", ["text_mark"], unique=False)
    op.create_index(
        "ix_part_open",
        "part",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("joined_at IS NULL"),
        postgresql_where=sa.text("joined_at IS NULL"),
    )
    op.create_index("ix_part_joined", "part", ["joined_at"], unique=False)
    op.create_table(
        "link_state",
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("binds", sa.SmallInteger(), nullable=False),
        sa.Column("wanted", sa.SmallInteger(), nullable=False),
        sa.Column("in_flight", sa.Integer(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("round_trip_ms", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("link", name=op.f("pk_link_state")),
    )
    op.create_table(
        "operator_session",
        sa.Column("token_mark", sa.LargeBinary(), nullable=False),
        sa.Column("operator_id", ROW_ID, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_operator_session_operator_id_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_mark", name=op.f("pk_operator_session")),
    )
    op.create_index("ix_operator_session_operator", "operator_session", ["operator_id"], unique=False)
    op.create_table(
        "outbound",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("inbound_id", ROW_ID, nullable=True),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=24), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_mark", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("masked", sa.LargeBinary(), nullable=True),
        sa.Column("reference", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unanswered", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("data_coding", sa.SmallInteger(), nullable=True),
        sa.Column("segments", sa.SmallInteger(), nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_outbound_inbound_id_inbound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound")),
    )
    op.create_index("ix_outbound_inbound", "outbound", ["inbound_id"], unique=False)
    op.create_index("ix_outbound_state", "outbound", ["state", "id"], unique=False)
    op.create_index(
        "ix_outbound_unsure",
        "outbound",
        ["id"],
        unique=False,
        sqlite_where=sa.text("unsure"),
        postgresql_where=sa.text("unsure"),
    )
    op.create_index(
        "ix_outbound_unsettled",
        "outbound",
        ["recipient_mark", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_outbound_waiting",
        "outbound",
        ["link", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'claimed')"),
        postgresql_where=sa.text("state IN ('queued', 'claimed')"),
    )
    op.create_table(
        "segment",
        sa.Column("outbound_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=65), nullable=False),
        sa.Column("message_key", sa.String(length=65), nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("receipt", sa.String(24), nullable=True),
        sa.Column("receipt_error", sa.String(length=16), nullable=True),
        sa.Column("receipt_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name=op.f("fk_segment_outbound_id_outbound"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outbound_id", "number", name=op.f("pk_segment")),
    )
    op.create_index("ix_segment_message", "segment", ["message_key", "link"], unique=False)
    _create_tables_of_the_pages()
    _keep_the_audit_log()


def _create_tables_of_the_pages() -> None:
    op.create_table(
        "address_try",
        sa.Column("address_mark", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME, nullable=True),
        sa.Column("tried_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("address_mark", name=op.f("pk_address_try")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "dossier_change",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("dossier_id", ROW_ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(24), nullable=False),
        sa.Column("after", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_change_dossier_id_dossier"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_change")),
    )
    op.create_index("ix_dossier_change_dossier", "dossier_change", ["dossier_id"], unique=False)
    op.create_table(
        "dossier_upload",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("operator_id", ROW_ID, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_dossier_upload_operator_id_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_upload")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("operator_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("code_mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_recovery_code_operator_id_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operator_id", "code_mark", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "wording_change",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("phrase", sa.String(length=64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("forms", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_change")),
    )
    op.create_index("ix_wording_change_phrase", "wording_change", ["phrase", "id"], unique=False)


def _keep_the_audit_log() -> None:
    """Let the database itself refuse to change or delete what was written into the audit log."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entry_stays_{change.lower()} BEFORE {change} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )
