"""The schedule writes down what it did, and an index leads to the alarms about guessed receipt codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("ran_at", TIME, nullable=True),
        sa.Column("changed_at", TIME, nullable=True),
        sa.Column("changed_rows", ROW_ID, nullable=False),
        sa.Column("failed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_index(
        "ix_event_scanning",
        "event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("kind = 'scanning'"),
        postgresql_where=sa.text("kind = 'scanning'"),
    )
