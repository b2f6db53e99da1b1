"""The walk through the log of messages: which texts stand on a page of a filter, newest first.

A page walks down one index, that of the condition which fits the fewest, and asks the other conditions of a bounded
number of rows. So it costs the same at any length of the log; where it stopped short, the next page goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Select, TextClause, exists, func, null, select, text, union_all

from db.citizens.dossiers import canonical, lookalike_key
from db.schema import NOT_FOUND, InboundState, OutboundState, inbound, outbound
from db.schema.time_buckets import every_bucket, in_buckets
from db.store.address import Address

Condition = ColumnElement[bool] | TextClause

LOOKED_AT = 8_000
"""Rows at most of which a page asks the conditions that have no index: some 40 ms."""

OPENED = 2_500
"""Texts opened at most to find a code: some 40 ms."""

STEP = 1_000
"""Messages looked through at a time."""

_BESIDE = 4
"""Texts asked for beside one: of a text that has several answers each can fit a filter."""

WAS_NOT_FOUND = text(f"inbound.outcome = '{NOT_FOUND}'")  # word for word the condition of the partial index
_COMMON = (OutboundState.SENT, OutboundState.DELIVERED)
"""States that most answers end in: nearly any other condition fits fewer texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFilter:
    """What to show; filters combine, and an empty one shows everything.

    `readings` are values of inbound.reading (`register_account`, `misread:birth_date`), any of which fits. `outcome`
    is one of inbound.outcome. `link` is the one a text came in on. `since` and `until` are ids: the first that fits,
    and the first that no longer does.
    `answers_since` and `answers_until` are ids too: between them the answers were written to texts of that time.
    `code` is a look-alike key (db.citizens.dossiers): texts that hold it, whatever stands between its letters.
    """

    sender: Address | None = None
    readings: tuple[str, ...] = ()
    outcome: str | None = None
    state: InboundState | OutboundState | None = None
    link: str | None = None
    since: int | None = None
    until: int | None = None
    answers_since: int | None = None
    answers_until: int | None = None
    unsure: bool = False
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """The texts of a page, newest first, and the key that the next page begins below; None on the last one."""

    inbound_ids: Sequence[int]
    older: int | None
    stopped_short: bool = False  # the page has room left, and older texts were not looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """The texts next to one among those of a filter; None where there is none, or none within the bounds of a walk."""

    newer: int | None
    older: int | None


def walk(connection: Connection, wanted: LogFilter, *, before: int | None, size: int, after: int | None = None) -> Walk:
    """Find the texts of one page; a page may be short, or even empty, and yet have an older one.

    With `after` the walk goes the other way: the texts above that key, the oldest of them first.
    """
    found: list[tuple[int, int]] = []
    rest = list(_rest(wanted))
    left = LOOKED_AT if wanted.code is None else OPENED
    step = STEP if rest or wanted.code else size + 1
    spans = _spans(connection, wanted, before, after)
    while left > 0:
        some = candidates(wanted, before, step, spans, after=after)
        found.extend(_fitting(connection, some, rest, wanted.code, size + 1 - len(found), upwards=after is not None))
        if len(found) > size:
            return Walk(inbound_ids=[text_id for _, text_id in found[:size]], older=found[size - 1][0])
        seen = some.subquery("seen")
        last_key = func.min(seen.c.key) if after is None else func.max(seen.c.key)
        count, last = connection.execute(select(func.count(), last_key)).one()
        goes_on = count == step
        if not goes_on:
            return Walk(inbound_ids=[text_id for _, text_id in found], older=None)
        before, after = (last, None) if after is None else (before, last)
        left -= step
    return Walk(inbound_ids=[text_id for _, text_id in found], older=before, stopped_short=True)


def find_beside(connection: Connection, wanted: LogFilter, inbound_id: int) -> Beside:
    """Find the texts before and after one in a filter, whether or not it fits the filter itself (still)."""
    key = inbound_id
    if _goes_by_answer(wanted):
        answers = select(func.max(outbound.c.id)).where(outbound.c.inbound_id == inbound_id, *_of_answer(wanted))
        key = connection.execute(answers).scalar_one() or inbound_id
    newer = walk(connection, wanted, before=None, after=key, size=_BESIDE).inbound_ids
    older = walk(connection, wanted, before=key, size=_BESIDE).inbound_ids
    others = [next((one for one in ids if one != inbound_id), None) for ids in (newer, older)]
    return Beside(newer=others[0], older=others[1])


def candidates(
    wanted: LogFilter, before: int | None, limit: int, spans: Sequence[int] = (), *, after: int | None = None
) -> Select[tuple[int, int]]:
    """Ask one index for the first rows below `before`: `key`, which pages turn by, and `inbound_id`; newest first.

    With `after` those above it, oldest first. For a number, `spans` are those to look for it in.
    """
    if _goes_by_answer(wanted):
        key, text_id = outbound.c.id, outbound.c.inbound_id
        conditions: list[Condition] = [*_of_answer(wanted), *_between(key, wanted.answers_since, before)]
        conditions.extend(_between(key, None, wanted.answers_until))
        readings: tuple[str, ...] = ()
    else:
        key = text_id = inbound.c.id
        conditions = [*_between(key, wanted.since, before), *_between(key, None, wanted.until)]
        readings = ()
        if wanted.sender is not None:
            conditions.extend((in_buckets(inbound.c.id, spans), inbound.c.sender_mark == wanted.sender))
        elif isinstance(wanted.state, InboundState):
            conditions.append(inbound.c.state == wanted.state)
        elif wanted.outcome == NOT_FOUND:
            conditions.append(WAS_NOT_FOUND)
        else:
            readings = wanted.readings
    if len(readings) == 1:
        conditions.append(inbound.c.reading == readings[0])
    if after is not None:
        conditions.append(key > after)
    asked = select(key.label("key"), text_id.label("inbound_id")).where(*conditions)
    if len(readings) < 2:  # noqa: PLR2004 - more than one
        return asked.order_by(key.desc() if after is None else key).limit(limit)
    # Each reading by itself: an index that is asked for several at once gives no order, and everything is sorted.
    each = [
        asked.where(inbound.c.reading == one).order_by(key.desc() if after is None else key).limit(limit).subquery()
        for one in readings
    ]
    every = union_all(*(select(one.c.key, one.c.inbound_id) for one in each)).subquery()
    order = every.c.key.desc() if after is None else every.c.key
    return select(every.c.key, every.c.inbound_id).order_by(order).limit(limit)


def _spans(connection: Connection, wanted: LogFilter, before: int | None, after: int | None) -> Sequence[int]:
    """Return the spans to look for a number in."""
    if wanted.sender is None:
        return ()
    since = wanted.since if after is None else max(after, wanted.since or 0)
    return every_bucket(connection, inbound, since, _lower(wanted.until, before))


def _fitting(
    connection: Connection,
    some: Select[tuple[int, int]],
    rest: Iterable[Condition],
    code: str | None,
    limit: int,
    *,
    upwards: bool,
) -> Iterable[tuple[int, int]]:
    """Ask the other conditions of these rows."""
    these = some.subquery("these")
    asked = select(these.c.key, these.c.inbound_id).where(these.c.inbound_id.is_not(None))
    asked = asked.order_by(these.c.key if upwards else these.c.key.desc())
    conditions = list(rest)
    if conditions or code is not None:
        asked = asked.join(inbound, inbound.c.id == these.c.inbound_id).where(*conditions)
    if code is None:
        return [(row.key, row.inbound_id) for row in connection.execute(asked.limit(limit))]
    rows = connection.execute(asked.add_columns(inbound.c.body).execution_options(yield_per=200))
    holding = ((row.key, row.inbound_id) for row in rows if code in lookalike_key(canonical(row.body)))
    return list(islice(holding, limit))


def _lower(*bounds: int | None) -> int | None:
    return min((bound for bound in bounds if bound is not None), default=None)


def _goes_by_answer(wanted: LogFilter) -> bool:
    """Return whether an index of answers fits fewer rows than one of texts."""
    if wanted.sender is not None or isinstance(wanted.state, InboundState):
        return False
    if wanted.unsure:
        return True
    is_narrowed = (
        bool(wanted.readings) or wanted.outcome is not None or wanted.since is not None or wanted.until is not None
    )
    return wanted.state is not None and not (wanted.state in _COMMON and is_narrowed)


def _rest(wanted: LogFilter) -> Iterable[Condition]:
    """Return the conditions that the index of `candidates` has not asked."""
    by_answer = _goes_by_answer(wanted)
    if wanted.link is not None:
        yield inbound.c.link == wanted.link
    # In a coalesce() no index is taken for them: one that begins with them reads all rows that fit, in whatever place.
    by_text = wanted.sender is None and not by_answer and not isinstance(wanted.state, InboundState)
    by_outcome = by_text and wanted.outcome == NOT_FOUND
    if wanted.outcome is not None and not by_outcome:
        yield func.coalesce(inbound.c.outcome, null()) == wanted.outcome
    if wanted.readings and (not by_text or by_outcome):
        yield func.coalesce(inbound.c.reading, null()).in_(wanted.readings)
    if by_answer:
        yield from _between(inbound.c.id, wanted.since, wanted.until)
        return
    if wanted.sender is not None and isinstance(wanted.state, InboundState):
        yield func.coalesce(inbound.c.state, null()) == wanted.state
    answered = list(_of_answer(wanted))
    if answered:
        yield exists(select(outbound.c.id).where(outbound.c.inbound_id == inbound.c.id, *answered))


def _of_answer(wanted: LogFilter) -> Iterable[Condition]:
    if isinstance(wanted.state, OutboundState):
        yield outbound.c.state == wanted.state
    if wanted.unsure:
        yield text("outbound.unsure")  # word for word the condition of the partial index: `= 1` would be another


def _between(key: ColumnElement[int], since: int | None, until: int | None) -> Iterable[ColumnElement[bool]]:
    if since is not None:
        yield key >= since
    if until is not None:
        yield key < until
