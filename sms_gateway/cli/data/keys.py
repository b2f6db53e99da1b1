"""`sms-gateway keys`: the keys that encrypt personal data."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import click

from db.staff.audit import Action
from db.store.engine import Database
from db.upkeep import rekey
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from, told_plainly
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.process import keyfile
from sms_gateway.settings.model import Settings

ROUNDS = 5
"""How often the tables are gone through: a running service may seal with the old key until it has seen the new one."""

PAUSE_SECONDS = 0.02
"""Between two steps: SQLite has one writer, and the service must find the file free when it asks."""

CREDENTIALS = Path("/run/credentials/sms-gateway.service")
"""Is there while our unit runs with its keys as a credential: a copy, which a change of the key file does not reach."""

_SPREAD = "Copy it to every other machine of the service, and restart a service whose unit has a copy (LoadCredential)"


@click.group(cls=ManualGroup)
def keys() -> None:
    """Manage the keys that encrypt personal data.

    Example:
      sms-gateway keys rotate
      sms-gateway keys list

    Exit codes:
      0  done
      1  the key file or the database cannot be used
      2  the command line or the settings are wrong
    """


@keys.command("make")
@click.argument("file", type=click.Path(path_type=Path))
def make_keys(file: Path) -> None:
    """Write new keys into FILE, for a new, empty database. No file that is there is replaced.

    `sms-gateway db upgrade` does this too, where the service's user may write into the folder. The file has mode 0600.

    Example:
      sms-gateway keys make /etc/sms-gateway/keys

    Exit codes:
      0  FILE is there
      1  FILE was there before, or cannot be made
      2  the command line is wrong
    """
    try:
        is_new = keyfile.make(file)
    except keyfile.KeyFileError as error:
        raise Stop(str(error)) from error
    if not is_new:
        raise Stop(f"{file} is there already; fix: name another file, or keep this one")
    click.echo(f"Made the key file {file}: keep a copy; without it the data is lost.", err=True)


@keys.command("list")
@config_option
def list_keys(config: Path | None) -> None:
    """Print how many values each key encrypts.

    Example:
      sms-gateway keys list

    Exit codes:
      0  done
      1  the key file or the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database:
        with database.read() as connection:
            counts = rekey.count_by_key(connection)
        for number in sorted({*counts, database.keyring.current}):
            now = ", seals now" if number == database.keyring.current else ""
            click.echo(f"key {number}: {counted(counts.get(number, 0), 'value', 'values')}{now}")
            if now and counts.get(number, 0) >= rekey.ROTATE_FROM:
                click.echo(
                    f"Caution: key {number} may seal {rekey.MOST_VALUES} values, deleted ones too, and half of them "
                    "are stored; fix: `sms-gateway keys rotate`",
                    err=True,
                )


@keys.command()
@click.option(
    "--in-steps", is_flag=True, help="On SQLite: in the steps of PostgreSQL, for a service with a copy of the file."
)
@config_option
def rotate(config: Path | None, *, in_steps: bool) -> None:
    """Make a new key and seal everything with it, while the service runs.

    The new key is put into the key file first; a running service sees it within a second and seals with it from then
    on. Then every row is sealed anew, in small steps. The old key stays in the file, since backups need it: take it
    out with `keys drop` when the last backup from before is gone. Stopped halfway, run it again with `keys reseal`.
    On PostgreSQL, where several machines may have the file, it goes in steps, so that no machine meets a value that it
    cannot open: the first run makes a key that opens and does not seal yet, the second lets it seal. Copy the file to
    every machine after each, then run `keys reseal`. Keep a copy of the changed file.
    Where systemd gives the service a copy of the file (LoadCredential=), it goes in the same steps with --in-steps:
    restart the service after each.

    Example:
      sms-gateway keys rotate --config gateway.toml
      sms-gateway keys rotate --in-steps

    Exit codes:
      0  everything is sealed with the new key
      1  the key file or the database cannot be used; what is not sealed anew still opens
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    with opened_database(settings):  # a key is not added to the key file of another database
        pass
    if in_steps or not settings.database.url.startswith("sqlite"):
        _next_step(settings)
        return
    if CREDENTIALS.exists():
        fix = "run it with --in-steps and restart the service after each step, or stop the service first"
        raise Stop(f"the running service has a copy of the key file and would not see the new key; fix: {fix}")
    number = _add_key(settings)
    click.echo(f"Key {number} is in {settings.database.key_file}: keep a copy of the file.", err=True)
    with opened_database(settings) as database:
        click.echo(f"{counted(_reseal_all(database), 'value', 'values')} sealed with key {number}")


def _add_key(settings: Settings, *, seals: bool = True) -> int:
    """Put a new key into the file, and that into the audit log."""
    # The file within the transaction: should it not take the key, the entry is rolled back.
    with opened_database(settings) as database, database.write() as connection, told_plainly(settings.database):
        number = keyfile.add_key(settings.database.key_file, seals=seals)
        note(connection, Action.KEY_ADDED, f"key:{number}", "" if seals else "opens, does not seal yet")
    return number


def _next_step(settings: Settings) -> None:
    path = settings.database.key_file
    with told_plainly(settings.database):
        waiting = keyfile.waiting_key(path)
        if waiting is None:
            number = _add_key(settings, seals=False)
            click.echo(f"Key {number} is in {path}; it opens, and does not seal yet. Keep a copy of the file.")
            click.echo(f"{_SPREAD}, then run `sms-gateway keys rotate` again.")
            return
        with opened_database(settings) as database, database.write() as connection:
            keyfile.use_key(path, waiting)
            note(connection, Action.KEY_ADDED, f"key:{waiting}", "seals now")
    click.echo(f"Key {waiting} of {path} seals now. Keep a copy of the file.")
    click.echo(f"{_SPREAD}, then run `sms-gateway keys reseal`.")


@keys.command()
@config_option
def reseal(config: Path | None) -> None:
    """Seal with the current key what another one seals.

    Example:
      sms-gateway keys reseal

    Exit codes:
      0  everything is sealed with the current key
      1  the key file or the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database:
        click.echo(f"{counted(_reseal_all(database), 'value', 'values')} sealed with key {database.keyring.current}")


@keys.command()
@click.argument("number", type=click.IntRange(1, 65535))
@config_option
def drop(number: int, config: Path | None) -> None:
    """Take key NUMBER out of the key file, once nothing in the database is sealed with it.

    Backups from before `keys rotate` cannot be read without it.

    Example:
      sms-gateway keys drop 1

    Exit codes:
      0  the key is gone
      1  something is still sealed with it, or there is no such key
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    with opened_database(settings) as database:
        with database.read() as connection:
            left = rekey.count_by_key(connection).get(number, 0)
        if left:
            raise Stop(f"key {number} still seals {counted(left, 'value', 'values')}; fix: `sms-gateway keys reseal`")
        with database.write() as connection, told_plainly(settings.database):
            dropped = keyfile.drop_key(settings.database.key_file, number)
            if dropped:
                note(connection, Action.KEY_DROPPED, f"key:{number}")
    if not dropped:
        raise Stop(f"key {number} is not in the file, or is the one that seals now; fix: `sms-gateway keys list`")
    click.echo(f"key {number} is gone")


def _reseal_all(database: Database) -> int:
    """Go through the tables until a whole round finds nothing more to seal."""
    total = 0
    for _ in range(ROUNDS):
        resealed = sum(_reseal_table(database, sealed) for sealed in rekey.sealed_tables())
        total += resealed
        if not resealed:
            return total
    raise Stop("the service still seals with an older key; fix: see that it can read the key file, then run it again")


def _reseal_table(database: Database, sealed: rekey.Sealed) -> int:
    resealed, after, pause = 0, None, Event()
    while True:
        with database.write() as connection:
            step = rekey.reseal(connection, sealed, after=after)
        resealed += step.resealed
        pause.wait(PAUSE_SECONDS)
        if step.after is None:
            return resealed
        after = step.after
