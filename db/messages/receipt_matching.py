"""Which segment a receipt means: by its id (db.messages.message_ids), and by the phone as second witness.

Which rule found a segment is counted by link; the one that wins there goes before the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.messages.message_ids import SAME_KEY, Rule, compare, keys_by_rule, message_key, preference, settled
from db.schema import OutboundState, ReceiptState, inbound, outbound, receipt_rule, segment
from db.schema.time_buckets import buckets_since, every_bucket, in_given_buckets
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared
from db.store.record import record

_WITNESSED = 50
"""Texts of one phone whose answers are compared when an id alone finds nothing."""


@record
class NewReceipt:
    """A receipt as it came; `id` is for the case that it must be kept until its message is known."""

    id: int
    link: str
    message_id: str
    state: ReceiptState
    error: str | None
    received_at: datetime
    sender: str | bytes | None = None  # the phone that it speaks of, in international form, or that phone's mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What a link's receipts have taught, for the pages."""

    link: str
    rule: Rule
    hits: int
    last_at: datetime
    settled: bool  # the link keeps to it


@record
class Hit:
    """A receipt and the segment that it means."""

    receipt: NewReceipt
    outbound_id: int
    number: int
    before: ReceiptState | None  # what the segment's receipt said until now
    rule: Rule
    agrees: bool  # the segment went to the phone that the receipt names
    total: int | None  # segments of its answer
    state: OutboundState  # of its answer


@dataclass(frozen=True, kw_only=True, slots=True)
class _Habits:
    """What a link's receipts have taught."""

    settled: Rule | None
    ranks: Mapping[Rule, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scope:
    """Where segments are looked for: under which keys, by the receipt's id, and in which spans."""

    keys: Mapping[int, Collection[str]]
    spans: Sequence[int]


class _Candidate(NamedTuple):
    """A segment that may be meant; its fields in the order of _CANDIDATE."""

    outbound_id: int
    number: int
    link: str
    message_id: str
    message_key: str
    receipt: ReceiptState | None
    recipient_mark: bytes
    total: int | None
    state: OutboundState


_CANDIDATE = (
    segment.c.outbound_id,
    segment.c.number,
    segment.c.link,
    segment.c.message_id,
    segment.c.message_key,
    segment.c.receipt,
    outbound.c.recipient_mark,
    outbound.c.segments,
    outbound.c.state,
)
_BY_KEYS_ON = {
    name: Prepared(
        select(*_CANDIDATE)
        .join(outbound, outbound.c.id == segment.c.outbound_id)
        .where(of_buckets, segment.c.message_key.in_(bindparam("keys", expanding=True)))
    )
    for name, of_buckets in in_given_buckets(segment.c.outbound_id).items()
}
_TEXTS_OF_ON = {
    name: Prepared(
        select(inbound.c.id)
        .where(of_buckets, inbound.c.sender_mark == bindparam("mark", type_=inbound.c.sender_mark.type))
        .order_by(inbound.c.id.desc())
        .limit(_WITNESSED)
    )
    for name, of_buckets in in_given_buckets(inbound.c.id).items()
}
_ANSWERING = Prepared(
    select(*_CANDIDATE)
    .join(outbound, outbound.c.id == segment.c.outbound_id)
    .where(
        outbound.c.inbound_id.in_(bindparam("texts", expanding=True)),
        segment.c.link == bindparam("link"),
    )
)
_RULES = Prepared(
    select(receipt_rule.c.link, receipt_rule.c.rule, receipt_rule.c.hits).where(
        receipt_rule.c.link.in_(bindparam("links", expanding=True))
    )
)
_LEARN_ON = {
    name: Prepared(
        (new := make(receipt_rule)).on_conflict_do_update(
            index_elements=["link", "rule"],
            set_={"hits": receipt_rule.c.hits + new.excluded.hits, "last_at": new.excluded.last_at},
        ),
        "link",
        "rule",
        "hits",
        "last_at",
    )
    for name, make in (("sqlite", insert_on_sqlite), ("postgresql", insert_on_postgresql))
}


def match(connection: Connection, receipts: Sequence[NewReceipt]) -> tuple[list[Hit], list[NewReceipt]]:
    """Find the segment of each receipt; return those without one apart.

    The search begins with the segments of the last days, by the link's settled rule, or by the id as it is. This finds
    nearly every one. The others are searched there by every rule, then among all segments, and at last among what was
    sent to their phone.
    """
    if not receipts:
        return [], []
    lately = buckets_since(connection, outbound, min(receipt.id for receipt in receipts), earlier=1)
    habits = _habits(connection, {receipt.link for receipt in receipts})
    marks = {receipt.id: _mark(connection, receipt.sender) for receipt in receipts}
    usual = {receipt.id: _usual_keys(receipt.message_id, habits[receipt.link].settled) for receipt in receipts}
    found = _find(connection, receipts, marks, _Scope(keys=usual, spans=lately), habits)
    unsure = [receipt for receipt in receipts if not _is_sure(found.get(receipt.id), marks, habits)]
    every = {
        receipt.id: {key for keys in keys_by_rule(receipt.message_id).values() for key in keys} for receipt in unsure
    }
    found |= _find(connection, unsure, marks, _Scope(keys=every, spans=lately), habits)
    late = [receipt for receipt in unsure if _may_mean_older(found.get(receipt.id), habits)]
    if late:
        everywhere = _Scope(keys=every, spans=every_bucket(connection, outbound))
        found |= _find(connection, late, marks, everywhere, habits)
    by_phone = [receipt for receipt in late if receipt.id not in found and marks[receipt.id] is not None]
    spans = every_bucket(connection, inbound) if by_phone else ()
    for receipt in by_phone:
        mark = marks[receipt.id]
        sent = _sent_to(connection, mark, receipt.link, spans)
        hit = _best(receipt, mark, sent, habits[receipt.link].ranks)
        if hit is not None:
            found[receipt.id] = hit
    hits = [found[receipt.id] for receipt in receipts if receipt.id in found]
    return hits, [receipt for receipt in receipts if receipt.id not in found]


def _usual_keys(message_id: str, rule: Rule | None) -> Collection[str]:
    """Return the keys under which a link's messages are usually found."""
    if rule is None or rule in SAME_KEY:
        return (message_key(message_id),)
    return keys_by_rule(message_id).get(rule, ())


def _is_sure(hit: Hit | None, marks: Mapping[int, bytes | None], habits: Mapping[str, _Habits]) -> bool:
    """Return whether the search can end: the phone agrees, or is not known and the rule is the usual one."""
    if hit is None:
        return False
    if marks[hit.receipt.id] is not None:
        return hit.agrees
    usual = habits[hit.receipt.link].settled
    return hit.rule is usual or (hit.rule in SAME_KEY and (usual is None or usual in SAME_KEY))


def _may_mean_older(hit: Hit | None, habits: Mapping[str, _Habits]) -> bool:
    """Return whether an older message may be meant: nothing was found, or only by a conversion that is not usual."""
    return hit is None or (hit.rule not in SAME_KEY and hit.rule is not habits[hit.receipt.link].settled)


def _find(
    connection: Connection,
    receipts: Sequence[NewReceipt],
    marks: Mapping[int, bytes | None],
    scope: _Scope,
    habits: Mapping[str, _Habits],
) -> dict[int, Hit]:
    """Find what these receipts mean among the segments of a scope."""
    asked = {key for receipt in receipts for key in scope.keys[receipt.id]}
    if not asked:
        return {}
    known: dict[tuple[str, str], list[_Candidate]] = {}
    given = {"spans": scope.spans, "keys": list(asked)}
    for row in _candidates(_BY_KEYS_ON[connection.dialect.name].fetch(connection, given)):
        known.setdefault((row.link, row.message_key), []).append(row)
    hits: dict[int, Hit] = {}
    for receipt in receipts:
        near = [row for key in scope.keys[receipt.id] for row in known.get((receipt.link, key), ())]
        hit = _best(receipt, marks[receipt.id], near, habits[receipt.link].ranks)
        if hit is not None:
            hits[receipt.id] = hit
    return hits


def _sent_to(connection: Connection, mark: bytes | None, link: str, spans: Sequence[int]) -> list[_Candidate]:
    """Return what answered the last texts of a phone by this link.

    In two statements: of one with very many spans SQLite makes a plan that begins with all segments there are.
    """
    texts = _TEXTS_OF_ON[connection.dialect.name].fetch(connection, {"spans": spans, "mark": mark})
    if not texts:
        return []
    return _candidates(_ANSWERING.fetch(connection, {"texts": [text_id for (text_id,) in texts], "link": link}))


def _mark(connection: Connection, sender: str | bytes | None) -> bytes | None:
    return keyring_of(connection.dialect).mark(b"phone", sender.encode()) if isinstance(sender, str) else sender


def learn(connection: Connection, hits: Sequence[Hit], at: datetime) -> None:
    """Count which rules found these segments."""
    counts = Counter((hit.receipt.link, hit.rule) for hit in hits)
    more = [(link, rule.value, number, at) for (link, rule), number in counts.items()]
    _LEARN_ON[connection.dialect.name].run_many(connection, more)


def learned(connection: Connection) -> list[Learned]:
    """Return what every link's receipts have taught, by link, the rule with most hits first."""
    rows = connection.execute(select(receipt_rule)).all()
    hits: dict[str, dict[Rule, int]] = {}
    for row in rows:
        hits.setdefault(row.link, {})[Rule(row.rule)] = row.hits
    return sorted(
        (
            Learned(
                link=row.link,
                rule=Rule(row.rule),
                hits=row.hits,
                last_at=row.last_at,
                settled=settled(hits[row.link]) is Rule(row.rule),
            )
            for row in rows
        ),
        key=lambda each: (each.link, -each.hits),
    )


def _candidates(rows: Iterable[tuple[Any, ...]]) -> list[_Candidate]:
    return [_Candidate(*row) for row in rows]


def _best(receipt: NewReceipt, mark: bytes | None, rows: Sequence[_Candidate], ranks: Mapping[Rule, int]) -> Hit | None:
    """Choose the segment that a receipt means.

    A segment that was sent to the receipt's phone is preferred to every other. One that was sent elsewhere is taken
    only when the id matches without conversion, since some carriers write that phone oddly. Then the rule decides, and
    at last the time: carriers use ids again after a while, and mean the newest message.
    """
    found: list[tuple[tuple[bool, int, int], _Candidate, Rule]] = []
    for row in rows:
        rule = compare(row.message_id, receipt.message_id)
        agrees = mark is not None and row.recipient_mark == mark
        if rule is None or (not agrees and (rule is Rule.LOW_32 or (mark is not None and rule not in SAME_KEY))):
            continue
        found.append(((not agrees, ranks[rule], -row.outbound_id), row, rule))
    if not found:
        return None
    (elsewhere, _, _), row, rule = min(found, key=lambda each: each[0])
    return Hit(
        receipt=receipt,
        outbound_id=row.outbound_id,
        number=row.number,
        before=row.receipt,
        rule=rule,
        agrees=not elsewhere,
        total=row.total,
        state=row.state,
    )


def _habits(connection: Connection, links: set[str]) -> dict[str, _Habits]:
    hits: dict[str, dict[Rule, int]] = {link: {} for link in links}
    for link, rule, number in _RULES.fetch(connection, {"links": list(links)}):
        hits[link][Rule(rule)] = number
    return {link: _Habits(settled=settled(found), ranks=preference(found)) for link, found in hits.items()}
