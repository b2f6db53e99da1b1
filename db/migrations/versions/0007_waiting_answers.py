"""The index of waiting answers holds those that are queued, no longer those that are claimed too.

Nearly every answer is claimed in the transaction that stores it, and so need not enter this index at all.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

QUEUED = sa.text("state IN ('queued', 'claimed') AND lease_until IS NULL")


def upgrade() -> None:
    op.drop_index("ix_outbound_waiting", table_name="outbound")
    op.create_index(
        "ix_outbound_waiting", "outbound", ["link", "id"], unique=False, sqlite_where=QUEUED, postgresql_where=QUEUED
    )
