"""Segments and tries know when their submit_sm was written, besides when the carrier answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("segment", sa.Column("submitted_at", TIME, nullable=True))
    op.add_column("event", sa.Column("submitted_at", TIME, nullable=True))
