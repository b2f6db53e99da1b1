"""`sms-gateway check`: a verdict on settings, key file, database and links, before the service runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from db.citizens.dossier_secrets import count_closed
from db.reports.message_log import read_log_page
from db.reports.message_log_filter import LogFilter
from db.store.engine import SqliteTooOldError, open_database
from db.store.postgresql import is_pooled
from db.store.sealing import Keyring, SealBrokenError
from db.upkeep import rekey, revision
from db.upkeep.integrity import count_faults
from sms_gateway.channels.http.network_reference import reference_of
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.command_context import (
    config_option,
    every_caution,
    no_database,
    read_settings,
    revision_of,
    sqlite_file,
)
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.remedies import fix_of
from sms_gateway.cli.service.check_alarms import alarm_verdicts
from sms_gateway.cli.service.check_channels import channel_verdicts
from sms_gateway.cli.service.check_conversation import conversation_verdicts
from sms_gateway.cli.service.check_database import database_verdicts
from sms_gateway.cli.service.check_tables import table_verdicts
from sms_gateway.cli.service.check_tokens import token_verdicts
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.process import keyfile
from sms_gateway.process.startup import lost_file
from sms_gateway.settings.explain import explain as explain_settings
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.model import DatabaseSettings, LookUpSecret, Settings

ANYBODY_WRITES = 0o222
"""The bits of a file's mode with which its owner, its group or others may write it."""

_SETTINGS = "settings"


@click.command(cls=Manual)
@config_option
@click.option(
    "--explain",
    is_flag=False,
    flag_value=_SETTINGS,
    metavar="[NETWORK]",
    help="Print every setting with its default and its variable, or what a network of aggregators does, and stop.",
)
@click.option("--no-bind", is_flag=True, help="Leave the links, the providers and the ways of alarms out.")
@click.option("--deep", is_flag=True, help="Read the whole SQLite file and look for damage; takes minutes when large.")
@click.pass_context
def check(context: click.Context, config: Path | None, *, explain: str | None, no_bind: bool, deep: bool) -> None:
    """Try settings, key file, database and links, and say of each whether it works.

    Each line begins with OK, FAULT, CAUTION or LEFT OUT, and every fault says its fix. Each link is bound once
    and unbound again; texts that a carrier sends meanwhile are refused for now and come again. A carrier that
    allows one bind at a time may end the one of a running service: leave the links out then. Each provider to
    which answers are sent by HTTP is connected to, and no answer is sent. So are the mail server and the
    receivers of alarms, and no notice is sent. Nothing is changed.

    Example:
      sms-gateway check --config gateway.toml
      sms-gateway check --no-bind
      sms-gateway check --no-bind --deep
      sms-gateway check --explain > docs/settings.md
      sms-gateway check --explain plain

    Exit codes:
      0  no fault
      1  a fault, in the settings or anywhere else
      2  the command line is wrong
    """
    if explain is not None:
        click.echo(_explained(explain), nl=False)
        return
    faulty = False
    for verdict in verdicts(config, bind=not no_bind, deep=deep):
        click.echo(str(verdict))
        faulty |= verdict.mark is Mark.FAULT
    context.exit(int(faulty))


def _explained(what: str) -> str:
    if what == _SETTINGS:
        return explain_settings()
    network = NETWORKS.get(what)
    if network is None:
        raise click.BadParameter(f"there is no such network; name one of {', '.join(NETWORKS)}", param_hint="--explain")
    return reference_of(network)


def verdicts(config: Path | None, *, bind: bool, deep: bool = False) -> Iterator[Verdict]:
    """Try everything in the order in which it must work; each verdict comes as soon as it is known."""
    try:
        settings = read_settings(config)
    except SettingsFaultyError as error:
        yield from (Verdict(mark=Mark.FAULT, subject="settings", text=str(fault)) for fault in error.faults)
        return
    yield from (
        Verdict(mark=Mark.CAUTION, subject="settings", text=str(caution)) for caution in every_caution(settings)
    )
    yield _ways_in(settings)
    keyring = _keyring(settings.database)
    yield keyring if isinstance(keyring, Verdict) else Verdict(mark=Mark.OK, subject="key file", text="can be used")
    database = _database(settings.database, None if isinstance(keyring, Verdict) else keyring)
    yield database
    if database.mark is Mark.OK and isinstance(keyring, Keyring):
        yield from database_verdicts(settings.database, keyring)
    if deep and not isinstance(keyring, Verdict):
        yield _whole(settings.database, keyring)
        if database.mark is Mark.OK:
            yield _key_use(settings.database, keyring)
    if database.mark is Mark.OK and settings.service.look_up_secret is LookUpSecret.REQUIRED:
        yield _dossiers(settings.database, keyring)
    if database.mark is Mark.OK and settings.conversation.enabled and not isinstance(keyring, Verdict):
        yield from conversation_verdicts(settings, keyring)
    if database.mark is Mark.OK and settings.lookups.enabled and not isinstance(keyring, Verdict):
        yield from table_verdicts(settings, keyring)
    if database.mark is Mark.OK and not isinstance(keyring, Verdict):
        yield from token_verdicts(settings, keyring, ask=bind)
    can_read = database.mark is Mark.OK and not isinstance(keyring, Verdict)
    yield from alarm_verdicts(settings, keyring if can_read and isinstance(keyring, Keyring) else None, connect=bind)
    yield from channel_verdicts(settings, bind=bind)


def _ways_in(settings: Settings) -> Verdict:
    counts = f"links: {len(settings.links)}, channels: {len(settings.channels)}"
    if settings.links or settings.channels:
        return Verdict(mark=Mark.OK, subject="settings", text=counts)
    fix = "add a [links.NAME] for a carrier, or a [channels.NAME] for an aggregator"
    return Verdict(mark=Mark.CAUTION, subject="settings", text=f"{counts}, so nobody can text you; fix: {fix}")


def _keyring(database: DatabaseSettings) -> Keyring | Verdict:
    try:
        return keyfile.load(database.key_file)
    except keyfile.KeyFileError as error:
        return Verdict(mark=Mark.FAULT, subject="key file", text=str(error))


def _database(settings: DatabaseSettings, keyring: Keyring | None) -> Verdict:
    def fault(text: str) -> Verdict:
        return Verdict(mark=Mark.FAULT, subject="database", text=text)

    path = sqlite_file(settings)
    if path is not None and (locked := _not_writable(path)) is not None:
        return fault(
            f"{locked} cannot be written by this user (mode {locked.stat().st_mode & 0o777:04o}); "
            f"fix: make the service's user its owner (chown), and give it mode {_own_mode(locked):04o} (chmod)"
        )
    if path is not None and not path.exists():  # opening it would make it
        if keyring is not None:
            return fault(f"{lost_file(path)}; for a new, empty one run `sms-gateway db upgrade --new`")
        return fault(f"{path} is not there; fix: run `sms-gateway db upgrade`, or put its copy back")
    try:
        if keyring is None:
            text = f"revision {revision_of(settings) or 'none'}; not read without its key file"
            return Verdict(mark=Mark.LEFT_OUT, subject="database", text=text)
        return Verdict(mark=Mark.OK, subject="database", text=_read(settings, keyring))
    except (revision.WrongRevisionError, SqliteTooOldError) as error:
        return fault(str(error))
    except SealBrokenError:
        return fault("the key file does not open what is stored; fix: put back the key file of this database")
    except DBAPIError as error:
        return fault(f"{no_database(settings, error)}; fix: {fix_of(error)}")


def _not_writable(path: Path) -> Path | None:
    """Return what SQLite must write and cannot: its file, a file beside it, or their folder.

    Root may write everything. So a mode that lets nobody write is a fault for root too: the service is another user.
    On a disk that is mounted read-only no mode helps; the read that follows says what does.
    """
    if not path.exists() or os.statvfs(path).f_flag & os.ST_RDONLY:
        return None
    needed = [path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm")), path.parent]
    there = (one for one in needed if one.exists())
    return next((one for one in there if not os.access(one, os.W_OK) or not one.stat().st_mode & ANYBODY_WRITES), None)


def _own_mode(path: Path) -> int:
    """Return the mode with which the owner can use a file or a folder."""
    return 0o700 if path.is_dir() else 0o600


def _read(settings: DatabaseSettings, keyring: Keyring) -> str:
    """Read the revision and the newest text, which shows whether the keys fit."""
    database = open_database(settings.address, keyring)
    try:
        revision.require_head(database)
        with database.read() as connection:
            page = read_log_page(connection, LogFilter(), size=1)
            pooled = not database.is_sqlite and is_pooled(connection)
    finally:
        database.close()
    told = f"revision {revision.HEAD}, " + ("its keys fit" if page.entries else "no text yet")
    return f"{told}; behind a pooler, so nothing is prepared on the server (docs/scaling.md)" if pooled else told


def _whole(settings: DatabaseSettings, keyring: Keyring) -> Verdict:
    """Read all of an SQLite file; PostgreSQL has programs of its own for that."""
    path = sqlite_file(settings)
    if path is None:
        text = "PostgreSQL looks itself; run: pg_amcheck, and see data_checksums"
        return Verdict(mark=Mark.LEFT_OUT, subject="integrity", text=text)
    if not path.exists():
        return Verdict(mark=Mark.LEFT_OUT, subject="integrity", text=f"{path} is not there")
    fix = "stop the service and put the last good copy in its place"
    try:
        database = open_database(settings.address, keyring)
        try:
            with database.read() as connection:
                faults = count_faults(connection)
        finally:
            database.close()
    except DBAPIError as error:
        text = f"{path} cannot be read through ({type(error).__name__}); fix: {fix}"
        return Verdict(mark=Mark.FAULT, subject="integrity", text=text)
    if faults:
        return Verdict(mark=Mark.FAULT, subject="integrity", text=f"{path} is damaged in {faults} places; fix: {fix}")
    return Verdict(mark=Mark.OK, subject="integrity", text="every page, index and reference is sound")


def _key_use(settings: DatabaseSettings, keyring: Keyring) -> Verdict:
    """Count what the current key sealed; reads every table."""
    with closing(open_database(settings.address, keyring)) as database, database.read() as connection:
        sealed = rekey.count_by_key(connection).get(keyring.current, 0)
    text = f"number {keyring.current} seals {sealed} stored values"
    if sealed < rekey.ROTATE_FROM:
        return Verdict(mark=Mark.OK, subject="key", text=text)
    text += f", and may seal {rekey.MOST_VALUES} with the deleted ones; fix: `sms-gateway keys rotate`"
    return Verdict(mark=Mark.CAUTION, subject="key", text=text)


def _dossiers(settings: DatabaseSettings, keyring: Keyring | Verdict) -> Verdict:
    """Count the dossiers that nobody can ask for. The database could be read a moment ago."""
    if isinstance(keyring, Verdict):
        return keyring
    with closing(open_database(settings.address, keyring)) as database, database.read() as connection:
        closed = count_closed(connection)
    if not closed:
        return Verdict(mark=Mark.OK, subject="dossiers", text="each has a secret")
    lacking = counted(closed, "dossier has", "dossiers have")
    text = f"{lacking} no secret, so no text shows the state; fix: import them with one"
    return Verdict(mark=Mark.CAUTION, subject="dossiers", text=text)
