"""`sms-gateway api-clients`: the systems of the city that may call the back office's endpoints."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import Connection

from db.back_office import api_clients as rows
from db.back_office.api_clients import Added, Scope
from db.staff.audit import Action
from db.staff.operators import find_operator
from db.store.ids import IdSource
from sms_gateway.back_office.client_keys import ClientKeys, new_keys
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now

LONGEST_OVERLAP = 24 * 30

_name_argument = click.argument("name", metavar="NAME")
_for_option = click.option(
    "--for", "maker", default="", help="The operator who gets the key: another one must approve tables made by it."
)


@click.group("api-clients", cls=ManualGroup)
def api_clients() -> None:
    """Manage the keys of systems of the city, which call the endpoints below /back-office.

    The endpoints exist when [back_office] enabled = true. A running service takes changes at once.

    Example:
      sms-gateway api-clients add one-stop --scope dossiers
      sms-gateway api-clients list

    Exit codes:
      0  done
      1  no such client, or one already; or the database cannot be used
      2  the command line or the settings are wrong
    """


@api_clients.command()
@_name_argument
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    required=True,
    help="What it may do; give it again for each. dossiers: push dossiers; accounts: read them, check first passwords.",
)
@click.option("--signs", is_flag=True, help="Make a secret too, with which it can sign (Standard Webhooks).")
@_for_option
@config_option
def add(name: str, scopes: tuple[str, ...], maker: str, config: Path | None, *, signs: bool) -> None:
    """Add a client and print its key.

    The key is shown once and stored as a keyed hash only. NAME has small letters, digits, `-` and `_`. A name is never
    given twice: the audit log and the history of dossiers name clients by it.

    Example:
      sms-gateway api-clients add one-stop --scope dossiers
      sms-gateway api-clients add lgsp --scope dossiers --signs
      sms-gateway api-clients add bus --scope tables --for lan

    Exit codes:
      0  added
      1  there is one of this name, or no such operator; or the database cannot be used
      2  the command line or the settings are wrong
    """
    if not rows.is_name(name):
        rule = "must be 1 to 64 small letters, digits, hyphens and underscores, and begin with a letter"
        raise click.BadParameter(rule, param_hint="NAME")
    keys = new_keys(signs=signs)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        _demand_operator(connection, maker)
        added = rows.add_client(
            connection,
            client_id=IdSource(node=COMMAND_NODE, now=utc_now).new(),
            name=name,
            scopes={Scope(scope) for scope in scopes},
            key=keys.key,
            secret=keys.secret,
            now=utc_now(),
            made_by=maker or None,
        )
        if added is Added.ADDED:
            note(connection, Action.API_CLIENT_ADDED, f"api_client:{name}", " ".join(sorted(scopes)))
    match added:
        case Added.ADDED:
            _show(name, keys)
        case Added.TAKEN:
            raise Stop(f"there is, or was, a client {name}; fix: choose another name, or rotate its key")
        case Added.TOO_MANY:
            raise Stop(f"there are {rows.MOST_CLIENTS} clients; fix: disable those that are not used")


def _demand_operator(connection: Connection, name: str) -> None:
    if name and find_operator(connection, name) is None:
        raise Stop(f"--for: there is no operator {name}; fix: `sms-gateway operators list`")


@api_clients.command()
@_name_argument
@click.option(
    "--hours",
    type=click.IntRange(0, LONGEST_OVERLAP),
    default=24,
    show_default=True,
    help="For how long the previous key is taken too.",
)
@_for_option
@config_option
def rotate(name: str, hours: int, maker: str, config: Path | None) -> None:
    """Give a client another key, and another secret if it signs.

    Both keys are taken for some hours, so that the system can change over. With --hours 0 the previous one ends at
    once: for a key that somebody else has seen.

    Example:
      sms-gateway api-clients rotate one-stop
      sms-gateway api-clients rotate one-stop --hours 0

    Exit codes:
      0  rotated
      1  no such client or operator, or the database cannot be used
      2  the command line or the settings are wrong
    """
    keys, now = new_keys(signs=True), utc_now()
    until = now + timedelta(hours=hours)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        _demand_operator(connection, maker)
        found = rows.rotate_key(
            *(connection, name),
            key=keys.key,
            secret=keys.secret,
            previous_until=until,
            now=now,
            made_by=maker or None,
        )
        if found:
            note(connection, Action.API_CLIENT_ROTATED, f"api_client:{name}", f"previous key for {hours} h")
        signs = any(one.name == name and one.signs for one in rows.list_clients(connection))
    if not found:
        raise _no_such()
    _show(name, keys if signs else ClientKeys(key=keys.key))
    if hours:
        click.echo(f"The previous key is taken until {_time(until)}.", err=True)


@api_clients.command()
@_name_argument
@config_option
def disable(name: str, config: Path | None) -> None:
    """Take every key of a client away, at once and for good.

    Example:
      sms-gateway api-clients disable one-stop

    Exit codes:
      0  disabled
      1  no such client, or the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.write() as connection:
        found = rows.disable_client(connection, name, utc_now())
        if found:
            note(connection, Action.API_CLIENT_DISABLED, f"api_client:{name}")
    if not found:
        raise _no_such()
    click.echo(f"{name} is disabled")


@api_clients.command("list")
@config_option
def list_all(config: Path | None) -> None:
    """List the clients.

    A line each: name, scopes, how it proves itself, day of its key, last use, and state, separated by tabs.

    Example:
      sms-gateway api-clients list

    Exit codes:
      0  listed
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.read() as connection:
        found = rows.list_clients(connection)
    for one in found:
        used = "never used" if one.used_at is None else _time(one.used_at)
        shown = (
            one.name,
            ",".join(sorted(one.scopes)) or "-",
            "key, signature" if one.signs else "key",
            one.key_made_at.astimezone(LOCAL_ZONE).date().isoformat(),
            used,
            "active" if one.disabled_at is None else "disabled",
        )
        click.echo("\t".join(shown))
    if not found:
        click.echo("there is no client yet; `sms-gateway api-clients add NAME --scope dossiers` makes one", err=True)


def _no_such() -> Stop:
    return Stop("there is no such client, or it is disabled; fix: `sms-gateway api-clients list` shows the names")


def _show(name: str, keys: ClientKeys) -> None:
    click.echo(f"Client:  {name}")
    click.echo(f"Key:     {keys.key}")
    if keys.secret is not None:
        click.echo(f"Secret:  {keys.secret}")
    click.echo("It is shown only once. Hand it over on a safe way.", err=True)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"
