"""System: what runs here, the size of the tables, the free space of the disk, the age of the backup."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from flask import render_template
from sqlalchemy import text
from sqlalchemy.engine import make_url

import sms_gateway
from db.processes.duties import list_duties
from db.processes.statistics import StatisticName, read_figures
from db.reports.rollups import find_waiting
from db.store.engine import Database
from db.upkeep.revision import HEAD
from sms_gateway.process.schedule import jobs_here, retention_jobs
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say_or

_LIBRARIES = ("flask", "sqlalchemy", "smpplib", "apscheduler", "waitress", "cryptography")
_COUNTED = (StatisticName.TEXTS, StatisticName.ANSWERS, StatisticName.ACCOUNTS, StatisticName.DOSSIERS)
"""The sizes that show how the service has grown; the schedule counts them once a day."""


def system() -> str:
    """Show the page."""
    parts = dependencies()
    with parts.database.read() as connection:
        figures = read_figures(connection)
        waiting = find_waiting(connection)
        duties = list_duties(connection)
    return render_template(
        "service/system.html",
        versions=list(_versions(parts.database)),
        sizes=[(name, figures.get(name)) for name in _COUNTED],
        files=list(_files(parts.settings.database.url)),
        backup=figures.get(StatisticName.BACKUP),
        keeps_backups=parts.database.is_sqlite,
        jobs=jobs_here(retention_jobs(parts.settings.retention), is_sqlite=parts.database.is_sqlite, is_on=parts.is_on),
        duties=duties,
        shown_duty=_shown_duty,
        waiting=waiting,
        revision=HEAD,
    )


def _shown_duty(name: str) -> str:
    """Put a duty into words: `service`, `schedule`, `node:1`, `link:viettel`."""
    kind, _, detail = name.partition(":")
    return say_or(f"duty.{kind}", kind).format(name=detail)


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
    """Return the database's file, the files beside it, and the disk they are on."""
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
