"""Statistics for PostgreSQL's planner: tables that grew are analysed at once, not when the server comes round to it.

Without statistics it takes a mark, which nearly no two rows share, for one value of two hundred, and reads the whole
table through in every round. The server's own turn comes after a minute at best, and after a crash it has forgotten it.
The query reads only views that every role may read, because the service is no superuser.
The service may analyse tables that it does not own by a function of their owner (db.upkeep.roles).
SQLite plans better without statistics (docs/performance.md) and gets none.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from db.schema import metadata
from db.upkeep.roles import ANALYSE

_FEWEST_PAGES = 16
"""Of 8 KiB; a smaller table may as well be read through."""

_GROWN = text(
    """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND pg_table_is_visible(pg_class.oid) AND relname = ANY(:names)
      AND pg_relation_size(pg_class.oid) >= :fewest * current_setting('block_size')::bigint
      AND (NOT EXISTS (SELECT FROM pg_stats WHERE tablename = relname AND schemaname = nspname)
           OR pg_relation_size(pg_class.oid) > 2 * relpages * current_setting('block_size')::bigint)
    ORDER BY relname
    """
)


def analyse_grown(connection: Connection) -> list[str]:
    """Analyse those of our tables that never were, or that have doubled since; return their names. PostgreSQL only."""
    names = list(connection.scalars(_GROWN, {"names": list(metadata.tables), "fewest": _FEWEST_PAGES}))
    by_owner = text("SELECT to_regprocedure(:function) IS NOT NULL")
    if names and connection.scalar(by_owner, {"function": f"public.{ANALYSE}(text)"}):
        for name in names:
            connection.execute(text(f"SELECT public.{ANALYSE}(:name)"), {"name": name})
        return names
    for name in names:
        connection.execute(text(f'ANALYZE "{name}"'))
    return names
