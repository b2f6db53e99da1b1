"""Accounts end when their identity number is released; changes of phones, and how busy TK was, are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    # SQLite makes the table anew, since it cannot drop a constraint; the rows come along as they are.
    with op.batch_alter_table("account") as account:
        account.drop_constraint("uq_account_id_number_mark", type_="unique")
        account.add_column(sa.Column("released_id", ROW_ID, nullable=True))
        account.add_column(sa.Column("phone_changed_at", TIME, nullable=True))
        account.add_column(sa.Column("phone_changed_by", sa.String(length=64), nullable=True))
        account.add_column(sa.Column("phone_approved_by", sa.String(length=64), nullable=True))
    op.create_index("ix_account_id_number", "account", ["id_number_mark"], unique=False)
    _create_partial("ix_account_one_each", "account", ["id_number_mark"], "state <> 'released'", unique=True)
    _create_partial("ix_attempt_registered", "attempt", ["id", "kind"], "kind = 'register'")
    _create_partial("ix_event_accounts", "event", ["id"], "kind = 'many_accounts' OR kind = 'accounts_closed'")
    op.create_index("ix_audit_entry_doing", "audit_entry", ["operator", "action", "at"], unique=False)
    op.create_table(
        "account_day",
        sa.Column("first_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("busiest_hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("first_id", name=op.f("pk_account_day")),
    )


def _create_partial(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
