"""What a process of the service needs: its database, the right to use it, its node number, and the signal to stop."""

from __future__ import annotations

import fcntl
import os
import platform
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from random import sample
from secrets import token_hex
from threading import Event
from types import FrameType

from sqlalchemy.engine import make_url

from db.processes import duties
from db.store.engine import Database, open_database
from db.store.postgresql import is_away
from db.upkeep.presence import saved_copies
from db.upkeep.rekey import KeysDoNotFitError, demand_fit
from db.upkeep.revision import require_head
from sms_gateway.log import event, logger_of
from sms_gateway.process import keyfile
from sms_gateway.process.duties import KEPT_LEASE
from sms_gateway.settings.model import DatabaseSettings, Settings

WAIT_SECONDS = 1.0
"""How long the service waits for another writer of the database before it refuses a text."""

AWAIT_SECONDS = 2.0
"""Between two checks whether PostgreSQL answers."""


NODE_PREFIX = "node:"
NODES = 512
"""Node numbers for processes of the service; the WSGI tier and commands have others."""

SERVICE_DUTY = "service"
"""On SQLite: the mark of the one process that serves, by which the next start knows how it ended."""

_LOG = logger_of(__name__)


class CannotStartError(Exception):
    """Something outside prevents the start: show the text, which names the fix, and stop."""


class AlreadyRunningError(CannotStartError):
    """Another process runs on this SQLite file; two would answer twice. Stop that one first."""


class NoDatabaseError(CannotStartError):
    """The SQLite file is not there. A start never makes a new, empty one: texts would be lost unnoticed."""


class PortTakenError(CannotStartError):
    """The web server cannot listen where the settings say."""


class RolesNeedPostgresqlError(CannotStartError):
    """Only some of the roles were requested on SQLite, so nobody would do the rest."""


class WrongKeysError(CannotStartError):
    """The key file belongs to another database. Nothing was written; put the right one back."""


class NoNodeError(CannotStartError):
    """Every node number is taken, so ids could collide. Wait some minutes, or stop processes cleanly."""


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for a service: of the right revision, and on SQLite for this process alone.

    Raises KeyFileError, WrongRevisionError, WrongKeysError, AlreadyRunningError, NoDatabaseError.
    """
    address = settings.database.address
    _demand_file(settings.database)
    with alone(address):  # around all else: closing a file drops every lock that SQLite has on it in this process
        database = open_database(address, keyfile.load(settings.database.key_file), wait_seconds=WAIT_SECONDS)
        try:
            require_head(database)
            _demand_fitting_keys(database)
            yield database
        finally:
            database.close()


def _demand_file(settings: DatabaseSettings) -> None:
    path = _sqlite_path(settings.address)
    if path is None:
        return
    saved = saved_copies(path)
    if path.exists():
        if saved:
            raise NoDatabaseError(
                f"another database was put in the place of {path}; the one before was saved to {saved[-1]}; "
                f"fix: compare both, then move the saved one back to {path}, or move it elsewhere to go on without it"
            )
        return
    if saved or settings.key_file.exists():
        raise NoDatabaseError(f"{lost_file(path)}, then start again")
    raise NoDatabaseError(f"the database {path} is not there; fix: make it, with `sms-gateway db upgrade`")


def lost_file(path: Path) -> str:
    """Report that an SQLite file is gone although there was one, and how to get it back."""
    saved = saved_copies(path)
    back = f"move {saved[-1]} back to it" if saved else "put it back, or the last backup of it"
    return f"the database {path} is not there or empty, although its key file is: it was deleted or moved; fix: {back}"


def _demand_fitting_keys(database: Database) -> None:
    try:
        with database.read() as connection:
            demand_fit(connection)
    except KeysDoNotFitError as error:
        raise WrongKeysError(str(error)) from error


def own_name() -> str:
    """Make a name for this process that no other has: machine, process, and a random part."""
    return f"{platform.node()[:40]}:{os.getpid()}:{token_hex(4)}"


def take_node(database: Database, owner: str) -> int:
    """Take a node number for our ids that no living process has; raises NoNodeError. Alone on SQLite it is 0."""
    if database.is_sqlite:
        return 0
    for number in sample(range(NODES), NODES):
        with database.write() as connection:
            if duties.take(connection, [node_duty(number)], owner=owner, lease=KEPT_LEASE):
                return number
    raise NoNodeError("every node number is taken; fix: stop processes cleanly, or wait ten minutes")


def node_duty(number: int) -> str:
    """Return the name of the duty by which a node number is held."""
    return f"{NODE_PREFIX}{number}"


def mark_start(database: Database, owner: str) -> bool:
    """Note that a service runs on this SQLite file; return whether the one before ended without `mark_stop`."""
    with database.write() as connection:
        died = duties.left_behind(connection, [SERVICE_DUTY], owner=owner)
        duties.take(
            connection, [SERVICE_DUTY], owner=owner, lease=timedelta(0)
        )  # for the lock beside the file is what holds
    return died


def mark_stop(database: Database, owner: str) -> None:
    """Note that the service on this SQLite file ended in order."""
    try:
        with database.write() as connection:
            duties.give_back(connection, [SERVICE_DUTY], owner=owner)
    except Exception as error:  # noqa: BLE001 - the process ends now; the next start uses the two-commit path without need
        event(_LOG, "lease_release_failed", level="warning", error=error)


def listen_for_stop() -> Event:
    """Let SIGTERM, Ctrl-C and SIGHUP set an event instead of ending the process; call it before anything is started.

    SIGHUP comes when a terminal closes; under nohup, which ignores it, it stays ignored.
    """
    asked = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    for number in stop_signals():
        signal.signal(number, ask)
    return asked


def stop_signals() -> Sequence[signal.Signals]:
    """Return the signals that ask for a stop in order."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGTERM, signal.SIGINT, *hang_up)


def await_server(url: str, asked: Event) -> bool:
    """Wait until the database server answers; False when a stop is asked for before. An SQLite file has no server."""
    parsed = make_url(url)
    while parsed.get_backend_name() != "sqlite" and is_away(parsed):
        event(_LOG, "database_awaited", level="warning", again_in_seconds=AWAIT_SECONDS)
        if asked.wait(AWAIT_SECONDS):
            return False
    return True


def demand_alone(url: str) -> None:
    """Raise AlreadyRunningError when another service runs on this SQLite file, before anything touches the file."""
    path = _sqlite_path(url)
    if path is not None and path.parent.is_dir():
        with alone(url):
            pass


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Hold the SQLite file while a service or an upgrade runs; the system releases it when the process dies.

    There are two locks by flock(2), which do not touch those of SQLite. One is on the file itself, so that it holds
    under any name of the file. One is beside it, so that no process begins with a new file after the old one was
    deleted.
    """
    path = _sqlite_path(url)
    if path is None:
        yield
        return
    with ExitStack() as held:
        held.enter_context(_locked(Path(f"{path}.lock"), path, os.O_RDWR | os.O_CREAT))
        if path.exists():
            held.enter_context(_locked(path, path, os.O_RDONLY))
        yield


@contextmanager
def _locked(file: Path, path: Path, flags: int) -> Iterator[None]:
    try:
        lock = os.open(file, flags, 0o600)
    except OSError as error:
        fix = "let the service's user write there, and see that the disk is not mounted read-only"
        raise CannotStartError(f"{file} cannot be opened ({type(error).__name__}); fix: {fix}") from error
    try:
        _take_lock(lock, path)
        yield
    finally:
        os.close(lock)


def _take_lock(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunningError(
            f"another sms-gateway runs on {path}; fix: stop it first, or give this one another database"
        ) from error


def _sqlite_path(url: str) -> Path | None:
    path = make_url(url).database
    return Path(path) if url.startswith("sqlite") and path else None


def demand_sqlite_alone(database: Database, *, every_role: bool) -> None:
    """Refuse to divide the roles of an SQLite file among processes: it has one. Raises RolesNeedPostgresqlError."""
    if database.is_sqlite and not every_role:
        raise RolesNeedPostgresqlError(
            "--roles shares the work out among processes, and an SQLite file has one process; "
            "fix: leave --roles out, or move to PostgreSQL (docs/scaling.md)"
        )
