"""What commands share: the --config option, the settings, the database that they name, and how a command stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as WriterBusyError

from db.processes.webhook_deliveries import give_receivers
from db.store.engine import Database, SqliteTooOldError, open_database
from db.store.ids import IdSource
from db.store.sealing import Keyring, new_key
from db.upkeep import rekey, revision
from sms_gateway.back_office.citizen_notices import give_notices
from sms_gateway.channels.answers_only import request_cautions, request_faults
from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.remedies import MEMORY, fix_of, is_fixed_outside, told_of_system
from sms_gateway.clock import utc_now
from sms_gateway.log import describe, setup
from sms_gateway.process import keyfile
from sms_gateway.settings.checks.conflicts import cautions
from sms_gateway.settings.faults import Fault, SettingsFaultyError
from sms_gateway.settings.load import config_path, environment, load_settings
from sms_gateway.settings.model import DatabaseSettings, Settings

COMMAND_NODE = 1023
"""The node in ids that commands make, so that they never meet the service's, which stop below."""

LONGEST_REASON = 300
"""Characters of a server's own words."""

_NO_THREAD = "can't start new thread"  # as Python says it, without a type of its own

Answer = TypeVar("Answer")

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The settings.  [default: $SMS_GATEWAY_CONFIG, else gateway.toml if it is there, else none]",
)


class Stop(click.ClickException):
    """The command could not be done: exit 1. The text says why and the fix."""


class SettingsRefused(click.ClickException):
    """The settings are faulty: exit 2, with every fault and its fix, one a line."""

    exit_code = 2

    def show(self, file: IO[str] | None = None) -> None:
        """Print the faults."""
        click.echo(f"The settings cannot be used:\n{self.message}", file=file, err=file is None)


def settings_from(config: Path | None) -> Settings:
    """Read the settings, set the logs up, and warn of what is unwise; raises SettingsRefused."""
    try:
        settings = read_settings(config)
    except SettingsFaultyError as error:
        raise SettingsRefused(str(error)) from error
    setup(settings.log)  # from here on not even an uncaught exception prints what it holds
    for caution in every_caution(settings):
        click.echo(f"Caution: {caution}", err=True)
    return settings


def read_settings(config: Path | None) -> Settings:
    """Read the settings from the file that --config names, else from the usual place; raises SettingsFaultyError."""
    variables = environment()
    return load_settings(config or config_path(variables), variables, faults_of_channels)


def every_caution(settings: Settings) -> Sequence[Fault]:
    """Return what works and should still be fixed, of the channels' networks too."""
    return [*cautions(settings), *request_cautions(settings, NETWORKS)]


def faults_of_channels(settings: Settings) -> Iterator[Fault]:
    """Find what only the networks of the channels know."""
    yield from network_faults(settings, NETWORKS)
    yield from request_faults(settings, NETWORKS)


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """Open the database that the settings name, of the revision that this code needs.

    Raises Stop for everything that an operator can fix.
    """
    with told_plainly(settings.database):
        database = open_database(settings.database.address, keyfile.load(settings.database.key_file))
        try:
            revision.require_head(database)
            with database.read() as connection:
                rekey.demand_fit(connection)  # before anything is written that the right keys would not open
            give_receivers(database, settings.receivers)
            give_notices(settings, database, IdSource(node=COMMAND_NODE, now=utc_now).new)
            yield database
        finally:
            database.close()


@contextmanager
def told_plainly(database: DatabaseSettings) -> Iterator[None]:
    """Turn what an operator can fix into Stop, with the fix."""
    try:
        yield
    except (
        keyfile.KeyFileError,
        revision.WrongRevisionError,
        rekey.KeysDoNotFitError,
        SqliteTooOldError,
    ) as error:
        raise Stop(str(error)) from error
    except DBAPIError as error:
        raise Stop(f"{no_database(database, error)}; fix: {fix_of(error)}") from error
    except WriterBusyError as error:
        raise Stop(f"another part of this process holds {place_of(database)} for too long; fix: try again") from error
    except MemoryError as error:
        raise Stop(f"there is too little memory; fix: {MEMORY}") from error
    except RuntimeError as error:
        if str(error) != _NO_THREAD:
            raise
        raise Stop(f"a thread cannot be started; fix: {MEMORY}") from error
    except OSError as error:
        if not is_fixed_outside(error):
            raise
        raise Stop(told_of_system(error, "cannot be used")) from error


def make_directory(database: DatabaseSettings) -> None:
    """Make the directory of the SQLite file: SQLite makes the file alone. Readable by its owner only."""
    path = sqlite_file(database)
    if path is not None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Stop(told_of_system(error, "cannot be made")) from error


def sqlite_file(database: DatabaseSettings) -> Path | None:
    """Return the SQLite file, or None for another kind of database."""
    url = make_url(database.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def no_database(database: DatabaseSettings, error: DBAPIError) -> str:
    """Say that the database does not work: by codes, since the driver's words may quote data.

    Only what is said before the first statement is shown: the server's reason for refusing the connection.
    """
    cause = describe(error.orig).split(" at ")[0] if error.orig is not None else type(error).__name__
    if error.statement is None and error.orig is not None and sqlite_file(database) is None:
        cause = f"{cause}: {' '.join(str(error.orig).split())[:LONGEST_REASON]}"
    return f"the database {place_of(database)} cannot be used ({cause})"


def place_of(database: DatabaseSettings) -> str:
    """Return the database's address without its password."""
    return make_url(database.url).render_as_string(hide_password=True)


def revision_of(database: DatabaseSettings) -> str | None:
    """Return the database's revision, None when it is empty or not there; needs no keys and makes nothing.

    Raises DBAPIError.
    """
    return _asked(database, revision.current)


def is_unfinished(database: DatabaseSettings) -> bool:
    """Return whether an upgrade of the database was interrupted; as `revision_of` else."""
    return bool(_asked(database, revision.is_unfinished))


def _asked(database: DatabaseSettings, question: Callable[[Database], Answer]) -> Answer | None:
    path = sqlite_file(database)
    if path is not None and not path.exists():
        return None
    blind = open_database(database.address, Keyring(keys={1: new_key()}, mark_key=new_key()))  # opens no sealed value
    try:
        return question(blind)
    finally:
        blind.close()
