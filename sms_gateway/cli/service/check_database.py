"""Verdicts on what keeps the audit log in the database: its triggers, and the roles of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from db.store.engine import open_database
from db.store.sealing import Keyring
from db.upkeep import roles, triggers
from sms_gateway.cli.data.database.roles import OWNER
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.settings.model import DatabaseSettings


def database_verdicts(settings: DatabaseSettings, keyring: Keyring) -> Iterator[Verdict]:
    """Say what is wrong in a database that can be read; nothing when all is as the program made it."""
    with closing(open_database(settings.address, keyring)) as database, database.read() as connection:
        found = triggers.differences(connection)
        is_owned = not database.is_sqlite and roles.owns_audit_log(connection, beside=OWNER)
    if found:
        fix = "find out who changed the database; then take the last good backup"
        if not database.is_sqlite:
            fix = "find out who changed the database, and drop what is not the program's; then run `db roles`"
        yield Verdict(mark=Mark.FAULT, subject="triggers", text=f"{', '.join(found)}; fix: {fix}")
    if is_owned:
        text = f"the service's role owns the audit log, and may empty it, though there is {OWNER}; fix: run `db roles`"
        yield Verdict(mark=Mark.CAUTION, subject="roles", text=text)
