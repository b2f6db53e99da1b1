"""Texts keep the whole PDU or request they came in, so that operators see every field of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound", sa.Column("wire", sa.LargeBinary(), nullable=True))
    op.add_column("part", sa.Column("wire", sa.LargeBinary(), nullable=True))
