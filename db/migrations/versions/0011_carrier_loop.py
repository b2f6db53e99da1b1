"""An index leads to the alarms about answers and receipts that come back as texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_event_carrier_loop",
        "event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("kind = 'carrier_loop'"),
        postgresql_where=sa.text("kind = 'carrier_loop'"),
    )
