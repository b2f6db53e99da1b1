"""One dossier by the canonical form of its code; a file's preview is kept as it was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_dossier = sa.table(
    "dossier",
    *map(sa.column, ("id", "canonical", "updated_at", "procedure", "received_on", "due_on", "pick_up")),
    *map(sa.column, ("identity_mark", "password_mark")),
)
_change = sa.table("dossier_change", sa.column("dossier_id"))
_FILLED = ("procedure", "received_on", "due_on", "pick_up", "identity_mark", "password_mark")


def upgrade() -> None:
    _join_dossiers(op.get_bind())
    op.create_index("uq_dossier_canonical", "dossier", ["canonical"], unique=True)
    op.execute(sa.text("DELETE FROM dossier_upload"))  # a file that waits has no preview yet: it is handed in again
    op.drop_column("dossier_upload", "columns")
    op.add_column("dossier_upload", sa.Column("preview", sa.LargeBinary()))
    op.add_column("dossier_upload", sa.Column("facts", sa.LargeBinary()))


def _join_dossiers(connection: sa.Connection) -> None:
    """Of dossiers with one code in two spellings the one that was changed last stays; the others fill its blanks."""
    twice = sa.select(_dossier.c.canonical).group_by(_dossier.c.canonical).having(sa.func.count() > 1)
    for canonical in connection.execute(twice).scalars().all():
        same = sa.select(_dossier).where(_dossier.c.canonical == canonical)
        latest, *others = connection.execute(same.order_by(_dossier.c.updated_at.desc(), _dossier.c.id.desc())).all()
        filled = {name: next(filter(None, (getattr(one, name) for one in (latest, *others))), None) for name in _FILLED}
        connection.execute(sa.update(_dossier).where(_dossier.c.id == latest.id).values(filled))
        earlier = [one.id for one in others]
        history = sa.update(_change).where(_change.c.dossier_id.in_(earlier))
        connection.execute(history.values(dossier_id=latest.id))
        connection.execute(sa.delete(_dossier).where(_dossier.c.id.in_(earlier)))
