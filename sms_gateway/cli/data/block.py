"""`sms-gateway block`: numbers that get no answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from db.citizens import block_list
from db.staff import audit
from db.staff.operators import COMMAND_LINE
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from
from sms_gateway.cli.data.prompts import read_address
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now

LONGEST_DAYS = 366
LONGEST_REASON = 200


@click.group(cls=ManualGroup)
def block() -> None:
    """Manage the numbers that get no answer.

    Their texts are stored. Numbers that reply like machines are put on the list automatically, for
    an hour. Give - or nothing as NUMBER to be asked for it: arguments can be seen by every user of the machine.

    Example:
      sms-gateway block add - --days 7 --reason "insults the staff"
      sms-gateway block list

    Exit codes:
      0  done
      1  the number is not on the list, or the database cannot be used
      2  the command line or the settings are wrong
    """


@block.command()
@click.argument("number", required=False)
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=30, show_default=True, help="For how long.")
@click.option("--reason", required=True, help="Why, in your own words; stored sealed.")
@config_option
def add(number: str | None, days: int, reason: str, config: Path | None) -> None:
    """Give NUMBER no answer until a day; a number that is on the list gets the new day and reason.

    Example:
      echo 0905123456 | sms-gateway block add - --days 7 --reason "insults the staff"

    Exit codes:
      0  blocked
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise click.BadParameter(f"must have 1 to {LONGEST_REASON} characters", param_hint="--reason")
    blocked, now = read_address(number), utc_now()
    until = now + timedelta(days=days)
    entry = block_list.Block(number=blocked, reason=reason.strip(), made_by=COMMAND_LINE, since=now, until=until)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        block_list.put_on_list(connection, entry)
        note(connection, audit.Action.BLOCKED, detail=f"{days} days")
    click.echo(f"blocked until {until.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}")


@block.command()
@click.argument("number", required=False)
@config_option
def remove(number: str | None, config: Path | None) -> None:
    """Answer NUMBER again.

    Example:
      echo 0905123456 | sms-gateway block remove -

    Exit codes:
      0  removed
      1  it is not on the list, or the database cannot be used
      2  the command line or the settings are wrong
    """
    blocked = read_address(number)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        if not block_list.take_off_list(connection, blocked):
            raise Stop("this number is not on the list; fix: `sms-gateway block list`")
        note(connection, audit.Action.UNBLOCKED)
    click.echo("removed")


@block.command("list")
@config_option
def list_blocks(config: Path | None) -> None:
    """Print who gets no answer: number, last day, who blocked it and why.

    Example:
      sms-gateway block list

    Exit codes:
      0  done
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.read() as connection:
        entries = block_list.read_list(connection, now=utc_now())
        for entry in entries:
            until = f"{entry.until.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
            click.echo(f"{entry.number}\t{until}\t{entry.made_by}\t{entry.reason}")
    if not entries:
        click.echo("no number is blocked", err=True)
