"""The part of `init` about the database: an SQLite file, or a PostgreSQL and the roles in it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from db.upkeep.roles import is_role_name
from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.data.database.roles import OWNER, as_role
from sms_gateway.cli.init.settings_file import Sections
from sms_gateway.cli.init.setup import Part, Setup
from sms_gateway.cli.init.tries import place_fault, reach, reach_as_superuser
from sms_gateway.settings.model import DatabaseSettings

SQLITE = "sqlite:///"
ROLES_AS = "roles_as"
PASSWORD = "database-role"  # noqa: S105 - the name of a file; no link or channel has a hyphen in its name


def _ask(setup: Setup) -> Sections:
    section = setup.section("database")
    own = setup.state.absolute()
    while True:
        answer = setup.asker.ask(
            "database",
            "Database: a file for SQLite, or postgresql+psycopg://USER@HOST/NAME",
            default=str(section.get("url", f"{SQLITE}{own / 'gateway.db'}")),
            check=lambda typed: _wrong(setup, typed),
        )
        key_file = setup.asker.given.get("key_file", str(section.get("key_file", setup.keys or own / "keys")))
        section |= {"url": _url(answer), "key_file": str(Path(key_file).absolute())}
        _demand_place(setup, Path(str(section["key_file"])).parent)
        if _file(answer) is not None:
            return {"database": section}
        password = setup.asker.ask_secret("database_password_file", "Password of that role (empty: none is needed)")
        if password:
            section["password_file"] = setup.keep_secret(PASSWORD, password)
        superuser = setup.asker.ask(
            ROLES_AS,
            f"Superuser who makes that role, and {OWNER} for the tables, such as postgres (empty: they are there)",
            default="",
            check=_role_fault,
        )
        setup.answers[ROLES_AS] = superuser
        if not setup.tries or _is_reached(setup, str(section["url"]), password, superuser):
            return {"database": section}


def _is_reached(setup: Setup, url: str, password: str, superuser: str) -> bool:
    """Return whether the server answers, or a person goes on all the same; raises Stop where nobody is asked.

    Where a superuser makes the role, only that one can be tried.
    """
    database = DatabaseSettings.model_validate({"url": url, "password": password})
    try:
        if superuser:
            reach_as_superuser(as_role(database, superuser))
            return True
        with setup.owner.acting():
            reach(database)
    except Stop as error:
        if not setup.asker.asks:
            raise Stop(f"{error.message}; or say --no-try") from error
        click.echo(f"  {error.message}", err=True)
        return setup.asker.agrees("Keep this database all the same?", default=False)
    return True


def _wrong(setup: Setup, answer: str) -> str | None:
    path = _file(answer)
    if path is not None:
        return _place_fault(setup, path.absolute().parent)
    try:
        if make_url(answer).password is not None:
            return "holds a password; fix: leave it out, it is asked for and put into a file of its own"
    except ArgumentError:
        pass
    return setup.fault_of("database", "url", answer)


def _place_fault(setup: Setup, folder: Path) -> str | None:
    with setup.owner.acting() if folder.exists() else nullcontext():  # root makes one that is not there
        return place_fault(folder)


def _demand_place(setup: Setup, folder: Path) -> None:
    """Refuse a place of the key file in which none can be made; root makes it itself. Raises BadParameter."""
    wrong = place_fault(folder) if setup.owner.changes else _place_fault(setup, folder)
    if wrong is not None:
        raise click.BadParameter(wrong, param_hint="--key-file, --state")


def _role_fault(name: str) -> str | None:
    if not name or is_role_name(name):
        return None
    return "is no name of a role; fix: write letters, digits, _ and -"


def _file(answer: str) -> Path | None:
    """Return the path of an SQLite file, None for another address."""
    if answer.startswith(SQLITE):
        return Path(answer.removeprefix(SQLITE))
    return None if "://" in answer else Path(answer)


def _url(answer: str) -> str:
    path = _file(answer)
    return answer if path is None else f"{SQLITE}{path.absolute()}"


def _told(sections: Sections) -> str:
    return str(sections.get("database", {}).get("url", f"{SQLITE}var/gateway.db"))


DATABASE = Part(
    name="database",
    options=("database", "database_password_file", "key_file", ROLES_AS),
    ask=_ask,
    told=_told,
    owns=lambda heading: heading == "database",
)
