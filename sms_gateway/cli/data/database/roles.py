"""`sms-gateway db roles`: a role for the service that may not change tables, and one that owns them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import click
import psycopg
from psycopg.errors import RaiseException
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from db.store.engine import open_database
from db.store.postgresql import with_own_path
from db.store.sealing import Keyring, new_key
from db.upkeep import roles as statements
from sms_gateway.cli.command_context import Stop, config_option, settings_from, told_plainly
from sms_gateway.cli.manual import Manual
from sms_gateway.settings.model import DatabaseSettings

OWNER = "gateway_owner"

_NOT_ALLOWED = "42501"  # insufficient_privilege


@click.command(cls=Manual)
@click.option("--owner", default=OWNER, show_default=True, metavar="ROLE", help="The role that owns the tables.")
@click.option("--run", is_flag=True, help="Run the statements, in place of printing them.")
@click.option("--as", "role", metavar="ROLE", help="With --run: who runs them; a superuser, such as postgres.")
@config_option
def roles(owner: str, role: str | None, config: Path | None, *, run: bool) -> None:
    """Separate the role of the service from the role that owns the tables, on PostgreSQL.

    The role of database.url stays the service's. It may read and write rows. It may not change tables, drop the
    trigger that keeps the audit log, or change or delete its entries. Another role owns the tables, and upgrades
    them: `db upgrade --as ROLE`. The statements are printed for psql, or run by a superuser with --run. Both roles
    are made where they are missing, without a password: psql sets one, unless they log in by peer.
    Nothing is changed while the service's role owns anything but the tables, or may make roles.
    Safe to repeat. Repeat it after a restore.

    Example:
      sms-gateway db roles | runuser -u postgres -- psql gateway
      sms-gateway db roles --run --as postgres

    Exit codes:
      0  printed, or run
      1  the database cannot be used, or the role may not run them
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    wanted = statements_for(settings, owner)
    if not run:
        for statement in ("BEGIN", *wanted, "COMMIT"):
            click.echo(f"{statement};")
        return
    run_as(settings if role is None else as_role(settings, role), wanted)
    click.echo(f"{make_url(settings.url).username} is the service's role, {owner} owns the tables", err=True)


def statements_for(settings: DatabaseSettings, owner: str) -> list[str]:
    """Return the statements for the database and the role of the settings; raises BadParameter, Stop."""
    url = make_url(settings.url)
    if url.get_backend_name() != "postgresql":
        raise Stop("an SQLite file has no roles: its file mode says who may write; fix: nothing, or use PostgreSQL")
    service = url.username or ""
    for name in (owner, service):
        if not statements.is_role_name(name):
            raise click.BadParameter("a role's name has letters, digits, _ and -", param_hint="--owner, database.url")
    if owner == service:
        raise click.BadParameter("it is the role of database.url, which must be another one", param_hint="--owner")
    return list(statements.separating(url.database or service, owner=owner, service=service))


def run_as(settings: DatabaseSettings, wanted: list[str]) -> None:
    """Run statements in one transaction, as the role of these settings, a superuser; raises Stop."""
    _run_as(_with_own_path(settings), wanted)


def _run_as(settings: DatabaseSettings, wanted: list[str]) -> None:
    blind = open_database(settings.address, Keyring(keys={1: new_key()}, mark_key=new_key()))  # opens no sealed value
    with told_plainly(settings), closing(blind) as database:
        try:
            with database.write() as connection:
                statements.run(connection, wanted)
        except DBAPIError as error:
            if isinstance(error.orig, RaiseException):
                raise Stop(error.orig.diag.message_primary or "") from error
            if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
                raise
            name = make_url(settings.url).username
            fix = "name a superuser with --as, or print the statements and run them by psql as one"
            raise Stop(f"the role {name} may not do this; fix: {fix}") from error


def set_password(admin: DatabaseSettings, role: str, password: str) -> None:
    """Give a role its password: what the server gets and may log is the verifier of SCRAM. Raises Stop.

    Without a password nothing is changed.
    """
    if not password:
        return
    admin = _with_own_path(admin)
    blind = open_database(admin.address, Keyring(keys={1: new_key()}, mark_key=new_key()))  # opens no sealed value
    with told_plainly(admin), closing(blind) as database, database.write() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("PostgreSQL is reached by psycopg")
        verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        statements.run(connection, [statements.giving_verifier(role, verifier)])


def grant_service(owner: DatabaseSettings, service: DatabaseSettings) -> None:
    """Let the service's role read and write what an upgrade by another role made; raises Stop."""
    name = make_url(service.url).username or ""
    if statements.is_role_name(name) and name != make_url(owner.url).username:
        _run_as(owner, list(statements.granting(name)))


def _with_own_path(settings: DatabaseSettings) -> DatabaseSettings:
    address = with_own_path(make_url(settings.url)).render_as_string(hide_password=False)
    return settings.model_copy(update={"url": address})


def as_role(settings: DatabaseSettings, role: str, *, acting: str | None = None) -> DatabaseSettings:
    """Return the settings of the same database for another role, whose password libpq finds; raises BadParameter.

    With `acting` the role logs in and then acts as that one, as a superuser may.
    """
    url = make_url(settings.url)
    if url.get_backend_name() != "postgresql":
        raise click.BadParameter("an SQLite file has no roles", param_hint="--as")
    url = url.set(username=role)
    if acting is not None:
        url = url.update_query_dict({"options": f"-c role={quote(acting, safe='')}"})
    address = url.render_as_string(hide_password=False)
    return settings.model_copy(update={"url": address, "password": SecretStr("")})
