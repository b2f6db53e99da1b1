"""`sms-gateway service`: switch a service of citizens off for now, and on again, when the pages are away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from db.staff import audit
from db.staff.operators import COMMAND_LINE
from db.staff.service_switches import list_switched_off, switch_off, switch_on
from db.store.engine import Database
from handlers.commands import HANDLERS
from handlers.wording.plain import plain
from parsers.commands.tables import PREFIX
from parsers.grammars import GRAMMARS
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.pipeline.dispatch.switched_off import switches_of, wrong_with
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import vocabulary_for
from sms_gateway.wiring.conversation_parts import handlers_for, live_tables


@click.group(cls=ManualGroup)
def service() -> None:
    """Switch services of citizens off for now, and on again.

    Texts to a service that is off are stored, and get a sentence once an hour. A running gateway sees the switch within
    five seconds. SERVICE is a keyword (dvc) or a name (look_up_dossier).

    Example:
      sms-gateway service off dvc --sentence "Tra cuu ho so dang bao tri den 20 gio. Xin goi 1022."
      sms-gateway service on dvc

    Exit codes:
      0  done
      1  there is no such service, or the database cannot be used
      2  the command line or the settings are wrong
    """


@service.command()
@click.argument("name", metavar="SERVICE")
@click.option("--sentence", default="", help="What citizens get meanwhile.  [default: the sentence of the wording]")
@config_option
def off(name: str, sentence: str, config: Path | None) -> None:
    """Switch SERVICE off at once.

    Example:
      sms-gateway service off tk

    Exit codes:
      0  it is off
      1  there is no such service, or the database cannot be used
      2  the sentence cannot be sent, or the settings are wrong
    """
    sent = plain(sentence)
    wrong = wrong_with(sentence) if sentence else None
    if wrong is not None:
        raise click.BadParameter(str(wrong), param_hint="--sentence")
    with _found(name, config) as (database, switch), database.write() as connection:
        changed = switch_off(connection, switch, operator=COMMAND_LINE, now=utc_now(), sentence=sent)
        if changed:
            note(connection, audit.Action.SERVICE_SWITCHED, f"service:{switch}", f"off: {sent}" if sent else "off")
    click.echo(f"{switch} is off" if changed else f"{switch} was off already, with its sentence of then")


@service.command()
@click.argument("name", metavar="SERVICE")
@config_option
def on(name: str, config: Path | None) -> None:
    """Switch SERVICE on again.

    Example:
      sms-gateway service on tk

    Exit codes:
      0  it is on
      1  there is no such service, or the database cannot be used
      2  the command line or the settings are wrong
    """
    with _found(name, config, also_unused=True) as (database, switch), database.write() as connection:
        if switch_on(connection, switch):
            note(connection, audit.Action.SERVICE_SWITCHED, f"service:{switch}", "on")
    click.echo(f"{switch} is on")


@service.command("list")
@config_option
def list_services(config: Path | None) -> None:
    """Print the services that are on by the settings: name, keyword, on or off, since when, by whom, the sentence.

    A table that is off and was taken out of use is printed too, without a keyword.

    Example:
      sms-gateway service list

    Exit codes:
      0  done
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    with opened_database(settings) as database:
        with database.read() as connection:
            switched = list_switched_off(connection)
        for name, keyword in {**dict.fromkeys(switched, ""), **_switches(settings, database)}.items():
            one = switched.get(name)
            state = ["on"]
            if one is not None:
                state = ["off", f"{one.at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}", one.operator, one.sentence]
            click.echo("\t".join([name, keyword, *state]).rstrip())


@contextmanager
def _found(name: str, config: Path | None, *, also_unused: bool = False) -> Iterator[tuple[Database, str]]:
    """Open the database and find a service by its keyword or its name; `also_unused`: or a table that is off."""
    settings = settings_from(config)
    with opened_database(settings) as database:
        switches = _switches(settings, database)
        if also_unused:
            with database.read() as connection:
                switches = {**dict.fromkeys(list_switched_off(connection), ""), **switches}
        wanted = name.casefold()
        named = {switch for switch, keyword in switches.items() if wanted in _names(switch, keyword)}
        if len(named) != 1:
            known = ", ".join(f"{keyword.lower()} ({switch})".lstrip() for switch, keyword in switches.items())
            raise Stop(f"there is no service {name} that is on by the settings; fix: give one of {known}")
        yield database, named.pop()


def _names(switch: str, keyword: str) -> set[str]:
    return {switch, switch.removeprefix(PREFIX), keyword.casefold() or switch}


def _switches(settings: Settings, database: Database) -> Mapping[str, str]:
    handlers, vocabulary = handlers_for(settings, HANDLERS), vocabulary_for(settings)
    tables = live_tables(settings, database, GRAMMARS, handlers, utc_now)
    if tables is not None:
        handlers, vocabulary = tables.handlers, tables()
    keywords = {one.service: vocabulary.taught[one.name] for one in vocabulary.grammars if one.default_keywords}
    return switches_of(handlers, keywords, converses=settings.conversation.enabled)
