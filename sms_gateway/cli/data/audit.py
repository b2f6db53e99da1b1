"""`sms-gateway audit`: the log of what operators did."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from db.staff import audit as rows
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup

_HEAD = re.compile(r"\baudit_head\b\W+entry\W+([0-9]{1,18})\W+digest\W+([0-9a-f]{32})\b", re.ASCII)


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
@click.option("--last", metavar="NUMBER:DIGEST", help="What an earlier run printed.")
@click.option(
    "--log",
    "logs",
    type=click.File("r", encoding="utf-8", errors="replace"),
    multiple=True,
    help="A log of the service, or - for standard input: every audit_head in it must be an entry still.",
)
@config_option
def verify(last: str | None, logs: Sequence[TextIO], config: Path | None) -> None:
    """Follow the chain of the audit log and tell whether it is whole.

    A chain proves that nothing in it was changed. That its end was not cut off is proved by what was written down
    elsewhere: the service writes number and digest of the newest entry into its log each quarter of an hour, as the
    event `audit_head` (log.level must be info or debug). Give this command a copy of the log that was kept on
    another machine. It also prints number and digest of the last entry, which can be noted on paper.

    Example:
      sms-gateway audit verify
      journalctl -u sms-gateway | sms-gateway audit verify --log -
      sms-gateway audit verify --last 1207:9f86d081884c7d659a2feaa0c55ad015

    Exit codes:
      0  whole
      1  an entry was changed or is missing, a log names none, or the database cannot be used
      2  the command line or the settings are wrong
    """
    noted = {_noted(last)} if last is not None else set()
    for log in logs:
        heads = _heads(log)
        if not heads:
            raise Stop(
                "a log that was given has no audit_head in it; fix: give a log of this service, of level info or debug"
            )
        noted |= heads
    with opened_database(settings_from(config)) as database, database.read() as connection:
        verdict = rows.verify(connection, noted)
    fix = "compare with a backup from before; after a restore from a backup, what came later is gone rightly"
    if verdict.broken is not None:
        raise Stop(f"entry {verdict.broken} was changed or is missing, and those before it are sound; fix: {fix}")
    if verdict.unlike is not None:
        raise Stop(f"entry {verdict.unlike} is not the one that was noted; fix: {fix}")
    among = f"; {counted(len(noted), 'noted one is', 'noted ones are')} among them" if noted else ""
    click.echo(f"{counted(verdict.sound, 'entry', 'entries')}, whole{among}")
    if verdict.sound:
        click.echo(f"last: {verdict.sound}:{verdict.last.hex()}")


def _heads(log: TextIO) -> set[tuple[int, bytes]]:
    """Return number and digest of each `audit_head` in a log, as text or as JSON, whatever stands before them."""
    return {(int(number), bytes.fromhex(digest)) for line in log for number, digest in _HEAD.findall(line)}


def _noted(written: str) -> tuple[int, bytes]:
    try:
        number, digest = written.split(":")
        return int(number), bytes.fromhex(digest)
    except ValueError as error:
        raise click.BadParameter("write it as printed: NUMBER:DIGEST", param_hint="--last") from error
