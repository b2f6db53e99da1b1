"""`sms-gateway db verify`: whether a backup is one that the service can go on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Connection, func, select

from db.schema import account, dossier, inbound, outbound, ticket
from db.staff import audit
from db.store.engine import Database, open_database
from db.upkeep import rekey, triggers
from db.upkeep.integrity import count_faults
from db.upkeep.row_counts import count_rows
from sms_gateway.cli.command_context import Stop, config_option, revision_of, settings_from, told_plainly
from sms_gateway.cli.counted import counted
from sms_gateway.cli.data.database.answering import TEXT, NoAnswerError, answer_of
from sms_gateway.cli.data.database.in_use import compared_log, read_in_use
from sms_gateway.cli.data.database.restoring import restored
from sms_gateway.cli.data.database.roles import as_role
from sms_gateway.cli.data.database.upgrading import Wishes, bring_up
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.log import setup
from sms_gateway.process import keyfile
from sms_gateway.settings.model import DatabaseSettings, LogSettings, Settings

SHOWN = {"texts": inbound, "answers": outbound, "accounts": account, "dossiers": dossier, "tickets": ticket}
"""What is counted, beside the rows of the database in use."""


@click.command(cls=Manual)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--beside",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIRECTORY",
    help="Where an SQLite file is restored, and removed again.  [default: the directory of FILE]",
)
@click.option("--as", "role", metavar="ROLE", help="PostgreSQL: the role that may create a database beside.")
@config_option
@click.pass_context
def verify(context: click.Context, file: Path, beside: Path | None, role: str | None, config: Path | None) -> None:
    """Restore a backup beside the database in use, and say whether the service could go on with it.

    FILE is a copy made by `db backup`, or a dump of `pg_dump --format=custom`. A dump is restored into a database of
    its own on the server of the settings; the role needs the right to create one. Each line begins with OK, FAULT,
    CAUTION or LEFT OUT. The key file must open the backup, and the chain of the audit log must be whole. No trigger may
    be missing, changed or added. The newest entry of the audit log must be in the database in use, where that can be
    read. A text must be answered from the copy by the whole pipeline. Nothing is sent: the copy knows no link, no
    aggregator and no system of the city. A backup of an earlier revision is upgraded in the copy. The copy is removed
    at the end.

    Example:
      sms-gateway db verify /var/backups/sms-gateway/gateway-2026-11-29.db
      sms-gateway db verify gateway.dump --as gateway_owner

    Exit codes:
      0  the service could go on with this backup
      1  a fault; or it cannot be restored
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    setup(LogSettings(level="error"))  # the verdicts say it
    found = settings.database if role is None else as_role(settings.database, role)
    faulty = False
    with restored(found, file, beside) as copy:
        for verdict in _verdicts(settings, copy):
            click.echo(str(verdict))
            faulty |= verdict.mark is Mark.FAULT
    context.exit(int(faulty))


def _verdicts(settings: Settings, copy: DatabaseSettings) -> Iterator[Verdict]:
    """Check what each later check builds upon first; the first fault ends it."""
    try:
        yield _revision(copy)
        with told_plainly(copy), closing(open_database(copy.address, keyfile.load(copy.key_file))) as database:
            for verdict in _content(database, settings.database):
                yield verdict
                if verdict.mark is Mark.FAULT:
                    return
        yield _answer(settings, copy)
    except Stop as error:
        yield Verdict(mark=Mark.FAULT, subject="backup", text=error.message)


def _revision(copy: DatabaseSettings) -> Verdict:
    with told_plainly(copy):
        before = revision_of(copy)
    if before is None:
        raise Stop("it holds no tables of the gateway; fix: name another file")
    after = bring_up(copy, Wishes(without_backup=True))[1]
    told = f"{after}" if before == after else f"{before}, upgraded to {after} in the copy"
    return Verdict(mark=Mark.OK, subject="revision", text=told)


def _content(database: Database, used: DatabaseSettings) -> Iterator[Verdict]:
    with database.read() as connection:
        if database.is_sqlite:
            yield _integrity(connection)
        rekey.demand_fit(connection)
        yield _keys(connection, database)
        yield _chain(connection)
        yield _triggers(connection)
        newest = next(iter(audit.read_page(connection, size=1)), None)
        in_use = read_in_use(used, newest)
        compared = None if in_use is None else compared_log(newest, in_use)
        if compared is not None:
            yield compared
        yield from _counts(connection, None if in_use is None else in_use.counts)


def _integrity(connection: Connection) -> Verdict:
    faults = count_faults(connection)
    if faults:
        return Verdict(mark=Mark.FAULT, subject="integrity", text=f"damaged in {faults} places; fix: take another one")
    return Verdict(mark=Mark.OK, subject="integrity", text="every page, index and reference is sound")


def _keys(connection: Connection, database: Database) -> Verdict:
    counts = rekey.count_by_key(connection)
    lacking = sorted(counts.keys() - database.keyring.numbers)
    if lacking:
        numbers = ", ".join(map(str, lacking))
        fix = "put back a copy of the key file that has it"
        text = f"the key file lacks key {numbers}, which sealed values of it; fix: {fix}"
        return Verdict(mark=Mark.FAULT, subject="keys", text=text)
    values = counted(sum(counts.values()), "sealed value", "sealed values")
    return Verdict(mark=Mark.OK, subject="keys", text=f"fit; {values}, each under a key of the key file")


def _chain(connection: Connection) -> Verdict:
    found = audit.verify(connection)
    if found.broken is not None:
        text = f"entry {found.broken} was changed or is missing; fix: take another one, and look into it"
        return Verdict(mark=Mark.FAULT, subject="audit log", text=text)
    return Verdict(mark=Mark.OK, subject="audit log", text=f"{counted(found.sound, 'entry', 'entries')}, whole")


def _triggers(connection: Connection) -> Verdict:
    found = triggers.differences(connection)
    if found:
        text = f"{', '.join(found)}; fix: take another one, and look into it"
        return Verdict(mark=Mark.FAULT, subject="triggers", text=text)
    return Verdict(mark=Mark.OK, subject="triggers", text="those of the program, and no others")


def _counts(connection: Connection, in_use: Mapping[str, int] | None) -> Iterator[Verdict]:
    counts = count_rows(connection)
    told = ", ".join(f"{counts[table.name]} {name}" for name, table in SHOWN.items())
    received = connection.scalar(select(func.max(inbound.c.received_at)))
    newest = "" if received is None else f"; the newest text is of {received.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"
    beside = ""
    if in_use is not None:
        beside = f" (in use: {', '.join(str(in_use.get(table.name, 0)) for table in SHOWN.values())})"
    yield Verdict(mark=Mark.OK, subject="rows", text=f"{told}{beside}{newest}")
    empty = [name for name, table in SHOWN.items() if in_use and in_use.get(table.name) and not counts[table.name]]
    if empty:
        text = f"no {', no '.join(empty)}, of which the database in use has some"
        yield Verdict(mark=Mark.CAUTION, subject="rows", text=text)


def _answer(settings: Settings, copy: DatabaseSettings) -> Verdict:
    try:
        with started_plainly(copy):
            answer = answer_of(settings, copy)
    except NoAnswerError as error:
        text = f"{TEXT} got no answer from it ({error}); fix: report it with the lines above"
        return Verdict(mark=Mark.FAULT, subject="answer", text=text)
    return Verdict(mark=Mark.OK, subject="answer", text=f"{TEXT} is answered from it: {answer}")
