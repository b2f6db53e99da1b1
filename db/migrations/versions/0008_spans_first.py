"""On SQLite the indexes by marks and by message ids begin with the span of their rows (db.spans)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_inbound_fingerprint", table_name="inbound")
    op.drop_index("ix_inbound_sender", table_name="inbound")
    op.drop_index("ix_segment_message", table_name="segment")
    span = sa.text("(id >> 50)")
    op.create_index("ix_inbound_fingerprint", "inbound", [span, "fingerprint"])
    op.create_index("ix_inbound_sender", "inbound", [span, "sender_mark", "state", "id"])
    op.create_index("ix_segment_message", "segment", [sa.text("(outbound_id >> 50)"), "message_key"])
