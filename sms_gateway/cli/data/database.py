"""`sms-gateway db`: the schema's revision, a backup, and the way to another database."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from db.processes.duties import is_in_use
from db.staff.audit import Action
from db.store.engine import Database, open_database
from db.store.postgresql import connection_words
from db.store.sealing import Keyring
from db.upkeep import revision
from db.upkeep.backup import DamagedError, UnnamedError, back_up, remember
from db.upkeep.copying import CountsDifferError, InUseError, NotEmptyError, copy_rows
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import (
    Stop,
    config_option,
    make_directory,
    revision_of,
    settings_from,
    sqlite_file,
    told_plainly,
)
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.cli.remedies import fix_of_code, told_of_system
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from sms_gateway.process.startup import AlreadyRunningError, demand_alone, lost_file, opened
from sms_gateway.settings.model import DatabaseSettings


@click.group(cls=ManualGroup)
def db() -> None:
    """Look after the database: its schema, a backup, the way to another one.

    Example:
      sms-gateway db current
      sms-gateway db backup /var/backups/gateway.db
      sms-gateway db upgrade --config gateway.toml

    Exit codes:
      0  done
      1  the database or the key file cannot be used
      2  the command line or the settings are wrong
    """


@db.command()
@click.option("--new", is_flag=True, help="Make an empty SQLite database although there is a key file already.")
@click.option("--while-running", is_flag=True, help="Upgrade although a service uses the database.")
@config_option
def upgrade(config: Path | None, *, new: bool, while_running: bool) -> None:
    """Bring the database to the revision needed.

    Makes the tables the first time, and the key file with them: keep a copy of that file, apart from the copies of
    the database. Safe to repeat. Stop the service and back the database up before upgrading one that holds data: it is
    refused while a service runs. A web tier of its own (wsgi.py) is not noticed; stop it too. When the SQLite file is
    gone and its key file is not, nothing is made: an empty database would hide the loss.

    Example:
      sms-gateway db upgrade --config gateway.toml

    Exit codes:
      0  the database has the right revision now
      1  the database or the key file cannot be used, or a service uses the database
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    with started_plainly(settings):
        before = revision_of(settings)
        path = sqlite_file(settings)
        if before is None and path is not None and settings.key_file.exists() and not new:
            raise Stop(f"{lost_file(path)}; for a new, empty one give --new")
        database = open_database(settings.address, _keys(settings, is_empty=before is None))
        try:
            if before not in {None, revision.HEAD} and not while_running:
                _demand_stopped(settings, database)
            after = revision.upgrade(database)
        finally:
            database.close()
    click.echo(f"{before or 'none'} -> {after}" if before != after else f"{after}, nothing to do")


def _demand_stopped(settings: DatabaseSettings, database: Database) -> None:
    """Refuse to change tables under a service; raises Stop."""
    try:
        demand_alone(settings.address)
    except AlreadyRunningError as error:
        raise Stop(f"{error}; or say --while-running") from error
    with database.read() as connection:
        if not database.is_sqlite and is_in_use(connection):
            fix = "stop every process (after a crash wait ten minutes), or say --while-running"
            raise Stop(f"a process of the service uses this database; fix: {fix}")


def _keys(settings: DatabaseSettings, *, is_empty: bool) -> Keyring:
    """Return the keys; make them only for an empty database, since new keys open nothing that is stored."""
    if settings.key_file.exists() or not is_empty:
        return keyfile.load(settings.key_file)
    make_directory(settings)
    keyring = keyfile.load_or_make(settings.key_file)
    click.echo(f"Made the key file {settings.key_file}: keep a copy; without it the data is lost.", err=True)
    return keyring


@db.command()
@config_option
def current(config: Path | None) -> None:
    """Print the database's revision, and the one needed.

    Example:
      sms-gateway db current

    Exit codes:
      0  they are the same
      1  they differ, or the database cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    with told_plainly(settings):
        found = revision_of(settings)
    click.echo(f"{found or 'none'} (needed: {revision.HEAD})")
    if found != revision.HEAD:
        click.get_current_context().exit(1)


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def backup(file: Path, config: Path | None) -> None:
    """Copy the database into FILE while the service runs.

    FILE must not be there yet. The copy is the state of one moment and is checked. Nobody has to wait for it. Keep it
    apart from the key file: with both, what is sealed is open. For PostgreSQL it says which command to run.

    To restore: stop the service, put the copy in the place of the database, remove the -wal and -shm files beside it,
    run `sms-gateway check --no-bind`, start.

    Example:
      sms-gateway db backup /var/backups/sms-gateway/gateway-$(date +%F).db

    Exit codes:
      0  FILE is there, whole
      1  no copy was made: the text says why
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    path = sqlite_file(settings)
    if path is None:
        raise Stop(f"PostgreSQL has a program for this; run: {_pg_dump(make_url(settings.url), file)}")
    try:
        octets = back_up(path, file)
    except FileExistsError as error:
        raise Stop(f"{file} is there already; fix: name another file") from error
    except UnnamedError as error:
        fix = "give it the name that you want"
        raise Stop(f"the copy is whole, but could not be named {file}: it is {error.draft}; fix: {fix}") from error
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be made")) from error
    except sqlite3.Error as error:
        fix = fix_of_code(error.sqlite_errorname)
        raise Stop(f"{path} cannot be copied to {file} ({error.sqlite_errorname}); fix: {fix}") from error
    except DamagedError as error:
        raise Stop(f"{path} is damaged; fix: put the last good copy in its place") from error
    click.echo(f"{file}: {counted(octets, 'octet', 'octets')}, sound")
    try:
        remember(path, octets, now=utc_now())
    except sqlite3.Error as error:
        click.echo(f"the page System does not know of it: {path} took no note ({error.sqlite_errorname})", err=True)


def _pg_dump(url: URL, file: Path) -> str:
    """Return the command as a shell takes it; what has no option of its own goes into the database's name."""
    words = connection_words(url)
    name, _ = words.pop("dbname", ""), words.pop("password", None)  # a command line is seen by all
    options = {"--host": "host", "--port": "port", "--username": "user"}
    given = [f"{option}={words.pop(key)}" for option, key in options.items() if key in words]
    target = make_conninfo(dbname=name, **words) if words else name
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", *given, target])


@db.command()
@click.option(
    "--to", "address", required=True, metavar="URL", help="sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
)
@config_option
def copy(address: str, config: Path | None) -> None:
    """Copy every row into another, empty database: from SQLite to PostgreSQL, or back.

    Stop the service first. The tables are made; the rows come in one transaction, under the same keys, and are
    counted on both sides, so the new database has all of them or none. Then change database.url and start. A password
    stands in ~/.pgpass or $PGPASSWORD, never in the URL.

    Example:
      systemctl stop sms-gateway
      sms-gateway db copy --to postgresql+psycopg://gateway@db.example/gateway

    Exit codes:
      0  copied and counted
      1  nothing was copied: the text says why
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    target = _target(address, settings.database)
    with started_plainly(settings.database), opened(settings) as source, _made(target, source.keyring) as new:
        try:
            with source.read() as old_rows, new.write() as new_rows:
                counts = copy_rows(old_rows, new_rows, lambda table, rows: click.echo(f"{table:20} {rows:>12}"))
                note(new_rows, Action.DATABASE_COPIED, detail="from another database")
            with source.write() as connection:  # anyone who looks after this one must see that all of it went elsewhere
                note(connection, Action.DATABASE_COPIED, detail="into another database")
        except NotEmptyError as error:
            raise Stop(f"the table {error} of the other database holds rows; fix: give an empty one") from error
        except InUseError as error:
            fix = "stop every process; after a crash wait ten minutes"
            raise Stop(f"a process of the service uses this database; fix: {fix}") from error
        except CountsDifferError as error:
            raise Stop(f"the counts of {error} differ, nothing was copied; fix: try again, and report it") from error
    click.echo(f"{counted(sum(counts.values()), 'row', 'rows')} copied and counted; now set database.url and start")


def _target(address: str, source: DatabaseSettings) -> DatabaseSettings:
    """Return the other database as settings; raises BadParameter."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise click.BadParameter("no URL of a database", param_hint="--to") from error
    if url.password is not None:
        raise click.BadParameter("a password in it is seen by all; put it in ~/.pgpass", param_hint="--to")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        raise click.BadParameter("neither sqlite:///PATH nor postgresql+psycopg://USER@HOST/NAME", param_hint="--to")
    if url == make_url(source.url):
        raise click.BadParameter("that is the database itself", param_hint="--to")
    return DatabaseSettings(url=address, key_file=source.key_file)


@contextmanager
def _made(settings: DatabaseSettings, keyring: Keyring) -> Iterator[Database]:
    """Open the other database with the tables that this code needs."""
    make_directory(settings)
    with told_plainly(settings):
        database = open_database(settings.address, keyring)
        try:
            revision.upgrade(database)
            yield database
        finally:
            database.close()
