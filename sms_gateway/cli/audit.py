"""`sms-gateway audit`: the log of what operators did."""

from __future__ import annotations

from pathlib import Path

import click

from db import audit as rows
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.cli.opened import Stop, config_option, opened_database, settings_from


@click.group(cls=ManualGroup)
def audit() -> None:
    """Check the log of what operators did on the pages.

    Example:
      sms-gateway audit verify

    Exit codes:
      0  done
      1  the log was tampered with, or the database cannot be used
      2  the command line or the settings are wrong
    """


@audit.command()
@click.option(
    "--last",
    metavar="NUMBER:DIGEST",
    help="What an earlier run printed: proves that the log's end was not cut off since.",
)
@config_option
def verify(last: str | None, config: Path | None) -> None:
    """Follow the chain of the audit log and tell whether it is whole.

    Prints how many entries are sound, and the number and digest of the last one. Note them somewhere else now and
    then: a chain proves that nothing in it was changed, but only such a note proves that its end was not cut off.

    Example:
      sms-gateway audit verify
      sms-gateway audit verify --last 1207:9f86d081884c7d659a2feaa0c55ad015

    Exit codes:
      0  whole
      1  an entry was changed or is missing, or the database cannot be used
      2  the command line or the settings are wrong
    """
    noted = _noted(last) if last is not None else None
    with opened_database(settings_from(config)) as database, database.read() as connection:
        verdict = rows.verify(connection)
        entry = rows.read_page(connection, before=noted[0] + 1, size=1) if noted is not None else ()
    if verdict.broken is not None:
        mend = "compare with a backup from before; the entries up to there are sound"
        raise Stop(f"entry {verdict.broken} was changed or is missing; mend: {mend}")
    if noted is not None and [(one.number, one.chain) for one in entry] != [noted]:
        raise Stop(f"entry {noted[0]} is not the one that was noted; mend: compare with a backup from before")
    click.echo(f"{verdict.sound} entries, whole")
    if verdict.sound:
        click.echo(f"last: {verdict.sound}:{verdict.last.hex()}")


def _noted(written: str) -> tuple[int, bytes]:
    try:
        number, digest = written.split(":")
        return int(number), bytes.fromhex(digest)
    except ValueError as error:
        raise click.BadParameter("write it as printed: NUMBER:DIGEST", param_hint="--last") from error
