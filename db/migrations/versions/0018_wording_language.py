"""Edited sentences of answers have a language; those from before are Vietnamese."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    language = sa.Column("language", sa.String(8), nullable=False, server_default=sa.text("'vi'"))
    op.add_column("wording_change", language)
