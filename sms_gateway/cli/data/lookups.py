"""`sms-gateway lookups`: own look-up tables and own answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Connection

from db.citizens.lookups import StoredTable, answering, end_loading, list_tables, submit_table, switch_table
from db.schema import KeyShape
from db.staff.audit import Action
from db.staff.operators import COMMAND_LINE, find_operator
from db.store.engine import Database
from db.store.ids import IdSource
from handlers.commands import HANDLERS
from handlers.handler import Handlers
from parsers.grammars import GRAMMARS
from sms_gateway.back_office.own_tables.commands_of_tables import near_ones
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.back_office.own_tables.making import (
    Asked,
    RefusedTableError,
    Surroundings,
    line_message,
    make_table,
)
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import COMMAND_NODE, Stop, config_option, opened_database, settings_from
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.conversation_parts import handlers_for
from sms_gateway.wiring.pipeline_parts import service_facts

_SHAPES = [shape.value for shape in KeyShape if shape is not KeyShape.NONE]


@click.group(cls=ManualGroup)
def lookups() -> None:
    """Manage own look-up tables and own answers: commands made of a file and a sentence.

    Set lookups.enabled first. A version that is added here answers when an operator has approved it on the
    pages, or 24 hours later. Every process of the service follows within five seconds.

    Example:
      sms-gateway lookups add bus bus.csv --title "xe buyt" --keywords BUS --label "so tuyen"
        --answer "Tuyen {tuyen}: {lo trinh}"
      sms-gateway lookups answer hours --title "gio lam viec" --keywords GIO --answer "7h30-17h"
      sms-gateway lookups list

    Exit codes:
      0  done
      1  the table was refused, or the database cannot be used
      2  the command line or the settings are wrong
    """


@lookups.command()
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="What it is about, as the help says it.")
@click.option("--keywords", required=True, help="Its keywords; answers name the first.")
@click.option("--shape", type=click.Choice(_SHAPES), default="code", show_default=True, help="How the key is read.")
@click.option("--label", required=True, help="What citizens write behind the keyword, as the help says it.")
@click.option("--answer", required=True, help="The answer; {column} stands for a cell.")
@click.option("--key-column", default="", help="The column of the key.  [default: the first]")
@click.option("--secret-column", default="", help="The column whose cell opens a row.  [default: none is needed]")
@click.option("--for", "maker", default="", help="The operator who wants it: another one must approve it.")
@config_option
def add(  # noqa: PLR0917 - the options of a table
    name: str,
    file: Path,
    title: str,
    keywords: str,
    shape: str,
    label: str,
    answer: str,
    key_column: str,
    secret_column: str,
    maker: str,
    config: Path | None,
) -> None:
    """Add a version of the look-up table NAME with the rows of FILE: .csv (UTF-8) or .xlsx (first visible sheet).

    A later version replaces an earlier one as a whole. Columns that the answer does not need are not stored. A column
    that looks like a name, a telephone number, an identity number or money makes a secret compulsory. Lines that
    cannot be taken are named and left out.

    Example:
      sms-gateway lookups add nuoc water.xlsx --title "tien nuoc" --keywords NUOC --label ma
        --secret-column "ma tra cuu" --answer "Khach hang {ma}: {so tien} dong"

    Exit codes:
      0  added
      1  the table was refused, or the database cannot be used
      2  the command line or the settings are wrong
    """
    asked = Asked(
        name=name,
        title=title,
        keywords=keywords,
        template=answer,
        shape=KeyShape(shape),
        key_label=label,
        key_column=key_column,
        secret_column=secret_column,
    )
    _make(settings_from(config), asked, file, maker)


@lookups.command()
@click.argument("name")
@click.option("--title", required=True, help="What it is about, as the help says it.")
@click.option("--keywords", required=True, help="Its keywords; the help names the first.")
@click.option("--answer", required=True, help="The sentence.")
@click.option("--for", "maker", default="", help="The operator who wants it: another one must approve it.")
@config_option
def answer(  # noqa: PLR0917 - the options of an answer
    name: str, title: str, keywords: str, answer: str, maker: str, config: Path | None
) -> None:
    """Add a version of the own answer NAME: a keyword and a sentence, without a key.

    Example:
      sms-gateway lookups answer hours --title "gio lam viec" --keywords GIO --answer "7h30-17h"

    Exit codes:
      0  added
      1  the answer was refused, or the database cannot be used
      2  the command line or the settings are wrong
    """
    _make(settings_from(config), Asked(name=name, title=title, keywords=keywords, template=answer), None, maker)


@lookups.command("list")
@config_option
def list_lookups(config: Path | None) -> None:
    """Print every version: name, state, keywords, rows, who made and who approved it.

    Example:
      sms-gateway lookups list

    Exit codes:
      0  done
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    now = utc_now()
    with opened_database(settings_from(config)) as database, database.read() as connection:
        every = list_tables(connection)
    current = {one.id for one in answering(every, now)}
    for one in every:
        state = "answers" if one.id in current else "off" if one.off else one.state.value
        made = f"{one.made_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
        words = ",".join(one.definition.keywords)
        click.echo(f"{one.name}\t{state}\t{words}\t{one.row_count}\t{one.made_by}\t{made}\t{one.approved_by or '-'}")
    if not every:
        click.echo("there is no table", err=True)


@lookups.command()
@click.argument("name")
@config_option
def off(name: str, config: Path | None) -> None:
    """Switch the table or answer NAME off, with all its versions.

    Example:
      sms-gateway lookups off bus

    Exit codes:
      0  switched off
      1  there is no such table, or the database cannot be used
      2  the command line or the settings are wrong
    """
    _switch(name, config, off=True)


@lookups.command()
@click.argument("name")
@config_option
def on(name: str, config: Path | None) -> None:
    """Switch the table or answer NAME on again.

    Example:
      sms-gateway lookups on bus

    Exit codes:
      0  switched on
      1  there is no such table, or the database cannot be used
      2  the command line or the settings are wrong
    """
    _switch(name, config, off=False)


def _make(settings: Settings, asked: Asked, file: Path | None, maker: str) -> None:
    if not settings.lookups.enabled:
        raise Stop("own tables are off; fix: write enabled = true into the section [lookups]")
    new_id = IdSource(node=COMMAND_NODE, now=utc_now).new
    with opened_database(settings) as database:
        if maker:
            with database.read() as connection:
                if find_operator(connection, maker) is None:
                    raise Stop(f"--for: there is no operator {maker}; fix: `sms-gateway operators list`")
        around = _surroundings(settings, database)
        made_by = maker or COMMAND_LINE
        try:
            made = make_table(database, asked, file, around, made_by=made_by, new_id=new_id, now=utc_now())
        except RefusedTableError as refused:
            raise Stop("; ".join(f"{one.field}: {one.message}" for one in refused.faults)) from refused
        with database.write() as connection:
            end_loading(connection, made.id)
            submit_table(connection, made.id, now=utc_now())
            note(connection, Action.LOOKUP_CHANGED, f"lookup:{made.id}", f"lookup added {made.name}")
            near = near_ones(settings, made, _others(connection))
    _report(made, near)


def _report(made: StoredTable, near: Sequence[str]) -> None:
    for fault in made.faults:
        click.echo(str(line_message(fault)), err=True)
    if near:
        click.echo(f"caution: one slip of the finger from its keywords: {', '.join(near)}", err=True)
    rows = counted(made.row_count, "row", "rows")
    click.echo(f"{made.name}: {rows}, {len(made.faults)} left out; waits for an operator's approval, or 24 hours")


def _switch(name: str, config: Path | None, *, off: bool) -> None:
    with opened_database(settings_from(config)) as database, database.write() as connection:
        if not switch_table(connection, name, off=off):
            raise Stop("there is no such table; fix: `sms-gateway lookups list`")
        note(connection, Action.LOOKUP_CHANGED, "lookup", f"lookup switched_{'off' if off else 'on'} {name}")
    click.echo("switched off" if off else "switched on")


def _surroundings(settings: Settings, database: Database) -> Surroundings:
    live = LiveTables(database, settings, GRAMMARS, handlers_for(settings, HANDLERS), utc_now)
    live.renew()
    traits = traits_by_channel(settings, NETWORKS)
    service = service_facts(settings, database, traits, live(), keywords=live.keywords)
    return Surroundings(settings=settings, service=service, handlers=Handlers(live.handlers.every))


def _others(connection: Connection) -> list[StoredTable]:
    return list(answering(list_tables(connection), utc_now()))
