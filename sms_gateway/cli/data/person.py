"""`sms-gateway person`: the right of a person to know what is stored, and to have it erased."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from pathlib import Path

import click
from sqlalchemy import Connection

from db.citizens import erasure, person_export
from db.staff import audit
from db.store.phone_numbers import read_sender
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from
from sms_gateway.cli.counted import counted
from sms_gateway.cli.data.prompts import read_address, read_id_number
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import utc_now

KEPT = """\
What the law makes us keep, or what is not this person's alone:
  the rows of the texts themselves: when, by which link, read as what, in which state; without number and words
  the audit log of operators, which names rows and never persons"""

number_option = click.option("--number", metavar="NUMBER", help="The telephone number; - asks for it.")
id_number_option = click.option("--id-number", metavar="NUMBER", help="The identity number; - asks for it.")


class Found(Enum):
    """By what a person is looked for."""

    NUMBER = "number"
    ID_NUMBER = "id_number"


@click.group(cls=ManualGroup)
def person() -> None:
    """Export or erase what is stored of one person, by telephone number or by identity number.

    Give - as the number to be asked for it, or write it to standard input: arguments can be seen by every user of
    the machine. The audit log records each call, without the number.

    Example:
      sms-gateway person export --number - --out person.json
      sms-gateway person erase --id-number -

    Exit codes:
      0  done
      1  the file cannot be written, or the database cannot be used
      2  the command line or the settings are wrong
    """


@person.command()
@number_option
@id_number_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it here (mode 0600), not to the terminal."
)
@config_option
def export(number: str | None, id_number: str | None, out: Path | None, config: Path | None) -> None:
    """Write everything that is stored of one person as JSON: texts, answers, parts, receipts, accounts, blocks.

    First passwords are not stored and so not in it; of attempts only their count is known.

    Example:
      echo 0905123456 | sms-gateway person export --number - --out person.json

    Exit codes:
      0  written
      1  the file cannot be written, or the database cannot be used
      2  the command line or the settings are wrong
    """
    found, value = _asked(number, id_number)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        if found is Found.NUMBER:
            stored = person_export.find_by_number(connection, read_address(value), read_sender)
        else:
            stored = person_export.find_by_id_number(connection, read_id_number(value))
        _note(connection, audit.Action.EXPORTED, found)
        told = json.dumps(asdict(stored), ensure_ascii=False, indent=2, default=_plain)
        if out is None:
            click.echo(told)
        else:
            _write(out, told)
    texts = counted(len(stored.texts), "text or answer", "texts and answers")
    click.echo(f"{texts}, {counted(len(stored.accounts), 'account', 'accounts')}", err=True)


@person.command()
@number_option
@id_number_option
@config_option
def erase(number: str | None, id_number: str | None, config: Path | None) -> None:
    """Erase what is stored of one person, and print what stays and why.

    By telephone number: the number and the words go out of every text, answer and ticket; a ticket that is open is
    closed. By identity number: the account is deleted, and so are the words of its phone's texts and tickets that hold
    the number or the name. Texts under way are left;
    run it again after some minutes. Backups still hold what was erased until they end.

    Example:
      echo 201499999 | sms-gateway person erase --id-number -

    Exit codes:
      0  erased
      1  something is under way, or the database cannot be used
      2  the command line or the settings are wrong
    """
    found, value = _asked(number, id_number)
    with opened_database(settings_from(config)) as database, database.write() as connection:
        if found is Found.NUMBER:
            erased = erasure.erase_number(connection, read_address(value), read_sender, now=utc_now())
        else:
            erased = erasure.erase_id_number(connection, read_id_number(value), read_sender)
        _note(connection, audit.Action.PERSON_ERASED, found)
    kinds = ["texts", "answers", "parts", "receipts", "accounts", "attempts"]
    if erased.tickets:
        kinds.append("tickets")
    told = [counted(getattr(erased, kind), kind[:-1], kind) for kind in kinds]
    if erased.lookup_rows:
        told.append(counted(erased.lookup_rows, "row of a table", "rows of tables"))
    if erased.subscriptions:
        told.append(counted(erased.subscriptions, "subscription", "subscriptions"))
    click.echo(", ".join(told) + " erased")
    click.echo(KEPT, err=True)
    if erased.kept_accounts:
        accounts = counted(erased.kept_accounts, "account", "accounts")
        click.echo(f"  {accounts} opened from it: `person erase --id-number -` each", err=True)
    if erased.kept_blocks:
        click.echo("  its entry on the block list, until its last day: `sms-gateway block remove -`", err=True)
    if erased.under_way:
        stays = " and the account stays until then" if found is Found.ID_NUMBER else ""
        texts = counted(erased.under_way, "text is", "texts are")
        raise Stop(f"{texts} under way{stays}; fix: run this again in some minutes")


def _asked(number: str | None, id_number: str | None) -> tuple[Found, str]:
    if number is not None and id_number is None:
        return Found.NUMBER, number
    if id_number is not None and number is None:
        return Found.ID_NUMBER, id_number
    raise click.UsageError("give --number or --id-number, and not both")


def _note(connection: Connection, action: audit.Action, found: Found) -> None:
    note(connection, action, detail=f"person by {found.value}")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise Stop(f"{path} cannot be made ({type(error).__name__}); fix: name a file that is not there") from error
