"""The database in use, beside which a backup is verified: its rows, and the newest entries of its audit log."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from db.staff import audit
from db.store.engine import open_database
from db.upkeep import revision
from db.upkeep.row_counts import count_rows
from sms_gateway.cli.command_context import revision_of
from sms_gateway.cli.counted import counted
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.process import keyfile
from sms_gateway.settings.model import DatabaseSettings

_SUBJECT = "audit log"


@dataclass(frozen=True, kw_only=True, slots=True)
class InUse:
    """What a backup is compared with."""

    counts: Mapping[str, int]
    last: int  # the number of the newest entry of its audit log; 0: it has none
    same: audit.Entry | None  # its entry with the number of the newest one of the backup
    following: audit.Entry | None  # the first that the backup does not have


def read_in_use(settings: DatabaseSettings, newest: audit.Entry | None) -> InUse | None:
    """Read the database in use, given the newest entry of the backup; None when it cannot be read, as after a loss."""
    number = 0 if newest is None else newest.number
    try:
        if revision_of(settings) != revision.HEAD:
            return None
        keyring = keyfile.load(settings.key_file)
        with closing(open_database(settings.address, keyring)) as database, database.read() as connection:
            last = audit.read_page(connection, size=1)
            same, following = (audit.read_page(connection, before=one + 1, size=1) for one in (number, number + 1))
            return InUse(
                counts=count_rows(connection),
                last=last[0].number if last else 0,
                same=same[0] if same and same[0].number == number else None,
                following=following[0] if following and following[0].number > number else None,
            )
    except DBAPIError:
        return None


def compared_log(newest: audit.Entry | None, in_use: InUse) -> Verdict | None:
    """Return what the audit log in use says of the newest entry of the backup; None: it ends with the same one.

    A chain does not show that its end was cut off.
    """
    if newest is not None and in_use.last >= newest.number:
        if in_use.same is None or in_use.same.chain != newest.chain:
            fix = "find out which of both was changed; after a restore, or a new start, both can be right"
            text = f"entry {newest.number} is another one in the database in use; fix: {fix}"
            return Verdict(mark=Mark.FAULT, subject=_SUBJECT, text=text)
    elif newest is not None:
        text = f"it has {newest.number} entries, the one in use {in_use.last}; that was cut, or restored from another"
        return Verdict(mark=Mark.CAUTION, subject=_SUBJECT, text=text)
    if in_use.following is None:
        return None
    newer = in_use.last - (0 if newest is None else newest.number)
    since = f"{in_use.following.at.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"
    text = (
        f"{counted(newer, 'newer entry is', 'newer entries are')} in the database in use, since {since}; "
        "a backup that was made later was cut"
    )
    return Verdict(mark=Mark.CAUTION, subject=_SUBJECT, text=text)
