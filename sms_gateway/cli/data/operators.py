"""`sms-gateway operators`: the people who may log in to the pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from db.schema import OperatorRole
from db.staff import operators as rows
from db.staff.audit import Action
from db.staff.operator_row import Operator
from db.store.ids import IdSource
from handlers.first_passwords import prepare
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now


@click.group(cls=ManualGroup)
def operators() -> None:
    """Manage the people who may log in to the operators' pages.

    Example:
      sms-gateway operators add lan --role administrator
      sms-gateway operators list

    Exit codes:
      0  done
      1  no such operator, or one already; or the database cannot be used
      2  the command line or the settings are wrong
    """


@operators.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in OperatorRole]),
    default=OperatorRole.OPERATOR.value,
    show_default=True,
    help="viewer sees masked pages; operator also acts; administrator also manages operators; agent answers tickets.",
)
@config_option
def add(name: str, role: str, config: Path | None) -> None:
    """Add an operator and print a one-time password.

    The password is shown once and stored as argon2id only. It is valid for 24 hours and must be changed at the first
    log-in. NAME has letters of Vietnamese, digits, `.`, `-` and `_`; case does not count. A name that looks like one
    there is already (accents, 0 and o, 1, l and i) is refused: the audit log names people by it.

    Example:
      sms-gateway operators add lan --role administrator

    Exit codes:
      0  added
      1  there is one of this name, or the database cannot be used
      2  the command line or the settings are wrong
    """
    normal = rows.normal_name(name)
    if not rows.is_name(name):
        rule = "must be 1 to 64 letters of Vietnamese, digits, full stops, hyphens and underscores"
        raise click.BadParameter(rule, param_hint="NAME")
    password = prepare()
    now = utc_now()
    with opened_database(settings_from(config)) as database, database.write() as connection:
        alike = rows.find_alike(connection, name)
        added = rows.add_operator(
            connection,
            operator_id=IdSource(node=COMMAND_NODE, now=utc_now).new(),
            name=name,
            password_hash=password.hashed,
            role=OperatorRole(role),
            now=now,
        )
        if added:
            note(connection, Action.OPERATOR_ADDED, f"operator:{normal}", role)
    if not added and alike != normal:
        raise Stop(f"{normal} looks like {alike}, and the audit log names by name; fix: choose another name")
    if not added:
        raise Stop(f"there is an operator {normal} already; fix: `sms-gateway operators reset {normal}`")
    _show(normal, password.clear, now)


@operators.command()
@click.argument("name")
@config_option
def reset(name: str, config: Path | None) -> None:
    """Give an operator a new one-time password.

    It is valid for 24 hours. Also lifts the locks, ends every session, and takes the second factor away: the operator
    sets it up again at the next log-in, at once where the role needs one (web.second_factor). Make sure first that
    anyone who asks is the operator. The audit log records it.

    Example:
      sms-gateway operators reset lan

    Exit codes:
      0  reset
      1  no such operator, or the database cannot be used
      2  the command line or the settings are wrong
    """
    password = prepare()
    now = utc_now()
    with opened_database(settings_from(config)) as database, database.write() as connection:
        found = rows.reset_password(connection, name, password.hashed, now)
        if found:
            note(connection, Action.OPERATOR_RESET, f"operator:{rows.normal_name(name)}")
    if not found:
        raise Stop("there is no operator of this name; fix: `sms-gateway operators list` shows the names")
    _show(rows.normal_name(name), password.clear, now)


@operators.command("list")
@config_option
def list_all(config: Path | None) -> None:
    """List the operators.

    A line each: name, role, state and the day since when, separated by tabs.

    Example:
      sms-gateway operators list

    Exit codes:
      0  listed
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.read() as connection:
        found = rows.list_operators(connection)
    for operator in found:
        since = operator.created_at.astimezone(LOCAL_ZONE).date().isoformat()
        click.echo("\t".join((operator.name, operator.role.value, _state(operator), since)))
    if not found:
        click.echo("there is no operator yet; `sms-gateway operators add NAME` makes one", err=True)


def _state(operator: Operator) -> str:
    if operator.disabled:
        return "disabled"
    if operator.locked_until is not None and operator.locked_until > utc_now():
        return "locked"
    if operator.password_until is not None and operator.password_until <= utc_now():
        return "one-time password expired"
    return "must change the password" if operator.must_change else "active"


def _show(name: str, password: str, now: datetime) -> None:
    until = (now + rows.ONE_TIME).astimezone(LOCAL_ZONE)
    click.echo(f"Operator:           {name}")
    click.echo(f"One-time password:  {password}")
    said = f"It is shown only once, opens until {until:%d/%m/%Y %H:%M}, and must be changed at the first log-in."
    click.echo(said, err=True)
