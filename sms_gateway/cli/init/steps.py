"""The steps of `init` after the questions: the settings file, the keys and tables, the administrator."""

from __future__ import annotations

import os
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from db.upkeep import revision
from sms_gateway.cli.command_context import Stop, is_unfinished, read_settings, revision_of, sqlite_file, told_plainly
from sms_gateway.cli.data.database.roles import (
    OWNER,
    as_role,
    grant_service,
    run_as,
    set_password,
    statements_for,
)
from sms_gateway.cli.data.database.upgrading import Wishes, bring_up
from sms_gateway.cli.init.administrator import add_administrator, administrators
from sms_gateway.cli.init.database_part import ROLES_AS
from sms_gateway.cli.init.owner import SECRET_MODE, SETTINGS_MODE
from sms_gateway.cli.init.places import KEYS, SETTINGS
from sms_gateway.cli.init.settings_file import HEAD, Sections, changed, written
from sms_gateway.cli.init.setup import Setup
from sms_gateway.process import keyfile
from sms_gateway.process.startup import lost_file
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.load import FILE_SUFFIX
from sms_gateway.settings.model import Settings

ADMINISTRATOR = "administrator"

_SECRETS = ("password", "secret", "path_secret")


def write_settings(setup: Setup, before: Sections) -> None:
    """Write secrets and settings file; lines of sections that did not change stay as they are. Raises Stop."""
    path = setup.config
    if not path.exists():
        text = f"{HEAD}\n{written(setup.sections)}"
    else:
        new = {name: one for name, one in setup.sections.items() if before.get(name) != one}
        gone = [name for name in before if name not in setup.sections]
        if not new and not gone:
            setup.store_secrets()  # of the same name as before
            return
        found = changed(path.read_text("utf-8"), new, gone)
        if found is None:
            names = ", ".join(f"[{name}]" for name in (*new, *gone))
            fix = "write each below a heading of its own, once, and run it again"
            raise Stop(f"{path} has {names} in a form that would have to be rewritten; fix: {fix}")
        text = found
        setup.owner.write(path.with_name(f"{path.name}.before"), path.read_text("utf-8"), SETTINGS_MODE)
    setup.owner.make_folder(path.absolute().parent, own=False)
    setup.store_secrets()
    setup.owner.write(_target(path), text, SETTINGS_MODE)
    click.echo(f"{path}: written", err=True)
    for file in sorted(_secret_files(before) - _secret_files(setup.sections)):
        click.echo(f"{file} is not used any more: delete it", err=True)


def _target(path: Path) -> Path:
    """Return the file that a symbolic link of this user or root names: the link stays. Raises Stop."""
    if path.is_symlink() and path.lstat().st_uid not in {0, os.geteuid()}:
        raise Stop(f"{path} is a symbolic link of another user; fix: replace it by the file")
    return path.resolve()


def _secret_files(sections: Sections) -> set[str]:
    return {
        str(value)
        for section in sections.values()
        for name, value in section.items()
        if name.removesuffix(FILE_SUFFIX) in _SECRETS and name.endswith(FILE_SUFFIX)
    }


def settings_of(setup: Setup) -> Settings:
    """Return the settings as the service will read them; raises Stop."""
    try:
        return read_settings(setup.config)
    except SettingsFaultyError as error:
        raise Stop(f"{setup.config} cannot be used:\n{error}") from error


def make_database(setup: Setup, settings: Settings, *, is_first: bool) -> None:
    """Make keys and tables where there are none; a database that is there stays as it is. Raises Stop.

    In the first run, or one that goes on with it, a key file without a database is one that this command made.
    """
    database, role = settings.database, setup.answers.get(ROLES_AS) or setup.asker.given.get(ROLES_AS)
    if sqlite_file(database) is not None:
        role = None  # the answer was about another database
    setup.owner.make_folder(database.key_file.absolute().parent, own=True)
    path = make_url(database.url).database
    if database.url.startswith("sqlite") and path is not None:
        setup.owner.make_folder(Path(path).absolute().parent, own=True)
    revision.load()
    acting = database
    if role:
        admin = as_role(database, role)
        run_as(admin, statements_for(database, OWNER))
        set_password(admin, make_url(database.url).username or "", database.password.get_secret_value())
        acting = as_role(database, role, acting=OWNER)
        click.echo(f"roles: {OWNER} owns the tables, {make_url(database.url).username} is the service's", err=True)
    with setup.owner.acting(), told_plainly(acting):
        found = revision_of(acting)
    made = found is None and setup.owner.changes and _make_keys(setup, database.key_file)
    with setup.owner.acting(), told_plainly(acting):
        if found is not None and (found != revision.HEAD or is_unfinished(acting)):
            raise Stop(f"the database has revision {found}, this version needs {revision.HEAD}; fix: `db upgrade`")
        if found == revision.HEAD:
            click.echo(f"database: revision {found}, as it was", err=True)
        else:
            file = sqlite_file(database)
            if file is not None and not (is_first or made) and database.key_file.exists():
                raise Stop(f"{lost_file(file)}; for a new, empty one run `sms-gateway db upgrade --new`")
            bring_up(acting, Wishes(new=is_first or made))
            click.echo("database: made", err=True)
    if role:
        grant_service(acting, database)


def _make_keys(setup: Setup, path: Path) -> bool:
    """Make the key file as root, also where the service's user may not write; return whether there was none.

    In a folder of the service's user it is that user's. In another one it stays root's, and the group may read it.
    """
    if not keyfile.make(path):
        return False
    owner, is_own = setup.owner, path.parent.stat().st_uid == setup.owner.user
    owner.give(path, SECRET_MODE if is_own else SETTINGS_MODE, own=is_own)
    click.echo(f"Made the key file {path}: keep a copy; without it the data is lost.", err=True)
    return True


def make_administrator(setup: Setup, settings: Settings, *, renew: bool) -> None:
    """Add an administrator where there is none, or another one when it is asked for. Raises Stop, BadParameter."""
    with setup.owner.acting():
        found = administrators(settings)
    if found and not renew:
        click.echo(f"administrator: {', '.join(found)}", err=True)
        return
    add_administrator(setup, settings)


def show(setup: Setup, settings: Settings) -> None:
    """Print what is shown once, and what to do next."""
    setup.show_once()
    user = f"runuser -u {setup.owner.name} -- " if setup.owner.changes else ""
    program = f"{user}sms-gateway {{}} --config {setup.config}"
    keys = settings.database.key_file
    is_of_units = (setup.config.absolute(), keys.absolute()) == (SETTINGS, KEYS)
    lines = [
        f"Copy {keys} to a safe place, apart from the backups: without it the data is lost.",
        f"Try everything:  {program.format('check')}",
        f"Start:  {'systemctl enable --now sms-gateway' if is_of_units else program.format('serve')}",
        f"Log in:  {_address(settings)}/admin",
    ]
    for name, channel in settings.channels.items():
        files = [str(file) for file in (channel.secret_file, channel.path_secret_file) if file is not None]
        proof = f", and what is in {', '.join(files)}" if files else ""
        lines.append(f"Give the aggregator this address:  {_address(settings)}/mo/{name}{proof}")
    if not settings.links and not settings.channels:
        lines.append(f"Nobody can text you yet:  sms-gateway init --config {setup.config} --renew carrier")
    if settings.web.hosts:
        place = settings.web.socket or f"127.0.0.1 port {settings.web.port}"
        lines.append(f"Put a TLS proxy before {place} (docs/operating.md, TLS).")
    if settings.conversation.enabled:
        lines.append("The conversation needs units and agents: docs/how-to/set-up-units.md")
    click.echo("\nNext:", err=True)
    for number, line in enumerate(lines, start=1):
        click.echo(f"  {number}. {line}", err=True)


def _address(settings: Settings) -> str:
    web = settings.web
    host = web.hosts[0] if web.hosts else f"127.0.0.1:{web.port}"
    return f"{'https' if web.secure_cookie else 'http'}://{host}{web.prefix}"
