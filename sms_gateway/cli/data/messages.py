"""`sms-gateway messages`: the texts that could not be handled."""

from __future__ import annotations

from pathlib import Path

import click

from db.messages import events, parked_texts
from db.messages.events import EventKind, NewEvent
from db.processes.wake_up import wake_others
from db.staff.audit import Action
from db.store.ids import IdSource
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now


@click.group(cls=ManualGroup)
def messages() -> None:
    """Look after texts that could not be handled.

    A text whose handling fails again and again, by a fault of ours, is parked: its sender got an apology, and it
    waits for the fault to be fixed.

    Example:
      sms-gateway messages parked
      sms-gateway messages rerun --all

    Exit codes:
      0  done
      1  the database cannot be used, or there is no such parked text
      2  the command line or the settings are wrong
    """


@messages.command()
@click.option("--limit", type=click.IntRange(1, 10000), default=100, show_default=True, help="Lines at most.")
@config_option
def parked(limit: int, config: Path | None) -> None:
    """List the parked texts, oldest first: number, when it came, its link, and where in the program it failed.

    The number is the one on the pages. The fault names types and places, never what the citizen wrote.

    Example:
      sms-gateway messages parked

    Exit codes:
      0  listed
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.read() as connection:
        found = parked_texts.find_parked(connection, limit=limit)
    for text in found:
        click.echo(f"{text.id}  {text.received_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}  {text.link}  {text.fault}")
    if not found:
        click.echo("none", err=True)


@messages.command()
@click.argument("numbers", metavar="[NUMBER]…", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every parked text.")
@config_option
def rerun(numbers: tuple[int, ...], everything: bool, config: Path | None) -> None:  # noqa: FBT001 - click gives a flag so
    """Have parked texts read and carried out anew, once each; the running service does it within a second.

    What a text asked for is answered now, however late: its sender has the apology already. One that fails again is
    parked again, without a second apology. Safe to repeat: a text that is not parked is left as it is.

    Example:
      sms-gateway messages rerun 1234567890123456789
      sms-gateway messages rerun --all

    Exit codes:
      0  they will be handled
      1  the database cannot be used, or there is no such parked text
      2  the command line or the settings are wrong
    """
    if bool(numbers) == everything:
        raise click.UsageError("name the texts, or give --all")
    new_id = IdSource(node=COMMAND_NODE, now=utc_now).new
    with opened_database(settings_from(config)) as database, database.write() as connection:
        again = parked_texts.run_parked_again(connection, None if everything else numbers)
        happened = [
            NewEvent(id=new_id(), at=utc_now(), kind=EventKind.RUN_AGAIN, inbound_id=one, detail="command line")
            for one in again
        ]
        events.add(connection, happened)
        if again:
            # One line for all, or a fault that parked thousands would hold the writer; each text has its own event.
            subject = f"inbound:{again[0]}" if len(again) == 1 else "inbound"
            note(connection, Action.RUN_AGAIN, subject, f"{len(again)} parked")
        wake_others(connection)
    click.echo(f"{counted(len(again), 'text', 'texts')} will be handled again")
    missing = sorted(set(numbers) - set(again))
    if missing:
        raise Stop(f"not parked: {', '.join(map(str, missing))}; fix: see `sms-gateway messages parked`")
