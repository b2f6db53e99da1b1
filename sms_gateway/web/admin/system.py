"""System: what runs here, how large the tables are, how much disk is left, how old the backup is."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from flask import render_template
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

import sms_gateway
from db.duties import list_duties
from db.engine import Database
from db.revision import HEAD
from db.rollups import find_waiting
from db.schema import metadata
from sms_gateway.schedule import JOBS
from sms_gateway.web.language import local_time, say
from sms_gateway.web.parts import current_parts

_LIBRARIES = ("flask", "sqlalchemy", "smpplib", "apscheduler", "waitress", "cryptography")
_TABLES = ("inbound", "outbound", "account", "dossier", "event", "audit_entry")
"""Tables that tell how large the service has grown."""


def system() -> str:
    """Show the page."""
    parts = current_parts()
    with parts.database.read() as connection:
        sizes = {
            name: connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in _TABLES
        }
        waiting = find_waiting(connection)
        duties = list_duties(connection)
    return render_template(
        "system.html",
        versions=list(_versions(parts.database)),
        sizes=sizes,
        files=list(_files(parts.settings.database.url)),
        jobs=JOBS,
        duties=duties,
        waiting=waiting,
        revision=HEAD,
    )


def _versions(database: Database) -> Iterator[tuple[str, str]]:
    yield "sms-gateway", sms_gateway.__version__
    yield "Python", f"{platform.python_version()} ({sys.platform})"
    if database.is_sqlite:
        yield "SQLite", sqlite3.sqlite_version
    else:
        with database.read() as connection:
            yield "PostgreSQL", str(connection.execute(text("SHOW server_version")).scalar_one())
    for name in _LIBRARIES:
        yield name, version(name)


def _files(url: str) -> Iterator[tuple[str, str]]:
    """Tell of the database's file, its neighbours, the disk they are on, and a backup that lies beside them."""
    name = make_url(url).database
    if not url.startswith("sqlite") or not name:
        return
    path = Path(name)
    for beside in (path, path.with_name(f"{path.name}-wal")):
        if beside.exists():
            yield beside.name, f"{beside.stat().st_size / 2**20:.1f} MiB"
    if path.parent.exists():
        usage = shutil.disk_usage(path.parent)
        yield "disk", f"{usage.free / 2**30:.1f} / {usage.total / 2**30:.1f} GiB"
    backups = sorted(path.parent.glob(f"{path.stem}*.backup*"), key=lambda one: one.stat().st_mtime)
    if backups:
        yield "backup", local_time(datetime.fromtimestamp(backups[-1].stat().st_mtime, tz=UTC))
    else:
        yield "backup", say("system.backup_unknown")
