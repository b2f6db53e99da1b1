"""`sms-gateway db upgrade`: the backup first, how long it takes, then the revisions, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from db.processes.duties import is_in_use
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep import revision
from db.upkeep.row_counts import count_rows
from sms_gateway.cli.command_context import (
    Stop,
    config_option,
    is_unfinished,
    make_directory,
    revision_of,
    settings_from,
    sqlite_file,
)
from sms_gateway.cli.counted import counted
from sms_gateway.cli.data.database.backups import copy_sqlite, dump_postgresql
from sms_gateway.cli.data.database.roles import as_role, grant_service
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.clock import monotonic, utc_now
from sms_gateway.process import keyfile
from sms_gateway.process.startup import AlreadyRunningError, alone, lost_file
from sms_gateway.settings.model import DatabaseSettings

ROWS_A_SECOND = 50_000
"""Rows that an upgrade which changes every row gets through at least: tests/db/upkeep/test_revision_large.py."""

TOLD_SECONDS = 2.0
"""Between two lines that say how far it is."""

_SHORT_SECONDS = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What was asked of an upgrade."""

    new: bool = False  # make an empty SQLite database although there is a key file
    while_running: bool = False
    without_backup: bool = False
    backup_to: Path | None = None  # None: beside the SQLite file; for PostgreSQL the working directory


@click.command(cls=Manual)
@click.option("--new", is_flag=True, help="Make an empty SQLite database although there is a key file already.")
@click.option("--while-running", is_flag=True, help="Upgrade although a service uses the database.")
@click.option("--without-backup", is_flag=True, help="Take no backup first: you have one that was restored and tried.")
@click.option(
    "--backup-to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIRECTORY",
    help="Where the backup goes.  [default: beside the SQLite file; for PostgreSQL the working directory]",
)
@click.option(
    "--as",
    "role",
    metavar="ROLE",
    help="PostgreSQL: the role that owns the tables, where the service's role may not change them (`db roles`). "
    "Its password is in $PGPASSWORD or ~/.pgpass.",
)
@config_option
def upgrade(
    config: Path | None,
    role: str | None,
    backup_to: Path | None,
    *,
    new: bool,
    while_running: bool,
    without_backup: bool,
) -> None:
    """Bring the database to the revision needed.

    Makes the tables the first time, and the key file with them: keep a copy of that file, apart from the copies of
    the database. Safe to repeat. Stop the service first: it is refused while a service runs, or another upgrade. A web
    tier of its own (wsgi.py) is not noticed; stop it too. When the SQLite file is gone and its key file is not,
    nothing is made: an empty database would hide the loss.

    A database that holds rows is backed up first: an SQLite file by a copy beside it, PostgreSQL by pg_dump. The
    backup is the way back: put it in the place of the database, with the version of the program that made it. Then
    it says how long the upgrade takes. Each revision is done as a whole or not at all. When you stop it, or the
    machine stops, run it again: it goes on where it was.

    Example:
      sms-gateway db upgrade --config gateway.toml
      sms-gateway db upgrade --backup-to /var/backups/sms-gateway
      sms-gateway db upgrade --as gateway_owner

    Exit codes:
      0  the database has the right revision now
      1  the database, the key file or the backup cannot be used, or a service uses the database
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    owner = settings if role is None else as_role(settings, role)
    wishes = Wishes(new=new, while_running=while_running, without_backup=without_backup, backup_to=backup_to)
    before, after = bring_up(owner, wishes)
    if role is not None:
        grant_service(owner, settings)
    click.echo(f"{before or 'none'} -> {after}" if before != after else f"{after}, nothing to do")


def bring_up(settings: DatabaseSettings, wishes: Wishes) -> tuple[str | None, str]:
    """Bring the database to the revision needed; return the revisions before and after. Raises Stop."""
    with started_plainly(settings):
        before = revision_of(settings)
        path = sqlite_file(settings)
        if before is None and path is not None and settings.key_file.exists() and not wishes.new:
            raise Stop(f"{lost_file(path)}; for a new, empty one give --new")
        goes_on = is_unfinished(settings)
        changes_rows = goes_on or before not in {None, revision.HEAD}
        with _nobody_else(settings, wishes, needed=changes_rows):
            database = open_database(settings.address, _keys(settings, is_empty=before is None))
            try:
                if changes_rows:
                    revision.require_known(database)
                    _prepare(settings, database, wishes, before, goes_on=goes_on)
                after = _run(database)
            finally:
                database.close()
    return before, after


@contextmanager
def _nobody_else(settings: DatabaseSettings, wishes: Wishes, *, needed: bool) -> Iterator[None]:
    """Hold an SQLite file, so that no service and no other upgrade begins meanwhile; raises Stop."""
    if not needed or wishes.while_running:
        yield
        return
    try:
        with alone(settings.address):
            yield
    except AlreadyRunningError as error:
        fix = "stop the service, or wait until the upgrade ends; or say --while-running"
        raise Stop(f"a service, or another upgrade, uses {sqlite_file(settings)}; fix: {fix}") from error


def _prepare(
    settings: DatabaseSettings, database: Database, wishes: Wishes, before: str | None, *, goes_on: bool
) -> None:
    """See that nobody uses the tables, take the backup, and say how long it takes. Raises Stop."""
    if goes_on:
        click.echo("The last upgrade was interrupted; it goes on where it was. Its backup is from before.", err=True)
    with database.read() as connection:
        if not database.is_sqlite and not wishes.while_running and is_in_use(connection):
            fix = "stop every process (after a crash wait ten minutes), or say --while-running"
            raise Stop(f"a process of the service uses this database; fix: {fix}")
        rows = sum(count_rows(connection).values())
    if not goes_on and not wishes.without_backup:
        _back_up(settings, wishes, before)
    click.echo(f"{counted(rows, 'row', 'rows')}: {_duration(rows / ROWS_A_SECOND)} at most.", err=True)


def _back_up(settings: DatabaseSettings, wishes: Wishes, before: str | None) -> None:
    """Back up, under a name with both revisions: one that was stopped between two leaves a backup of each."""
    path = sqlite_file(settings)
    ending = f"{before}-before-{revision.HEAD}-{utc_now():%Y%m%dT%H%M%SZ}"
    try:
        if path is not None:
            copy_sqlite(path, (wishes.backup_to or path.parent) / f"{path.name}.{ending}")
        else:
            name = make_url(settings.url).database or "gateway"
            dump_postgresql(settings, (wishes.backup_to or Path()) / f"{name}.{ending}.dump")
    except Stop as error:
        raise Stop(f"no backup, so nothing was changed: {error.message}; or say --without-backup") from error


class _Teller:
    """Says now and then how far an upgrade is, by the rate that it has had so far."""

    def __init__(self) -> None:
        self._started = self._last = monotonic()
        self._first: dict[str, int] = {}  # by revision: rows that were moved before, by an upgrade that was interrupted

    def __call__(self, progress: revision.Progress) -> None:
        now, first = monotonic(), self._first.setdefault(progress.revision, progress.moved)
        if progress.rows is None or progress.moved == first or now - self._last < TOLD_SECONDS:
            return
        left = (progress.rows - progress.moved) * (now - self._started) / (progress.moved - first)
        click.echo(f"{progress.revision}: {progress.moved} of {progress.rows} rows, {_duration(left)} left", err=True)
        self._last = now


def _run(database: Database) -> str:
    """Upgrade; raises Stop when it is interrupted."""
    try:
        return revision.upgrade(database, _Teller())
    except revision.UpgradeRunsError as error:
        raise Stop(str(error)) from error
    except KeyboardInterrupt as error:
        raise Stop("interrupted; what is done is kept; fix: run `sms-gateway db upgrade` again to go on") from error


def _duration(seconds: float) -> str:
    if seconds < _SHORT_SECONDS:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} minutes"


def _keys(settings: DatabaseSettings, *, is_empty: bool) -> Keyring:
    """Return the keys; make them only for an empty database, since new keys open nothing that is stored."""
    if settings.key_file.exists() or not is_empty:
        return keyfile.load(settings.key_file)
    make_directory(settings)
    keyring = keyfile.load_or_make(settings.key_file)
    click.echo(f"Made the key file {settings.key_file}: keep a copy; without it the data is lost.", err=True)
    return keyring
