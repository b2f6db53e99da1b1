"""`sms-gateway counts`: the counts of one day, for the statistics of the city."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from sms_gateway.back_office.daily_counts import csv_of
from sms_gateway.cli.command_context import config_option, opened_database, settings_from
from sms_gateway.cli.manual import Manual
from sms_gateway.clock import LOCAL_ZONE, utc_now


@click.command(cls=Manual)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day in Viet Nam.  [default: yesterday]",
)
@config_option
def counts(day: datetime | None, config: Path | None) -> None:
    """Print the counts of a day as CSV: how many texts had each command, outcome, unit and ward.

    It holds no texts, no numbers and nothing of one person. The unit and the ward are those of the ticket that a text
    was filed in. With [counts] directory in the settings the service writes the same file after each day.

    Example:
      sms-gateway counts --day 2026-11-28 > counts-2026-11-28.csv

    Exit codes:
      0  printed, also when no text came on that day
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    chosen = day.date() if day is not None else utc_now().astimezone(LOCAL_ZONE).date() - timedelta(days=1)
    with opened_database(settings_from(config)) as database, database.read() as connection:
        click.echo(csv_of(connection, chosen), nl=False)
