"""`sms-gateway dossiers`: importing the files of an office."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Connection

from db.citizens.dossiers import DossierFacts, ImportCounts, import_dossiers
from db.processes.statistics import note_import
from db.staff.audit import Action
from db.staff.operators import COMMAND_LINE
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.back_office.dossier_file import read_dossier_file
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import utc_now
from sms_gateway.process.cleanup import ONE_STEP, write_in_steps


@click.group(cls=ManualGroup)
def dossiers() -> None:
    """Import dossiers, so that DVC can show their state.

    Example:
      sms-gateway dossiers import dossiers.csv

    Exit codes:
      0  done
      1  something could not be taken in
      2  the command line or the settings are wrong
    """


@dossiers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--allow-links", is_flag=True, help="Take texts in that phones show as a link or a telephone number.  [default: no]"
)
@click.option(
    "--phones-agreed",
    is_flag=True,
    help="State that the owners of the telephones in the file agreed to notices.  [default: no; they are not read]",
)
@config_option
def import_file(file: Path, config: Path | None, *, allow_links: bool, phones_agreed: bool) -> None:
    """Import dossiers from FILE: .csv (UTF-8), .xlsx (first visible sheet) or .json.

    One of the first 20 lines names the columns, in Vietnamese, in English or as the national portal does. Unknown
    columns are left out, and so is every citizen's name. A new code is added, a known one is changed. A blank cell
    keeps the stored value; (clear) in a cell deletes it. Lines that cannot be read are reported with their fix and
    left out; all others are imported. Safe to repeat, also while the service runs. A long file is imported in short
    steps, so that texts are answered meanwhile. When it is interrupted, what was done stays: run it again.

    A line whose texts hold a link, an e-mail address or a telephone number is left out: citizens trust what comes
    from the service's number. Give --allow-links when citizens may get them. Answers leave out links that begin with
    http://, https:// or www. in any case.

    With notices on, a column of telephones subscribes each number to its dossier. It is read only with
    --phones-agreed.

    Example:
      sms-gateway dossiers import dossiers.csv --config gateway.toml

    Exit codes:
      0  every line was taken in
      1  a line was left out, or the database cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    with_phones = phones_agreed and settings.notices.enabled
    allowed = (*settings.short_codes, settings.service.hotline)
    reading = read_dossier_file(file, allowed=allowed, with_phones=with_phones)
    refused = [] if allow_links else [fault for row in reading.rows for fault in row.contact_faults]
    facts = [row.facts for row in reading.rows if allow_links or not row.contacts]
    for fault in sorted((*reading.faults, *refused), key=lambda fault: fault.line or 0):
        click.echo(f"{file}: {fault}", err=True)
    for ignored in reading.ignored:
        click.echo(f"{file}: {ignored}", err=True)
    for fault in reading.wrong_phones:
        click.echo(f"{file}: {fault}", err=True)
    if reading.has_unread_phones and settings.notices.enabled:
        click.echo(f"{file}: the telephones are not read; fix: give --phones-agreed if their owners agreed", err=True)
    left_out = len({fault.line for fault in (*reading.faults, *refused)})
    if facts:
        with opened_database(settings) as database:
            counts = _import(database, facts, with_phones=with_phones)
        click.echo(f"{counts.new} new, {counts.changed} changed, {counts.same} the same, {left_out} left out")
        if with_phones:
            told, wrong = counts.phones, len(reading.wrong_phones)
            click.echo(f"telephones: {told.subscribed} subscribed, {told.withdrew} withdrew, {wrong} wrong")
    if left_out:
        links = ", or give --allow-links if citizens may get these links and numbers" if refused else ""
        lines = counted(left_out, "line", "lines")
        raise Stop(f"{lines} left out; fix: change these lines in {file} and import it again{links}")


def _import(database: Database, facts: Sequence[DossierFacts], *, with_phones: bool) -> ImportCounts:
    """Import in short steps: citizens' texts come in and are answered meanwhile."""
    counts, new_id = ImportCounts(), IdSource(node=COMMAND_NODE, now=utc_now).new
    stated_by = COMMAND_LINE if with_phones else None

    def work(connection: Connection, some: Sequence[DossierFacts]) -> None:
        nonlocal counts
        counts += import_dossiers(connection, some, new_id=new_id, now=utc_now(), consents_stated_by=stated_by)

    def finish(connection: Connection) -> None:
        note_import(connection, counts.new + counts.changed + counts.same, now=utc_now())
        detail = f"{counts.new} new, {counts.changed} changed" + ", consents stated" * with_phones
        note(connection, Action.DOSSIERS_IMPORTED, "dossier", detail)

    if len(facts) > ONE_STEP:  # it may be interrupted after some steps
        with database.write() as connection:
            note(connection, Action.DOSSIERS_IMPORTED, "dossier", f"begun: {len(facts)} lines")
    write_in_steps(database, facts, work, finish)
    return counts
