"""`sms-gateway demo`."""

from __future__ import annotations

from pathlib import Path

import click

from db.store.engine import sqlite_url
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.demo.service import DATABASE, DIRECTORY, run
from sms_gateway.settings.model import DatabaseSettings, LookUpSecret


@click.command(cls=Manual)
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=DIRECTORY,
    show_default=True,
    help="Where the demo keeps its database and keys; made when missing.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8188,
    show_default=True,
    help="Port of the pages; 0 takes a free one.",
)
@click.option(
    "--look-up-secret",
    is_flag=True,
    help="Ask for a secret beside each code, as with [service] look_up_secret; every sample's is 1234 or TRACUU88.",
)
@click.pass_context
def demo(context: click.Context, directory: Path, port: int, *, look_up_secret: bool) -> None:
    """Start everything on this machine, with a simulated carrier.

    One process on loopback only: a simulated SMSC, the gateway bound to it by real SMPP, simulated providers by
    HTTP, sample dossiers of every status, and the pages. It prints their addresses and a one-time password for the
    operators' page. Nothing leaves the machine and no settings are read. Ctrl-C drains and stops.

    Example:
      sms-gateway demo
      sms-gateway demo --dir /tmp/demo --port 0

    Exit codes:
      0  stopped by Ctrl-C or SIGTERM
      1  could not start, or a part of it died
      2  the command line is wrong
    """
    with started_plainly(DatabaseSettings(url=sqlite_url(directory / DATABASE))):
        asked = LookUpSecret.REQUIRED if look_up_secret else LookUpSecret.NONE
        code = run(directory, port, click.echo, look_up_secret=asked)
    context.exit(code)
