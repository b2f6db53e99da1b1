"""What operators made of our sentences: every change is kept, the newest of a phrase in a language holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from db.schema import wording_change


@dataclass(frozen=True, kw_only=True, slots=True)
class WordingChange:
    """One change of a phrase in a language (ISO 639-1).

    `forms` are its sentences, the fullest first, None: as delivered.
    """

    id: int
    phrase: str
    language: str
    at: datetime
    operator: str
    forms: tuple[str, ...] | None


def add_wording_change(connection: Connection, change: WordingChange) -> None:
    """Write a change down; from here on it holds."""
    connection.execute(
        insert(wording_change).values(
            id=change.id,
            phrase=change.phrase,
            language=change.language,
            at=change.at,
            operator=change.operator,
            forms=None if change.forms is None else json.dumps(change.forms, ensure_ascii=False),
        )
    )


def present_wordings(connection: Connection, language: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of a language that differ from those delivered, with their sentences."""
    newest = (
        select(func.max(wording_change.c.id))
        .where(wording_change.c.language == language)
        .group_by(wording_change.c.phrase)
    )
    question = select(wording_change.c.phrase, wording_change.c.forms).where(wording_change.c.id.in_(newest))
    return {row.phrase: _forms(row.forms) or () for row in connection.execute(question) if row.forms is not None}


def wording_history(connection: Connection, phrase: str, language: str) -> Sequence[WordingChange]:
    """Return the changes of a phrase in a language, newest first."""
    question = select(wording_change).where(wording_change.c.phrase == phrase, wording_change.c.language == language)
    return [
        WordingChange(
            id=row.id,
            phrase=row.phrase,
            language=row.language,
            at=row.at,
            operator=row.operator,
            forms=_forms(row.forms),
        )
        for row in connection.execute(question.order_by(wording_change.c.id.desc()).limit(50))
    ]


def _forms(written: str | None) -> tuple[str, ...] | None:
    return None if written is None else tuple(str(form) for form in json.loads(written))
