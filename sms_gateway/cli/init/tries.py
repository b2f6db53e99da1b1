"""Tries of what `init` was answered: does the name resolve, is the place writable, is the database reached."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.engine import make_url

from db.store.engine import open_database
from db.store.sealing import Keyring, new_key
from sms_gateway.cli.command_context import Stop, told_plainly
from sms_gateway.settings.model import DatabaseSettings

_USABLE = text(
    "SELECT to_regclass('public.alembic_version') IS NOT NULL OR has_schema_privilege(current_schema(), 'CREATE')"
)


def host_fault(host: str) -> str | None:
    """Say that a name does not resolve; None for one that does, and for an address."""
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return "this name does not resolve; fix: correct it, see /etc/resolv.conf, or say --no-try while offline"
    return None


def port_fault(port: int) -> str | None:
    """Say that nobody can listen on a port of this machine; None when it is free."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return None
    except OSError as error:
        return f"cannot listen on port {port} ({error.strerror}); fix: choose another one, or stop what uses it"


def place_fault(folder: Path) -> str | None:
    """Say that this user can make no files in a folder, or cannot make the folder; None when it can."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not there.is_dir():
        return f"{there} is no directory; fix: name another place"
    if not os.access(there, os.W_OK | os.X_OK, effective_ids=True):
        return f"{there} cannot be written by this user; fix: name another place, or let this user write there"
    return None


def reach(database: DatabaseSettings) -> None:
    """See that the server lets the role in, and that tables are there or can be made; raises Stop with what helps."""
    if _answers(database, _USABLE):
        return
    role = make_url(database.url).username
    fix = f"make it the owner of the database (createdb --owner {role}), or name a superuser with --roles-as"
    raise Stop(f"the role {role} may make no tables there; fix: {fix}")


def reach_as_superuser(database: DatabaseSettings) -> None:
    """See that the server lets a superuser in, and that the database is there; raises Stop."""
    _answers(database, text("SELECT true"))


def _answers(database: DatabaseSettings, question: TextClause) -> bool:
    blind = open_database(database.address, Keyring(keys={1: new_key()}, mark_key=new_key()))  # opens no sealed value
    with told_plainly(database), closing(blind) as opened, opened.read() as connection:
        return bool(connection.scalar(question))
