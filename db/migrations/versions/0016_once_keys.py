"""A once key is of the provider's id and of the text; those of earlier revisions were of the id alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As db.originals.once_key joins them. SQLite joins blobs to a text, octet by octet.
    joined = "substr(once_key, 1, 8) || substr(fingerprint, 1, 8)"
    value = f"CAST({joined} AS BLOB)" if op.get_bind().dialect.name == "sqlite" else joined
    op.execute(sa.text(f"UPDATE inbound SET once_key = {value} WHERE once_key IS NOT NULL"))  # noqa: S608 - a literal
