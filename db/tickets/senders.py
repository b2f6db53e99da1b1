"""The phones that tickets belong to: one row each, with the language that was chosen and the last filed text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import citizen
from db.store.address import Address
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared

_NEW = ("id", "phone", "phone_mark", "created_at", "seen_at", "previous_ticket_id", "previous_at")
_ADD_ON = {
    "sqlite": Prepared(insert_on_sqlite(citizen).on_conflict_do_nothing(), *_NEW),
    "postgresql": Prepared(insert_on_postgresql(citizen).on_conflict_do_nothing(), *_NEW),
}
_FIND = Prepared(
    select(citizen.c.phone_mark, citizen.c.id).where(citizen.c.phone_mark.in_(bindparam("marks", expanding=True)))
)
_LANGUAGES = Prepared(
    select(citizen.c.phone_mark, citizen.c.language).where(
        citizen.c.phone_mark.in_(bindparam("marks", expanding=True)), citizen.c.language.is_not(None)
    )
)
_SEE = Prepared(
    update(citizen).where(citizen.c.id == bindparam("row_id")).values(seen_at=bindparam("new_seen_at")),
    "row_id",
    "new_seen_at",
)
_FILED = Prepared(
    update(citizen)
    .where(citizen.c.phone_mark == bindparam("mark", type_=citizen.c.phone_mark.type))
    .values(
        seen_at=bindparam("new_seen_at"),
        previous_ticket_id=bindparam("new_ticket_id"),
        previous_at=bindparam("new_previous_at"),
    ),
    "mark",
    "new_seen_at",
    "new_ticket_id",
    "new_previous_at",
)

FiledLast = tuple[Address, int, datetime]
"""A sender, the ticket that a text of theirs opened or extended, and when."""


def meet(
    connection: Connection,
    senders: Iterable[Address],
    *,
    now: datetime,
    new_id: Callable[[], int],
    filed: Iterable[FiledLast] = (),
) -> Mapping[Address, int]:
    """Return the ids of these phones' rows; write a row for each that has none.

    `filed` is noted of these senders in the same write, as `note_filed` does it.
    """
    by_mark = marks_of(connection, senders)
    if not by_mark:
        return {}
    last = {sender: (ticket_id, at) for sender, ticket_id, at in filed}
    found = {by_mark[mark]: row_id for mark, row_id in _FIND.fetch(connection, {"marks": list(by_mark)})}
    note_filed(connection, [(sender, *last[sender]) for sender in found if sender in last])
    _SEE.run_many(connection, [(found[sender], now) for sender in sorted(found) if sender not in last])
    missing = sorted(set(by_mark.values()) - found.keys())
    if missing:
        # In one order, so that two processes never wait for each other.
        ids = {sender: new_id() for sender in missing}
        _ADD_ON[connection.dialect.name].run_many(connection, [_row(ids[one], one, now, last.get(one)) for one in ids])
        found |= {by_mark[mark]: row_id for mark, row_id in _FIND.fetch(connection, {"marks": list(by_mark)})}
        # Another process may have been first: its row knows nothing of what is filed here.
        late = [sender for sender in missing if found[sender] != ids[sender]]
        note_filed(connection, [(sender, *last[sender]) for sender in late if sender in last])
    return found


def _row(row_id: int, sender: Address, now: datetime, filed: tuple[int, datetime] | None) -> tuple[object, ...]:
    ticket_id, at = (None, None) if filed is None else filed
    return (row_id, sender, sender, now, at or now, ticket_id, at)


def note_filed(connection: Connection, filed: Iterable[FiledLast]) -> None:
    """Note of each sender which ticket a text opened or extended, and when; the last one of a sender holds."""
    last = {sender: (sender, at, ticket_id, at) for sender, ticket_id, at in filed}
    _FILED.run_many(connection, [last[sender] for sender in sorted(last)])


def choose_language(
    connection: Connection, sender: Address, language: str, *, now: datetime, new_id: Callable[[], int]
) -> None:
    """Note the language that a citizen chose."""
    found = meet(connection, [sender], now=now, new_id=new_id)[sender]
    connection.execute(update(citizen).where(citizen.c.id == found).values(language=language, language_set=True))


def name_citizen(connection: Connection, citizen_id: int, name: str | None) -> None:
    """Note the name of a citizen, as an agent was told it."""
    connection.execute(update(citizen).where(citizen.c.id == citizen_id).values(name=name))


def languages_of(connection: Connection, senders: Iterable[Address]) -> Mapping[Address, str]:
    """Return the languages of those senders that have one."""
    by_mark = marks_of(connection, senders)
    if not by_mark:
        return {}
    return {by_mark[mark]: language for mark, language in _LANGUAGES.fetch(connection, {"marks": list(by_mark)})}


def marks_of(connection: Connection, senders: Iterable[Address]) -> Mapping[bytes, Address]:
    """Return the senders by their keyed hashes, as rows have them."""
    mark = keyring_of(connection.dialect).mark
    return {mark(b"phone", sender.encode("utf-8", "surrogatepass")): sender for sender in senders}
