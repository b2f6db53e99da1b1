"""Log-ins are counted by operator and place; one-time passwords of operators end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

_LASTS = timedelta(hours=24)
_operator = sa.table("operator", sa.column("must_change", sa.Boolean()), sa.column("password_until", TIME))


def upgrade() -> None:
    op.create_table(
        "log_in_try",
        sa.Column("operator_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("place_mark", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME, nullable=True),
        sa.Column("tried_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_log_in_try_operator_id_operator"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operator_id", "place_mark", name=op.f("pk_log_in_try")),
    )
    op.add_column("operator", sa.Column("password_until", TIME, nullable=True))
    _end_one_time_passwords(op.get_bind())
    # The old count locked at five; the new one, of all places together, at a hundred.
    op.execute(sa.text("UPDATE operator SET failures = 0, locked_until = NULL"))


def _end_one_time_passwords(connection: sa.Connection) -> None:
    """Give those that wait to be used the time that a new one has."""
    until = datetime.now(UTC) + _LASTS
    value = until if connection.dialect.name == "postgresql" else int(until.timestamp() * 1_000_000)
    waiting = sa.update(_operator).where(_operator.c.must_change)
    connection.execute(waiting.values(password_until=value))
