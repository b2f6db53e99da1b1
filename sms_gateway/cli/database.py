"""`sms-gateway db`: the schema's revision."""

from __future__ import annotations

from pathlib import Path

import click

from db import revision
from db.engine import open_database
from db.seal import Keyring
from sms_gateway import keyfile
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.cli.opened import config_option, make_directory, revision_of, settings_from, told_plainly
from sms_gateway.settings.model import DatabaseSettings


@click.group(cls=ManualGroup)
def db() -> None:
    """Look after the database's schema.

    Example:
      sms-gateway db current
      sms-gateway db upgrade --config gateway.toml

    Exit codes:
      0  done
      1  the database or the key file cannot be used
      2  the command line or the settings are wrong
    """


@db.command()
@config_option
def upgrade(config: Path | None) -> None:
    """Bring the database to the revision needed.

    Makes the tables the first time, and the key file with them: keep a copy of that file, apart from the copies of
    the database. Safe to repeat. Stop the service and back the database up before upgrading one that holds data.

    Example:
      sms-gateway db upgrade --config gateway.toml

    Exit codes:
      0  the database has the right revision now
      1  the database or the key file cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    with told_plainly(settings):
        before = revision_of(settings)
        database = open_database(settings.address, _keys(settings, is_empty=before is None))
        try:
            after = revision.upgrade(database)
        finally:
            database.close()
    click.echo(f"{before or 'none'} -> {after}" if before != after else f"{after}, nothing to do")


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
