"""The command `sms-gateway init`: the parts in order, what is there already, and a draft while it asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.init.asking import Asker, text_fault
from sms_gateway.cli.init.channel_parts import AGGREGATOR, CARRIER
from sms_gateway.cli.init.database_part import DATABASE, ROLES_AS
from sms_gateway.cli.init.owner import SECRET_MODE, owner_of
from sms_gateway.cli.init.places import INSTALLED, Places, as_units_expect
from sms_gateway.cli.init.service_parts import PAGES, SERVICE, SERVICES
from sms_gateway.cli.init.settings_file import Sections, read_sections, written
from sms_gateway.cli.init.setup import Part, Setup
from sms_gateway.cli.init.steps import (
    ADMINISTRATOR,
    make_administrator,
    make_database,
    settings_of,
    show,
    write_settings,
)
from sms_gateway.cli.init.tries import place_fault
from sms_gateway.cli.manual import Manual
from sms_gateway.log import setup as setup_log
from sms_gateway.settings.load import config_path, environment
from sms_gateway.settings.model import LogSettings

PARTS: Sequence[Part] = (SERVICE, DATABASE, CARRIER, PAGES, AGGREGATOR, SERVICES)
"""In the order of the questions: an aggregator may need the address of the pages, and its answers the carrier."""

DEFAULT, STATE = Path("gateway.toml"), Path("var")

_DONE = "init"
"""A section of the draft alone: the parts that were answered before `init` was interrupted."""

_FILE_HELP = "File whose first line it is; - for standard input."


@click.command("init", cls=Manual)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The settings file to make; secrets go into the folder secrets beside it.  "
    "[default: $SMS_GATEWAY_CONFIG, else gateway.toml]",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIRECTORY",
    help="Where the key file is, and an SQLite file.  [default: var]",
)
@click.option("--owner", metavar="USER", help="For root: the user that the service runs as, who gets the files.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the options below, and else the defaults.")
@click.option("--no-try", is_flag=True, help="Try no name, no bind and no database: for a machine that is offline.")
@click.option(
    "--renew",
    type=click.Choice([*(part.name for part in PARTS), ADMINISTRATOR]),
    multiple=True,
    help="Ask for a part anew that is there already; give it again for each. administrator: add another one.",
)
@click.option("--short-code", metavar="NUMBER", help="Short codes, with commas.")
@click.option("--hotline", metavar="NUMBER", help="Telephone number for citizens who need a person.")
@click.option("--price", metavar="WORDS", help="What a text costs its sender, as HD GIA says it: 1500 dong/tin.")
@click.option("--language", help="Language of the answers: vi or en.")
@click.option("--database", metavar="PATH|URL", help="A file for SQLite, or postgresql+psycopg://USER@HOST/NAME.")
@click.option("--database-password-file", metavar="FILE", help=_FILE_HELP)
@click.option("--key-file", metavar="FILE", help="Where the key file is.  [default: the file keys in --state]")
@click.option("--roles-as", metavar="ROLE", help="PostgreSQL: a superuser who separates the roles (see `db roles`).")
@click.option("--carrier", metavar="NAME", help="Name of the carrier's SMPP link; none: no carrier.")
@click.option("--smpp-host", metavar="HOST", help="Host of its SMSC.")
@click.option("--smpp-port", metavar="PORT", help="Its port.")
@click.option("--system-id", metavar="NAME", help="Our name at the carrier.")
@click.option("--smpp-password-file", metavar="FILE", help=_FILE_HELP)
@click.option("--network", metavar="NETWORK", help="Network of an aggregator; none: no aggregator.")
@click.option("--aggregator", metavar="NAME", help="Name of its channel.")
@click.option("--aggregator-secret-file", metavar="FILE", help=_FILE_HELP)
@click.option("--aggregator-password-file", metavar="FILE", help=_FILE_HELP)
@click.option("--set", "extra", metavar="NAME=VALUE", multiple=True, help="A setting or option that a network needs.")
@click.option("--address", metavar="URL", help="Address of the pages; empty: on this machine only.")
@click.option("--port", metavar="PORT", help="Port on this machine.")
@click.option("--services", metavar="NAME,…", help="Services that are on.")
@click.option("--administrator", metavar="NAME", help="Name of the first administrator.")
@click.option("--administrator-password-file", metavar="FILE", help=_FILE_HELP)
def init(
    config: Path | None,
    state: Path | None,
    owner: str | None,
    renew: tuple[str, ...],
    extra: tuple[str, ...],
    *,
    yes: bool,
    no_try: bool,
    **answers: Any,
) -> None:
    r"""Make a service that can start: settings, secrets, keys, database, the first administrator.

    Asks for each part, or takes it from the options, and tries every answer at once: names are resolved, the carrier
    is bound, the database is reached. Then it writes gateway.toml (mode 0640) and a file for each secret (0600),
    makes key file and tables, and adds an administrator with a second factor. What opens the log-in is printed once,
    on standard output; all else goes to standard error. At the end it says what to do next.

    Run it again at any time: it shows what is there and changes nothing that you do not ask for. With --renew it asks
    for one part anew, and lines of other sections stay as they are. Interrupted, it goes on with the part where it
    was; no file is ever half-written. No secret is an argument: name a file, or type it.

    For root, where /etc/sms-gateway is there and no other settings file is named, the defaults are what the units of
    the package expect: the options of the third example.

    Example:
      sms-gateway init
      sms-gateway init --yes --smpp-host smsc.example --system-id city --smpp-password-file pw.txt
      sms-gateway init --config /etc/sms-gateway/gateway.toml --state /var/lib/sms-gateway \
          --key-file /etc/sms-gateway/keys --owner sms-gateway
      sms-gateway init --renew carrier

    Exit codes:
      0  done, or everything is there already
      1  something cannot be made or reached; the reason is on standard error
      2  an answer is wrong; nothing of its part was written
    """
    setup_log(LogSettings(level="error"))
    keys = Path(answers["key_file"]) if answers["key_file"] else None
    told = Places(config=config or config_path(environment()), state=state, keys=keys, owner=owner)
    places = as_units_expect(told) or told
    if places != told:
        click.echo(f"{INSTALLED} is there, so the places are those of the units: {_said(places)}", err=True)
    config = places.config or DEFAULT
    for option, place in {"config": config, "state": places.state, "key-file": places.keys}.items():
        if place is not None and (wrong := text_fault(str(place))) is not None:
            raise click.BadParameter(wrong, param_hint=f"--{option}")
    wrong = place_fault(config.absolute().parent)
    if wrong is not None:
        raise click.BadParameter(wrong, param_hint="--config")
    before = read_sections(config)
    given = {name: value for name, value in answers.items() if value is not None}
    draft = config.with_name(f".{config.name}.draft")
    drafted = _drafted(draft)
    sections, done = (before, frozenset(part.name for part in PARTS)) if config.exists() else drafted[:2]
    run = Setup(
        config=config,
        state=places.state or STATE,
        keys=places.keys,
        owner=owner_of(places.owner),
        asker=Asker(given=given, asks=not yes),
        tries=not no_try,
        sections=dict(sections),
        extra=dict(_pair(one) for one in extra),
        answers=drafted[2],
    )
    try:
        for part in PARTS:
            is_given = not config.exists() and any(option in given for option in part.options)  # after an interruption
            _take(run, part, is_there=part.name in done, renew=is_given or part.name in renew)
            if not config.exists():
                done |= {part.name}
                _keep_draft(run, draft, done)
    except click.Abort:
        if draft.exists():
            click.echo("\nThe parts that were answered are kept: run it again to go on.", err=True)
        raise
    is_first = draft.exists()
    write_settings(run, before)
    settings = settings_of(run)
    make_database(run, settings, is_first=is_first)
    draft.unlink(missing_ok=True)
    make_administrator(run, settings, renew=ADMINISTRATOR in renew)
    show(run, settings)


def _said(places: Places) -> str:
    return f"--config {places.config} --state {places.state} --key-file {places.keys} --owner {places.owner}"


def _take(run: Setup, part: Part, *, is_there: bool, renew: bool) -> None:
    """Ask for a part that is not there, or that is asked for anew; else show it. Raises Stop, BadParameter."""
    if is_there and not renew:
        click.echo(f"{part.name}: {part.told(run.sections)}", err=True)
        if not run.asker.asks or not run.asker.agrees(f"Change {part.name}?", default=False):
            left = [name for name in part.options if name in run.asker.given and name != ROLES_AS]  # it is used later
            unused = [f"--{name.replace('_', '-')}" for name in left]
            if unused:
                click.echo(f"Caution: {', '.join(unused)} changed nothing; fix: add --renew {part.name}", err=True)
            return
    answered = part.ask(run)
    faults = run.faults_of({name: one for name, one in run.sections.items() if not part.owns(name)} | answered)
    if faults:
        raise Stop("\n".join(faults))
    for heading in [one for one in run.sections if part.owns(one) and one not in answered]:
        del run.sections[heading]
    run.sections.update(answered)


def _drafted(draft: Path) -> tuple[Sections, frozenset[str], dict[str, str]]:
    """Return what was answered before `init` was interrupted, the names of those parts, and answers for later steps.

    Raises Stop.
    """
    sections = read_sections(draft)
    own = sections.pop(_DONE, {})
    parts = own.pop("parts", [])
    if not isinstance(parts, list):
        parts = []
    answers = {option: str(answer) for option, answer in own.items()}
    told = [f"--{option.replace('_', '-')} {answer}" for option, answer in answers.items() if answer]
    if parts:
        click.echo(f"Going on: {', '.join([*parts, *told])} were answered before.", err=True)
    return sections, frozenset(parts), answers


def _keep_draft(run: Setup, draft: Path, done: Collection[str]) -> None:
    run.owner.make_folder(draft.absolute().parent, own=False)
    run.store_secrets()
    kept: Sections = {_DONE: {"parts": [part.name for part in PARTS if part.name in done], **run.answers}}
    run.owner.write(draft, written(kept | run.sections), SECRET_MODE)


def _pair(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise click.BadParameter("write NAME=VALUE", param_hint="--set")
    return name.strip(), value.strip()
