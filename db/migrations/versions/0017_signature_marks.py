"""A copy of a signed request is known by its signature, whatever id the provider gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SIGNED = sa.text("signature_mark IS NOT NULL")


def upgrade() -> None:
    op.add_column("inbound", sa.Column("signature_mark", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_inbound_signature",
        "inbound",
        ["signature_mark"],
        unique=True,
        sqlite_where=_SIGNED,
        postgresql_where=_SIGNED,
    )
