"""The standby of PostgreSQL: which one commits wait for, whether they wait now, and which ones follow the primary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg import sql
from sqlalchemy import Connection, text

from db.store.record import record

AWAITED_SECONDS = 1.0
"""A commit that waits for longer waits for a standby that is away: one that is there takes some milliseconds."""

_WAITS = text(
    "SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::float "
    "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()"
)  # of other roles the server shows nothing, but every process of the service has the same role
_ALONE = text("SET LOCAL synchronous_commit = local")
_REQUIRED = text("SELECT current_setting('synchronous_standby_names')")
_SEES_ALL = text("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')")
_FOLLOWERS = text(
    "SELECT application_name, state, sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn)::bigint "
    "FROM pg_stat_replication WHERE state <> 'backup' ORDER BY application_name"
)
_LAST_HOUR = text("SELECT count(*) FROM inbound WHERE received_at > now() - interval '1 hour'")


_COUNTED = re.compile(r"(?:(?:FIRST|ANY)\s+)?(\d+)\s*\((.+)\)", re.IGNORECASE)
_NAMES = re.compile(r"[A-Za-z0-9_ ,()*-]+")
_ANY_NAME = "*"


@record
class Waits:
    """The commits of the service that wait for the standby now."""

    commits: int
    longest: float  # seconds

    @property
    def is_standby_away(self) -> bool:
        """Return whether one has waited for longer than a standby takes that is there."""
        return self.longest > AWAITED_SECONDS


@record
class Follower:
    """A standby that is connected to the primary."""

    name: str
    state: str  # streaming, catchup, …
    is_awaited: bool  # commits wait for this one
    octets_behind: int  # of the log that it has not on its disk


def find_waits(connection: Connection) -> Waits:
    """Return which commits of this role wait for the standby, in the database of the connection."""
    commits, longest = connection.execute(_WAITS).one()
    return Waits(commits=commits, longest=longest)


def commit_alone(connection: Connection) -> None:
    """Let this transaction wait for no standby: for what may be lost with the primary."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)


def required(connection: Connection) -> str:
    """Return the standbys that a commit waits for, as PostgreSQL writes them; empty: for none."""
    return str(connection.scalar(_REQUIRED))


def sees_followers(connection: Connection) -> bool:
    """Return whether the role may see which standbys are connected."""
    return bool(connection.scalar(_SEES_ALL))


def find_followers(connection: Connection) -> Sequence[Follower]:
    """Return the standbys that are connected; the role must be one that sees them."""
    return [
        Follower(name=name, state=state or "", is_awaited=sync in {"sync", "quorum"}, octets_behind=behind or 0)
        for name, state, sync, behind in connection.execute(_FOLLOWERS)
    ]


def is_names(names: str) -> bool:
    """Return whether these are names of standbys as PostgreSQL takes them: `b`, `a, b`, `ANY 1 (a, b)`."""
    return _NAMES.fullmatch(names) is not None and bool(names.strip())


def are_there(names: str, followers: Sequence[Follower]) -> bool:
    """Return whether so many standbys of these names stream that a commit need not wait."""
    counted = _COUNTED.fullmatch(names.strip())
    least, listed = (int(counted[1]), counted[2]) if counted else (1, names)
    wanted = {name.strip() for name in listed.split(",")}
    there = [each for each in followers if each.state == "streaming" and ({each.name, _ANY_NAME} & wanted)]
    return len(there) >= least


def require(connection: Connection, names: str) -> None:
    """Let every commit wait for these standbys from now on; empty: for none, also those that wait now.

    The connection must be in autocommit, and its role may change the server's settings. Safe to repeat.
    """
    setting = sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(sql.Literal(names)).as_string()
    connection.exec_driver_sql(setting)
    connection.exec_driver_sql("SELECT pg_reload_conf()")


def texts_in_last_hour(connection: Connection) -> int:
    """Return how many texts of citizens came in the last hour."""
    return int(connection.scalar(_LAST_HOUR) or 0)
