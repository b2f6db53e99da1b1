"""Dossiers keep marks of what opens them, for services that tell a state only to who knows its secret."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dossier", sa.Column("identity_mark", sa.LargeBinary(), nullable=True))
    op.add_column("dossier", sa.Column("password_mark", sa.LargeBinary(), nullable=True))
