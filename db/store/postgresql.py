"""Connections to PostgreSQL: how each is made, what a pooler takes away, and when the pool must be emptied.

Timeouts are set by statements after connecting, because poolers such as PgBouncer refuse startup options. A pooler that
gives a server connection to each transaction keeps neither prepared statements nor settings of a session. It is
recognised by its process number, which is not the server's: then nothing is prepared, and each transaction begins with
the settings.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import partial
from typing import Any

import psycopg
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from psycopg.errors import Diagnostic, ReadOnlySqlTransaction
from psycopg.pq import PGconn, Ping
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from db.store.arrays import give_arrays

_LOST_MILLISECONDS = 5000  # octets that nobody acknowledges: a cut cable says nothing by itself
_HELD_MILLISECONDS = 8000  # less than a duty's lease: a sleeping machine must not hold rows, nor commit when it wakes
_PING_SECONDS = 3
_POOLED = "sms_gateway.pooled"  # in what SQLAlchemy keeps beside a connection
_GENERATION = "sms_gateway.generation"
_ALONE = "sms_gateway.alone"

_WAIT_FOR_STANDBY = "SyncRepWaitForLSN"
"""The function of the server that warns of a wait which ended too early; its words depend on the server's language."""

_KEEPALIVES: Mapping[str, int] = {
    "keepalives_idle": 2,  # seconds of silence, while an answer is awaited
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


def connect_options(url: URL, connect_seconds: int) -> dict[str, Any]:
    """Return what libpq is given beside the URL: it finds the primary, and notices a server that is gone.

    Of several hosts only the primary is taken, also when one of them was the primary until a moment ago.
    """
    options = {"connect_timeout": connect_seconds, "tcp_user_timeout": _LOST_MILLISECONDS, **_KEEPALIVES}
    return options | ({} if "target_session_attrs" in url.query else {"target_session_attrs": "primary"})


def with_own_path(url: URL) -> URL:
    """Return an address for a superuser: names are found in pg_catalog only, from the first statement on.

    SQLAlchemy asks the server for its types and more at each connect. The owner of a database can make operators and
    functions in `public` that fit better, and would run with the superuser's rights.
    """
    options = url.query.get("options", "")
    before = options if isinstance(options, str) else " ".join(options)
    return url.update_query_dict({"options": f"{before} -c search_path=pg_catalog,pg_temp".strip()})


def connection_words(url: URL) -> dict[str, str]:
    """Return a URL's parts by libpq's own names: of several hosts their lists, and every parameter of the query."""
    _, words = url.get_dialect()().create_connect_args(url)
    return {name: str(value) for name, value in words.items()}


def is_understood(url: str) -> bool:
    """Return whether SQLAlchemy and libpq can take an address apart: its hosts, ports and words."""
    try:
        made = make_url(url)
        if made.get_backend_name() == "postgresql":
            make_conninfo("", **connection_words(made))
    except (ArgumentError, ProgrammingError, ValueError):
        return False
    return True


def is_away(url: URL) -> bool:
    """Return whether no server answers at this address, or only one that is still starting."""
    words = {**connection_words(url), "connect_timeout": str(_PING_SECONDS)}
    return PGconn.ping(make_conninfo("", **words).encode()) in {Ping.NO_RESPONSE, Ping.REJECT}


def is_pooled(connection: Connection) -> bool:
    """Return whether a pooler stands between us and the server."""
    return bool(connection.info.get(_POOLED))


class NotOnStandbyError(psycopg.OperationalError):
    """A commit is on the primary, and its wait for the standby was cancelled: losing the primary would lose it."""


class ConnectionRules:
    """The rules for the connections of one engine."""

    def __init__(self, wait_seconds: float) -> None:
        timeouts = {
            "lock_timeout": int(wait_seconds * 1000),
            "idle_in_transaction_session_timeout": _HELD_MILLISECONDS,
        }
        set_for = "SELECT pg_backend_pid(), " + ", ".join(
            f"set_config('{name}', '{milliseconds}', {{only_here}})" for name, milliseconds in timeouts.items()
        )
        self._set_for_session = set_for.format(only_here="false").encode()
        self._set_for_transaction = set_for.format(only_here="true").encode()
        self._generation = 0

    def rule(self, engine: Engine) -> None:
        """Apply the rules to an engine that has no connection yet."""
        event.listen(engine, "connect", give_arrays)
        event.listen(engine, "connect", self._begin)
        event.listen(engine, "checkout", self._take)
        event.listen(engine, "invalidate", self._note_loss)
        dialect, is_lost, commit = engine.dialect, engine.dialect.is_disconnect, engine.dialect.do_commit

        def is_disconnect(error: Any, connection: Any, cursor: Any) -> bool:
            # Anyone who answers so was the primary once: another connection may find the one that is it now.
            return isinstance(error, ReadOnlySqlTransaction) or is_lost(error, connection, cursor)

        def do_commit(connection: Any) -> None:
            commit(connection)
            if connection.info.pop(_ALONE, False):
                raise NotOnStandbyError("the wait for the standby was cancelled; the commit is on the primary only")

        dialect.is_disconnect = is_disconnect  # type: ignore[assignment, method-assign]  # SQLAlchemy asks the dialect
        dialect.do_commit = do_commit  # type: ignore[assignment, method-assign]  # the same

    def _begin(self, connection: psycopg.Connection[Any], entry: ConnectionPoolEntry) -> None:
        connection.add_notice_handler(partial(_note_alone, entry.info))
        row = connection.execute(self._set_for_session, prepare=False).fetchone()
        connection.commit()
        entry.info[_GENERATION] = self._generation
        entry.info[_POOLED] = row is None or row[0] != connection.info.backend_pid
        if entry.info[_POOLED]:
            connection.prepare_threshold = None

    def _take(self, connection: psycopg.Connection[Any], entry: ConnectionPoolEntry, _: object) -> None:
        if entry.info[_GENERATION] != self._generation:
            raise InvalidatePoolError
        if entry.info[_POOLED]:
            connection.execute(self._set_for_transaction)

    def _note_loss(self, _: object, entry: ConnectionPoolEntry, error: BaseException | None) -> None:
        """Let no connection be used again that was made before a server turned out to take no writes."""
        if isinstance(error, ReadOnlySqlTransaction) and entry.info.get(_GENERATION) == self._generation:
            self._generation += 1


def _note_alone(info: MutableMapping[Any, Any], warning: Diagnostic) -> None:
    """Note the server's warning that it reports a commit as done which the standby may not have."""
    if warning.source_function == _WAIT_FOR_STANDBY:
        info[_ALONE] = True
