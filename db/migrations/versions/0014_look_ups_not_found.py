"""Look-ups that found nothing are counted and found; codes of dossiers are indexed with their id."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_audit = sa.table("audit_entry", sa.column("action"), sa.column("at"))
_figure = sa.table("figure", *map(sa.column, ("name", "value", "taken_at")))
_NOT_FOUND = sa.text("outcome = 'status_not_found'")


def upgrade() -> None:
    op.create_index(
        "ix_inbound_not_found", "inbound", ["id"], unique=False, sqlite_where=_NOT_FOUND, postgresql_where=_NOT_FOUND
    )
    for name in ("look_ups", "not_found"):
        op.add_column("minute_count", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.execute(sa.text("DELETE FROM minute_count"))  # the schedule counts them anew within a minute
    imports = sa.select(sa.literal("imported"), sa.literal(0), sa.func.max(_audit.c.at))
    imports = imports.where(_audit.c.action == "dossiers_imported").having(sa.func.count() > 0)
    op.execute(sa.insert(_figure).from_select(["name", "value", "taken_at"], imports))
    # Searching the codes for a part of one then reads this index alone.
    op.drop_index("ix_dossier_lookalike", table_name="dossier")
    op.create_index("ix_dossier_lookalike", "dossier", ["lookalike", "id"], unique=False)
    op.drop_index("ix_dossier_status", table_name="dossier")
    op.create_index("ix_dossier_status", "dossier", ["status", "lookalike", "id"], unique=False)
