"""An index leads to the alarms about the answers of everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_event_answers",
        "event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("kind = 'many_answers' OR kind = 'answers_closed'"),
        postgresql_where=sa.text("kind = 'many_answers' OR kind = 'answers_closed'"),
    )
