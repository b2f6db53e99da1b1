"""`sms-gateway db copy`: every row into another database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from db.staff.audit import Action
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep import revision
from db.upkeep.copying import CountsDifferError, InUseError, NotEmptyError, copy_rows
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, make_directory, settings_from, told_plainly
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.process.startup import opened
from sms_gateway.settings.model import DatabaseSettings


@click.command(cls=Manual)
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
