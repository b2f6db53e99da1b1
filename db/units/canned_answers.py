"""Canned answers: texts that agents begin from; of everybody, of a unit, or of one operator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from db.schema import canned_answer


@dataclass(frozen=True, kw_only=True, slots=True)
class CannedAnswer:
    """A text with fields in braces. Without unit and operator it is everybody's."""

    id: int
    language: str
    title: str
    body: str
    changed_at: datetime
    unit_id: int | None = None
    operator_id: int | None = None


def add_canned_answer(connection: Connection, answer: CannedAnswer) -> None:
    """Add an answer."""
    connection.execute(insert(canned_answer).values(asdict(answer)))


def change_canned_answer(connection: Connection, answer: CannedAnswer) -> bool:
    """Write an answer as it is given; False when it is gone."""
    changed = update(canned_answer).where(canned_answer.c.id == answer.id).values(asdict(answer))
    return connection.execute(changed).rowcount == 1


def remove_canned_answer(connection: Connection, answer_id: int) -> bool:
    """Delete an answer; False when it is gone."""
    return connection.execute(delete(canned_answer).where(canned_answer.c.id == answer_id)).rowcount == 1


def canned_answers_for(
    connection: Connection, *, operator_id: int, unit_ids: Collection[int], language: str
) -> Sequence[CannedAnswer]:
    """Return what an operator of these units may use in a language: their own, their units', everybody's, by title."""
    everybodys = and_(canned_answer.c.unit_id.is_(None), canned_answer.c.operator_id.is_(None))
    theirs = or_(canned_answer.c.operator_id == operator_id, canned_answer.c.unit_id.in_(unit_ids))
    asked = select(canned_answer).where(canned_answer.c.language == language, or_(everybodys, theirs))
    ordered = asked.order_by(canned_answer.c.title, canned_answer.c.id)
    return [CannedAnswer(**row._asdict()) for row in connection.execute(ordered)]
