"""`sms-gateway db`: the schema, backups, copies into another database, its standby; a file for each command."""

from __future__ import annotations

from pathlib import Path

import click

from db.upkeep import revision
from sms_gateway.cli.command_context import config_option, is_unfinished, revision_of, settings_from, told_plainly
from sms_gateway.cli.data.database.backups import backup
from sms_gateway.cli.data.database.copies import copy
from sms_gateway.cli.data.database.roles import roles
from sms_gateway.cli.data.database.standbys import standby
from sms_gateway.cli.data.database.upgrading import upgrade
from sms_gateway.cli.data.database.verifying import verify
from sms_gateway.cli.manual import ManualGroup


@click.group(cls=ManualGroup)
def db() -> None:
    """Manage the database: its schema, a backup, a copy into another one.

    Example:
      sms-gateway db current
      sms-gateway db backup /var/backups/gateway.db
      sms-gateway db verify /var/backups/gateway.db
      sms-gateway db upgrade --config gateway.toml

    Exit codes:
      0  done
      1  the database or the key file cannot be used
      2  the command line or the settings are wrong
    """


@db.command()
@config_option
def current(config: Path | None) -> None:
    """Print the database's revision, and the one needed.

    Example:
      sms-gateway db current

    Exit codes:
      0  they are the same
      1  they differ, an upgrade was interrupted, or the database cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    with told_plainly(settings):
        found, is_halfway = revision_of(settings), is_unfinished(settings)
    halfway = ", its upgrade was interrupted" if is_halfway else ""
    click.echo(f"{found or 'none'}{halfway} (needed: {revision.HEAD})")
    if found != revision.HEAD or is_halfway:
        click.get_current_context().exit(1)


for command in (upgrade, backup, verify, copy, roles, standby):
    db.add_command(command)
