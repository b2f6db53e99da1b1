"""A backup restored beside the database in use, and removed again: an SQLite file, or a dump of pg_dump."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from types import FrameType

import click
from sqlalchemy import URL, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.store.engine import sqlite_url
from db.store.postgresql import connect_options, with_own_path
from sms_gateway.cli.command_context import Stop, sqlite_file, told_plainly
from sms_gateway.cli.data.database.backups import PG_RESTORE, client_words, run_program
from sms_gateway.cli.remedies import told_of_system
from sms_gateway.process.startup import stop_signals
from sms_gateway.settings.model import DatabaseSettings

_SQLITE = b"SQLite format 3\0"
_DUMP = b"PGDMP"
_CONNECT_SECONDS = 10
_NOT_ALLOWED = "42501"  # insufficient_privilege


@contextmanager
def restored(settings: DatabaseSettings, file: Path, beside: Path | None) -> Iterator[DatabaseSettings]:
    """Restore a backup beside the database in use; return it as settings with the same keys. Raises Stop."""
    try:
        if file.exists() and not file.is_file():  # opening a pipe would wait until somebody writes into it
            raise Stop(f"{file} is no regular file; fix: name a file")
        with file.open("rb") as opened:
            head = opened.read(len(_SQLITE))
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be read")) from error
    in_use = sqlite_file(settings)
    if in_use is not None and in_use.exists() and file.samefile(in_use):
        raise Stop(f"{file} is the database in use; fix: make a copy with `sms-gateway db backup`, and name that one")
    if head == _SQLITE:
        with _ended_in_order(), _copied(settings, file, beside or file.parent) as copy:
            yield copy
    elif head.startswith(_DUMP):
        if sqlite_file(settings) is not None:
            raise Stop(f"{file} is a dump of PostgreSQL; fix: give --config with the settings of its server")
        with _ended_in_order(), _loaded(settings, file) as copy:
            yield copy
    else:
        fix = "name a file of `sms-gateway db backup` or of `pg_dump --format=custom`"
        raise Stop(f"{file} is no backup of an SQLite file or of PostgreSQL; fix: {fix}")


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into Ctrl-C: what was restored is removed then too."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    with ExitStack() as at_end:
        for number in stop_signals():
            at_end.callback(signal.signal, number, signal.signal(number, interrupt))
        yield


@contextmanager
def _copied(settings: DatabaseSettings, file: Path, beside: Path) -> Iterator[DatabaseSettings]:
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{file.name}.", dir=beside))
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be made")) from error
    try:
        copy = folder / "restored.db"
        try:
            shutil.copyfile(file, copy)
        except OSError as error:
            raise Stop(told_of_system(error, "cannot be copied")) from error
        yield DatabaseSettings(url=sqlite_url(copy.absolute()), key_file=settings.key_file)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _loaded(settings: DatabaseSettings, file: Path) -> Iterator[DatabaseSettings]:
    if shutil.which(PG_RESTORE) is None:
        raise Stop("a dump is read by pg_restore, which is not installed here; fix: apt-get install postgresql-client")
    url = make_url(settings.url)
    name = f"{url.database}_verify_{token_hex(4)}"
    copy = settings.model_copy(update={"url": url.set(database=name).render_as_string(hide_password=False)})
    with told_plainly(settings), _allowed(url.username):
        administer(make_url(settings.address), f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        click.echo(f"Restoring into the database {name}, which is dropped at the end.", err=True)
        place, name_word = client_words(make_url(copy.url))[:-1], client_words(make_url(copy.url))[-1]
        words = [PG_RESTORE, "--no-owner", "--no-privileges", "--exit-on-error", *place, f"--dbname={name_word}"]
        run_program([*words, str(file)], settings)
        yield copy
    finally:
        with told_plainly(settings):
            administer(make_url(settings.address), f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _allowed(role: str | None) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
            raise
        fix = f"let the role create databases (ALTER ROLE {role} CREATEDB), or name another one with --as"
        raise Stop(f"the role {role} may not create a database beside; fix: {fix}") from error


def administer(address: URL, statement: str) -> None:
    """Run a statement outside a transaction, perhaps as a superuser; raises DBAPIError."""
    engine = create_engine(
        with_own_path(address),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        hide_parameters=True,
        connect_args=connect_options(address, _CONNECT_SECONDS),
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
