"""Search for dossiers by any part of their code and by their state, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from db.citizens.dossiers import CODE_LETTERS, Dossier, canonical, lookalike_key, read_dossier
from db.schema import DossierStatus, dossier

LEAST_PART = 4
"""Letters of a code that find it from any place in it; fewer are looked for at its beginning."""
MOST_CODES = 1_000_000
"""Codes that a page of such a search reads: docs/pages.md says what that takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A page of dossiers. `older` is what the next page is asked for with, None on the last one."""

    dossiers: Sequence[Dossier]
    older: int | None
    stopped_short: bool = False  # the page has room left, and looked no further than `older`


def search(
    connection: Connection,
    *,
    part: str = "",
    status: DossierStatus | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Found:
    """Return dossiers, the newest row first; the highest code first when a part of a code or a state is asked for.

    Pages turn by giving `older` as `before`. `part` is any part of a code of at least LEAST_PART letters, or a shorter
    beginning, in any writing; codes that look alike are found together.
    """
    key = lookalike_key(canonical(part))
    if len(key) >= LEAST_PART:
        return _search_part(connection, key, status, before, limit)
    query = select(dossier)
    if key:
        # A range instead of LIKE: LIKE ignores case on SQLite and depends on the collation on PostgreSQL, so that
        # neither would use the index. Keys hold only A-Z and 0-9, of which Z sorts last in every collation.
        query = query.where(dossier.c.lookalike.between(key, key + "Z" * CODE_LETTERS))
    if key or status is not None:
        query = query.where(*_by_code(status, before)).order_by(*_HIGHEST_CODE)
    else:
        query = query.where(*() if before is None else (dossier.c.id < before,)).order_by(dossier.c.id.desc())
    rows = [read_dossier(row) for row in connection.execute(query.limit(limit + 1))]
    return Found(dossiers=rows[:limit], older=rows[limit - 1].id if len(rows) > limit else None)


def _search_part(
    connection: Connection, key: str, status: DossierStatus | None, before: int | None, limit: int
) -> Found:
    """Read the codes in their index, at most MOST_CODES, and ask each whether it holds the part."""
    place = func.strpos if connection.dialect.name == "postgresql" else func.instr
    these = list(_by_code(status, before))
    codes = select(dossier.c.id, dossier.c.lookalike).where(*these).order_by(*_HIGHEST_CODE)
    last = connection.execute(codes.offset(MOST_CODES - 1).limit(1)).one_or_none()
    if last is not None:
        these += (dossier.c.lookalike >= last.lookalike, tuple_(last.lookalike, last.id) <= _CODE_PLACE)
    holding = select(dossier.c.id).where(*these, place(dossier.c.lookalike, key) > 0).order_by(*_HIGHEST_CODE)
    ids = connection.execute(holding.limit(limit + 1)).scalars().all()
    rows = connection.execute(select(dossier).where(dossier.c.id.in_(ids[:limit])).order_by(*_HIGHEST_CODE))
    found = [read_dossier(row) for row in rows]
    if len(ids) > limit:
        return Found(dossiers=found, older=ids[limit - 1])
    return Found(dossiers=found, older=None if last is None else last.id, stopped_short=last is not None)


_CODE_PLACE = tuple_(dossier.c.lookalike, dossier.c.id)
_HIGHEST_CODE = (dossier.c.lookalike.desc(), dossier.c.id.desc())
"""The order of the index that finds them: by id, a state or a beginning that thousands have would sort them all."""


def _by_code(status: DossierStatus | None, before: int | None) -> Iterator[ColumnElement[bool]]:
    """Return the conditions of a page in that order."""
    if status is not None:
        yield dossier.c.status == status
    if before is not None:
        last = select(dossier.c.lookalike).where(dossier.c.id == before).scalar_subquery()
        yield dossier.c.lookalike <= last
        yield tuple_(last, before) > _CODE_PLACE
