"""Which codes a text was told of stands in its own row; on SQLite a text is known again by the index of its sender."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbound", sa.Column("told", sa.LargeBinary()))
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_inbound_fingerprint", table_name="inbound")
        op.drop_index("ix_inbound_sender", table_name="inbound")
        span = sa.text("(id >> 50)")
        op.create_index("ix_inbound_sender", "inbound", [span, "sender_mark", "state", "id", "fingerprint"])
