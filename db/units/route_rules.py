"""Topics, and the rules that lead a text to a topic, a unit and a priority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from db.schema import Priority, route_rule, topic
from db.store.prepared_statements import Prepared

SEPARATOR = ", "
"""Between the phrases of a condition."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicRow:
    """What tickets are about."""

    id: int
    code: str
    name: str
    words: Sequence[str]
    """Folded phrases by which an agent is offered the topic."""
    unit_id: int | None = None
    priority: Priority = Priority.NORMAL
    is_accusation: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleRow:
    """A rule; its phrases are folded."""

    id: int
    position: int
    kind: str | None = None
    any_of: Sequence[str] = ()
    all_of: Sequence[str] = ()
    area: Sequence[str] = ()
    topic_id: int | None = None
    unit_id: int | None = None
    priority: Priority | None = None
    hits: int = 0


_ADD_HITS = (
    update(route_rule)
    .where(route_rule.c.id == bindparam("rule_id"))
    .values(hits=route_rule.c.hits + bindparam("more", type_=route_rule.c.hits.type))
)
_ADD_HITS_OF_TEXTS = Prepared(_ADD_HITS, "more", "rule_id")
"""The same for the hot path: most batches hold the texts of one rule."""


def add_topic(connection: Connection, row: TopicRow) -> None:
    """Add a topic."""
    connection.execute(insert(topic).values({**asdict(row), "words": SEPARATOR.join(row.words)}))


def change_topic(connection: Connection, row: TopicRow) -> bool:
    """Write a topic as it is given; False when it is gone."""
    values = {**asdict(row), "words": SEPARATOR.join(row.words)}
    return connection.execute(update(topic).where(topic.c.id == row.id).values(values)).rowcount == 1


def remove_topic(connection: Connection, topic_id: int) -> bool:
    """Delete a topic; False when it is gone. Its rules and tickets stay, without the topic."""
    return connection.execute(delete(topic).where(topic.c.id == topic_id)).rowcount == 1


def list_topics(connection: Connection) -> Sequence[TopicRow]:
    """List the topics by code."""
    return [
        TopicRow(**{**row._asdict(), "words": phrases_in(row.words)})
        for row in connection.execute(select(topic).order_by(topic.c.code))
    ]


def replace_rules(connection: Connection, rows: Sequence[RuleRow]) -> None:
    """Give the service these rules in place of those that it has; a rule with a known id keeps its row."""
    in_order = select(route_rule.c.id).order_by(route_rule.c.id)  # as dispatch locks them when it counts hits
    known = set(connection.scalars(in_order.with_for_update(key_share=True)))
    wanted = {row.id: _rule_values(row) for row in rows}
    for rule_id in sorted(known - wanted.keys()):
        connection.execute(delete(route_rule).where(route_rule.c.id == rule_id))
    for rule_id in sorted(known & wanted.keys()):
        # Not its hits: dispatch counts them meanwhile.
        values = {name: value for name, value in wanted[rule_id].items() if name != "hits"}
        connection.execute(update(route_rule).where(route_rule.c.id == rule_id).values(values))
    added = [values for rule_id, values in wanted.items() if rule_id not in known]
    if added:
        connection.execute(insert(route_rule), added)


def add_rule(connection: Connection, row: RuleRow) -> None:
    """Add a rule."""
    connection.execute(insert(route_rule).values(_rule_values(row)))


def change_rule(connection: Connection, row: RuleRow) -> bool:
    """Write a rule as it is given, but for its hits and its place; False when it is gone."""
    values = {name: value for name, value in _rule_values(row).items() if name not in {"hits", "position"}}
    return connection.execute(update(route_rule).where(route_rule.c.id == row.id).values(values)).rowcount == 1


def remove_rule(connection: Connection, rule_id: int) -> bool:
    """Delete a rule; False when it is gone. Its tickets stay, without the rule."""
    return connection.execute(delete(route_rule).where(route_rule.c.id == rule_id)).rowcount == 1


def move_rule(connection: Connection, rule_id: int, place: int) -> bool:
    """Move a rule to a place, from 1; the others keep their order. False when it is gone."""
    ids = [row.id for row in list_rules(connection)]
    if rule_id not in ids:
        return False
    ids.remove(rule_id)
    ids.insert(max(0, place - 1), rule_id)
    moved = update(route_rule).where(route_rule.c.id == bindparam("rule_id")).values(position=bindparam("place"))
    places = sorted((one, number) for number, one in enumerate(ids, 1))  # by id, as dispatch locks them
    connection.execute(moved, [{"rule_id": one, "place": number} for one, number in places])
    return True


def list_rules(connection: Connection) -> Sequence[RuleRow]:
    """List the rules in the order in which they are tried."""
    return [
        RuleRow(
            **{
                **row._asdict(),
                "any_of": phrases_in(row.any_of),
                "all_of": phrases_in(row.all_of),
                "area": phrases_in(row.area),
            }
        )
        for row in connection.execute(select(route_rule).order_by(route_rule.c.position, route_rule.c.id))
    ]


def place_of_rule(connection: Connection, rule_id: int) -> int | None:
    """Return the place of a rule in the order in which rules are tried; None when it is gone."""
    return connection.scalar(select(route_rule.c.position).where(route_rule.c.id == rule_id))


def count_hits(connection: Connection, fitted: Iterable[int | None]) -> None:
    """Count the rules of tickets that were opened; None is a ticket that no rule fitted.

    Locks the rules in the order of their ids. Not safe to repeat: call it in the transaction that opens the tickets.
    """
    hits = Counter(rule_id for rule_id in fitted if rule_id is not None)
    rows = [(more, rule_id) for rule_id, more in sorted(hits.items())]
    if len(rows) > 1 and connection.dialect.name == "postgresql":
        # One after another: all at once would be locked in any order.
        connection.execute(_ADD_HITS, [{"more": more, "rule_id": rule_id} for more, rule_id in rows])
    else:
        _ADD_HITS_OF_TEXTS.run_many(connection, rows)


def phrases_in(written: str) -> Sequence[str]:
    """Return the phrases of a condition as it is stored.

    >>> phrases_in("DEN DUONG, MAT DIEN"), phrases_in("")
    (('DEN DUONG', 'MAT DIEN'), ())
    """
    return tuple(written.split(SEPARATOR)) if written else ()


def _rule_values(row: RuleRow) -> dict[str, object]:
    joined = {name: SEPARATOR.join(phrases) for name, phrases in _conditions(row).items()}
    return {**asdict(row), **joined}


def _conditions(row: RuleRow) -> Mapping[str, Sequence[str]]:
    return {"any_of": row.any_of, "all_of": row.all_of, "area": row.area}
