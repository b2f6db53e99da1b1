"""What ends when: words of texts first, later the whole trace of a text. Each call is one small step."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, or_, select, update

from db.schema import InboundState, attempt, emptied, event, inbound, outbound

STEP = 100
"""Rows in one transaction: some milliseconds."""


def empty_texts(connection: Connection, *, before_id: int, limit: int = STEP) -> int:
    """Delete the words of texts and answers of earlier rows; number, times and states stay. Return how many rows.

    Goes on where it stopped, so old rows are not looked at again. Safe to repeat.
    """
    done = _go_on(connection, inbound, before_id, limit, {"body": "", "octets": b"", "wire": None, "told": None})
    return done + _go_on(connection, outbound, before_id, limit, {"body": None, "masked": None})


def forget_traces(connection: Connection, *, before_id: int, limit: int = STEP) -> int:
    """Delete earlier texts with their answers, segments and events; return how many texts. Safe to repeat."""
    asked = select(inbound.c.id).where(inbound.c.id < before_id, inbound.c.state != InboundState.RECEIVED)
    texts = list(connection.scalars(asked.order_by(inbound.c.id).limit(limit)))
    if not texts:
        return 0
    ids = _padded(texts)
    theirs = or_(outbound.c.inbound_id.in_(ids), outbound.c.inbound_id.is_(None) & (outbound.c.id <= texts[-1]))
    answers = _padded(list(connection.scalars(select(outbound.c.id).where(theirs))))
    connection.execute(delete(event).where(or_(event.c.inbound_id.in_(ids), event.c.outbound_id.in_(answers))))
    connection.execute(delete(outbound).where(outbound.c.id.in_(answers)))
    connection.execute(delete(inbound).where(inbound.c.id.in_(ids)))
    return len(texts)


def forget_attempts(connection: Connection, *, before_id: int, limit: int = STEP) -> int:
    """Delete earlier attempts (who tried which code, by marks); return how many."""
    ids = select(attempt.c.id).where(attempt.c.id < before_id).order_by(attempt.c.id).limit(limit)
    return connection.execute(delete(attempt).where(attempt.c.id.in_(ids))).rowcount


def _go_on(connection: Connection, table: Table, before_id: int, limit: int, values: dict[str, object]) -> int:
    after = connection.scalar(select(emptied.c.up_to).where(emptied.c.kind == table.name))
    asked = (
        select(table.c.id).where(table.c.id < before_id, table.c.id > (after or 0)).order_by(table.c.id).limit(limit)
    )
    ids = list(connection.scalars(asked))
    if not ids:
        return 0
    connection.execute(update(table).where(table.c.id.in_(_padded(ids))).values(values))
    if after is None:
        connection.execute(insert(emptied).values(kind=table.name, up_to=ids[-1]))
    else:
        connection.execute(update(emptied).where(emptied.c.kind == table.name).values(up_to=ids[-1]))
    return len(ids)


def _padded(ids: list[int]) -> list[int]:
    """Repeat the last id until there are as many as a power of two.

    Each length is a statement of its own. SQLite's driver keeps 128 of each connection, up to 150 kB each.
    """
    length = 1
    while length < len(ids):
        length *= 2
    return [*ids, *ids[-1:] * (length - len(ids))]
