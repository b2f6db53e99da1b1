"""`sms-gateway db backup`, and the backup that an upgrade takes first."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
from pathlib import Path
from secrets import token_hex

import click
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from db.store.postgresql import connection_words
from db.upkeep.backup import DamagedError, UnnamedError, back_up, remember
from sms_gateway.cli.command_context import LONGEST_REASON, Stop, config_option, settings_from, sqlite_file
from sms_gateway.cli.counted import counted
from sms_gateway.cli.manual import Manual
from sms_gateway.cli.remedies import fix_of_code, told_of_system
from sms_gateway.clock import utc_now
from sms_gateway.settings.model import DatabaseSettings

PG_DUMP, PG_RESTORE = "pg_dump", "pg_restore"

_OWNER_ONLY = 0o600


@click.command(cls=Manual)
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def backup(file: Path, config: Path | None) -> None:
    """Copy the database into FILE while the service runs.

    FILE must not be there yet. The copy is the state of one moment and is checked. Nobody has to wait for it. Keep it
    apart from the key file: with both, what is sealed is open. For PostgreSQL it says which command to run.

    To restore: stop the service, put the copy in place of the database, remove the -wal and -shm files beside it,
    run `sms-gateway check --no-bind`, start.

    Example:
      sms-gateway db backup /var/backups/sms-gateway/gateway-$(date +%F).db

    Exit codes:
      0  FILE is there, whole
      1  no copy was made: the text says why
      2  the command line or the settings are wrong
    """
    settings = settings_from(config).database
    path = sqlite_file(settings)
    if path is None:
        raise Stop(f"PostgreSQL has a program for this; run: {pg_dump_command(make_url(settings.url), file)}")
    copy_sqlite(path, file)


def copy_sqlite(path: Path, file: Path) -> None:
    """Copy an SQLite database into a new file, and note it for the page System; raises Stop."""
    try:
        octets = back_up(path, file)
    except FileExistsError as error:
        raise Stop(f"{file} is there already; fix: name another file") from error
    except UnnamedError as error:
        fix = "give it the name that you want"
        raise Stop(f"the copy is whole, but could not be named {file}: it is {error.draft}; fix: {fix}") from error
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be made")) from error
    except sqlite3.Error as error:
        fix = fix_of_code(error.sqlite_errorname)
        raise Stop(f"{path} cannot be copied to {file} ({error.sqlite_errorname}); fix: {fix}") from error
    except DamagedError as error:
        raise Stop(f"{path} is damaged; fix: put the last good copy in its place") from error
    click.echo(f"{file}: {counted(octets, 'octet', 'octets')}, sound")
    try:
        remember(path, octets, now=utc_now())
    except sqlite3.Error as error:
        click.echo(f"the page System does not know of it: {path} took no note ({error.sqlite_errorname})", err=True)


def dump_postgresql(settings: DatabaseSettings, file: Path) -> None:
    """Let pg_dump write a new file, readable by its owner only; it is there whole or not at all. Raises Stop."""
    url = make_url(settings.url)
    if shutil.which(PG_DUMP) is None:
        raise Stop(
            f"the backup of PostgreSQL needs pg_dump, which is not installed here; fix: install the client of your "
            f"server's version (apt-get install postgresql-client), or run this on the server and then give "
            f"--without-backup: {pg_dump_command(url, file)}"
        )
    if file.exists():
        raise Stop(f"{file} is there already; fix: name another place")
    draft = file.with_name(f".{file.name}.{token_hex(8)}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be made")) from error
    try:
        run_program(_pg_dump(url, draft), settings)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{file}: {counted(file.stat().st_size, 'octet', 'octets')}, written by pg_dump")


def run_program(words: list[str], settings: DatabaseSettings) -> None:
    """Run a program of PostgreSQL with the password of the settings; raises Stop with the first line that it wrote."""
    password = settings.password.get_secret_value()
    surroundings = {**os.environ, **({"PGPASSWORD": password} if password else {})}  # a command line is seen by all
    done = subprocess.run(  # noqa: S603 - words of our own, and those of the settings
        words, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        fix = "see that it has the version of the server or a later one, and that its role may read every table"
        raise Stop(f"{lines[0][:LONGEST_REASON]}; fix: {fix}")


def pg_dump_command(url: URL, file: Path) -> str:
    """Return the command as a shell takes it."""
    return shlex.join(_pg_dump(url, file))


def _pg_dump(url: URL, file: Path) -> list[str]:
    return [PG_DUMP, "--format=custom", f"--file={file}", *client_words(url)]


def client_words(url: URL) -> list[str]:
    """Return what tells a program of PostgreSQL the database; what has no option of its own goes into its name."""
    words = connection_words(url)
    name, _ = words.pop("dbname", ""), words.pop("password", None)  # a command line is seen by all
    options = {"--host": "host", "--port": "port", "--username": "user"}
    given = [f"{option}={words.pop(key)}" for option, key in options.items() if key in words]
    return [*given, make_conninfo(dbname=name, **words) if words else name]
