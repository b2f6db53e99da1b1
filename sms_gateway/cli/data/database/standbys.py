"""`sms-gateway db standby`: whether commits wait for a standby of PostgreSQL, and the decision to go on without it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from threading import Event

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from db.store.engine import Database, open_database
from db.store.sealing import Keyring, new_key
from db.upkeep import standby as standbys
from sms_gateway.cli.command_context import Stop, config_option, settings_from, told_plainly
from sms_gateway.cli.data.database.roles import as_role
from sms_gateway.cli.manual import Manual
from sms_gateway.clock import monotonic
from sms_gateway.settings.model import DatabaseSettings

_RELOAD_SECONDS = 5.0
_POLL_SECONDS = 0.1
_NOT_ALLOWED = "42501"  # insufficient_privilege
_MINUTES = 60


@click.command(cls=Manual)
@click.option("--alone", is_flag=True, help="Go on without a standby; says what is risked, and asks.")
@click.option("--wait-for", "names", metavar="NAMES", help="Let commits wait for these standbys, such as 'a, b'.")
@click.option("--yes", is_flag=True, help="With --alone: do not ask.")
@click.option("--as", "role", metavar="ROLE", help="Who looks and changes; a superuser, such as postgres.")
@config_option
def standby(names: str | None, role: str | None, config: Path | None, *, alone: bool, yes: bool) -> None:
    """Show whether commits wait for a standby of PostgreSQL, or decide that they do not.

    Without --alone and --wait-for nothing is changed. When the standby is away, commits wait, and the carriers keep
    what citizens send. With --alone texts are acknowledged again, and exist on one server only. --wait-for ends that
    once the standby is back. It is refused before that. Both change synchronous_standby_names of the primary (ALTER
    SYSTEM). Other roles than a superuser do not see which standbys are connected. Safe to repeat.

    Example:
      sms-gateway db standby --as postgres
      sms-gateway db standby --as postgres --alone
      sms-gateway db standby --as postgres --wait-for 'a, b'

    Exit codes:
      0  shown, or changed
      1  not confirmed, no such standby is there, or the database or the role cannot do it
      2  the command line or the settings are wrong
    """
    if alone and names is not None:
        raise click.UsageError("--alone and --wait-for are opposites; fix: give one of them")
    if names is not None and not standbys.is_names(names):
        raise click.BadParameter("must be names of standbys, such as 'a, b'", param_hint="--wait-for")
    settings = settings_from(config).database
    if make_url(settings.url).get_backend_name() != "postgresql":
        raise Stop("an SQLite file has no standby; fix: nothing, or use PostgreSQL")
    settings = settings if role is None else as_role(settings, role)
    blind = Keyring(keys={1: new_key()}, mark_key=new_key())  # opens no sealed value
    with told_plainly(settings), closing(open_database(settings.address, blind)) as database:
        _show(database)
        if alone:
            _go_on_alone(database, settings, is_sure=yes)
        elif names is not None:
            _wait_again(database, settings, names)


def _show(database: Database) -> None:
    with database.read() as connection:
        required, sees = standbys.required(connection), standbys.sees_followers(connection)
        followers = standbys.find_followers(connection) if sees else ()
        waits = standbys.find_waits(connection)
        server = connection.connection.dbapi_connection
        where = f"{server.info.host}:{server.info.port}" if server is not None else ""
    click.echo(f"primary: {where}")
    click.echo(f"commits wait for: {required or 'no standby; what is acknowledged is on this server only'}")
    for each in followers:
        part = "commits wait for it" if each.is_awaited else "no commit waits for it"
        click.echo(f"standby {each.name}: {each.state}, {part}, {each.octets_behind} octets behind")
    if not sees:
        click.echo("standbys: this role does not see them; fix: --as postgres")
    elif not followers:
        click.echo("standbys: none is connected")
    click.echo(f"waiting now: {waits.commits} commits, the longest for {waits.longest:.0f} s")


def _go_on_alone(database: Database, settings: DatabaseSettings, *, is_sure: bool) -> None:
    with database.read() as connection:
        required, waits = standbys.required(connection), standbys.find_waits(connection)
        hour = standbys.texts_in_last_hour(connection)
    if not required:
        click.echo("Commits wait for no standby already. Nothing was changed.")
        return
    click.echo(
        f"What was stored in the last {waits.longest:.0f} s is on this server only: {waits.commits} commits wait. "
        "Nothing of it is acknowledged, so the carriers still have these texts.\n"
        "From now on each text is acknowledged when this server alone has it. If this server is lost before a standby "
        "has caught up, these texts are lost: no carrier sends them again.\n"
        f"{hour} texts came in the last hour: each minute alone risks about {-(-hour // _MINUTES)} texts."
    )
    if not is_sure:
        click.confirm("Go on without the standby?", abort=True)
    _require(database, settings, "")
    click.echo(f"Commits no longer wait. When the standby is back: sms-gateway db standby --wait-for '{required}'")


def _wait_again(database: Database, settings: DatabaseSettings, names: str) -> None:
    with database.read() as connection:
        if not standbys.sees_followers(connection):
            raise Stop("this role does not see which standbys are connected; fix: name a superuser with --as")
        there = standbys.are_there(names, standbys.find_followers(connection))
    if not there:
        raise Stop(f"no such standby streams ({names}), so every commit would wait; fix: start the standby first")
    _require(database, settings, names)
    click.echo(f"Commits wait for: {names}")


def _require(database: Database, settings: DatabaseSettings, names: str) -> None:
    try:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            standbys.require(connection, names)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
            raise
        name = make_url(settings.url).username
        raise Stop(f"the role {name} may not do this; fix: name a superuser with --as") from error
    deadline = monotonic() + _RELOAD_SECONDS
    while True:  # the server reads its settings again a moment later
        with database.read() as connection:
            if standbys.required(connection) == names:
                return
        if monotonic() > deadline:
            raise Stop("the server has not read its settings again; fix: look into its log for a fault in them")
        Event().wait(_POLL_SECONDS)
