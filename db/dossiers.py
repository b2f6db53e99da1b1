"""Dossiers: found by the code on the receipt, brought in by import, searched by operators."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.columns import keyring_of
from db.figures import note_import
from db.prepared import Prepared
from db.record import record
from db.schema import DossierStatus, dossier

Item = TypeVar("Item")

CODE_LETTERS = 64
"""Longest code that the columns hold."""
LEAST_PART = 4
"""Letters of a code that find it from any place in it; fewer are looked for at its beginning."""
MOST_CODES = 1_000_000
"""Codes that a page of such a search reads: docs/pages.md says what that takes."""
WANTED_LETTERS = 200
PICK_UP_LETTERS = 100
PROCEDURE_LETTERS = 200
_KEYS_A_QUERY = 500
"""Keys looked up at once: well below the 32,766 variables of SQLite, and few enough for one short statement."""
_KEYS_REMEMBERED = 2048
"""A few rounds of texts: each step that meets a code asks for its key."""
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "Ɖ": "D"})
_LOOKALIKES = str.maketrans("OIL", "011")
_MARKS = {"identity": "identity_mark", "password": "password_mark"}
"""The column of each secret."""
_BLANKABLE = ("procedure", "received_on", "due_on", "wanted", "pick_up")
"""Facts that a file may leave blank."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierFacts:
    """What an office says of one dossier. In an import, None leaves what is on file: see `merged`."""

    code: str
    """As printed on the receipt, at most CODE_LETTERS."""
    status: DossierStatus
    procedure: str | None = None
    received_on: date | None = None
    due_on: date | None = None
    wanted: str | None = None
    """Papers missing (status 5) or money owed (status 6)."""
    pick_up: str | None = None
    """Where the result lies (status 9)."""
    identity: str | None = field(default=None, repr=False)
    """Last four digits of the applicant's identity number."""
    password: str | None = field(default=None, repr=False)
    """The printed look-up password."""
    cleared: frozenset[str] = frozenset()
    """Names of the facts above that the file takes away explicitly."""


@record
class Dossier:
    """One dossier as it stands in the database. It holds no name: whoever has a code may ask."""

    id: int
    code: str
    canonical: str
    lookalike: str
    status: DossierStatus
    procedure: str | None
    received_on: date | None
    due_on: date | None
    wanted: str | None
    pick_up: str | None
    updated_at: datetime
    identity_mark: bytes | None = field(default=None, repr=False)
    password_mark: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCounts:
    """What an import did, in dossiers."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: ImportCounts) -> ImportCounts:
        return ImportCounts(new=self.new + other.new, changed=self.changed + other.changed, same=self.same + other.same)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What an import would do: dossiers to add, to change (as they stand, and as they will), and those the same."""

    new: tuple[DossierFacts, ...]
    changed: tuple[tuple[Dossier, DossierFacts], ...]
    same: int


_COLUMNS = tuple(column.name for column in dossier.columns)
_BY_LOOKALIKE = Prepared(
    select(dossier).where(dossier.c.lookalike.in_(bindparam("keys", expanding=True))).order_by(dossier.c.id)
)


def canonical(code: str) -> str:
    """Return the form in which codes are matched: upper case, unaccented, letters A-Z and digits only.

    Idempotent. `H17.12-230815-0007` and `h17 12 230815 0007` are one code.
    """
    if not code.isascii():
        code = unicodedata.normalize("NFKD", code.translate(_STROKES))
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())


@lru_cache(_KEYS_REMEMBERED)
def lookalike_key(canonical_code: str) -> str:
    """Return the key under which codes that look alike fall together: O as 0, I and L as 1."""
    return canonical_code.translate(_LOOKALIKES)


def secret_mark(connection: Connection, canonical_code: str, secret: str) -> bytes:
    """Return the mark of what opens a dossier, equal for secrets that look alike; the secret is kept nowhere."""
    value = f"{canonical_code} {lookalike_key(canonical(secret))}"
    return keyring_of(connection.dialect).mark(b"dossier_secret", value.encode())


def find_by_lookalike(connection: Connection, keys: Collection[str]) -> Mapping[str, Sequence[Dossier]]:
    """Return every dossier that has one of these look-alike keys, by key; a key without dossier is absent."""
    found: dict[str, list[Dossier]] = {}
    for some in _batches(keys, _KEYS_A_QUERY):
        for row in _BY_LOOKALIKE.fetch(connection, {"keys": some}):
            one = Dossier(**dict(zip(_COLUMNS, row, strict=True)))
            found.setdefault(one.lookalike, []).append(one)
    return found


def find_by_code(connection: Connection, code: str) -> Dossier | None:
    """Return the dossier with exactly this printed code."""
    row = connection.execute(select(dossier).where(dossier.c.code == code)).one_or_none()
    return None if row is None else _read(row)


def find_by_id(connection: Connection, dossier_id: int) -> Dossier | None:
    """Return the dossier in this row."""
    row = connection.execute(select(dossier).where(dossier.c.id == dossier_id)).one_or_none()
    return None if row is None else _read(row)


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
    rows = [_read(row) for row in connection.execute(query.limit(limit + 1))]
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
    found = [_read(row) for row in rows]
    if len(ids) > limit:
        return Found(dossiers=found, older=ids[limit - 1])
    return Found(dossiers=found, older=None if last is None else last.id, stopped_short=last is not None)


_CODE_PLACE = tuple_(dossier.c.lookalike, dossier.c.id)
_HIGHEST_CODE = (dossier.c.lookalike.desc(), dossier.c.id.desc())
"""The order of the index that finds them: by id, a state or a beginning that thousands have would sort them all."""


def _by_code(status: DossierStatus | None, before: int | None) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of a page in that order."""
    if status is not None:
        yield dossier.c.status == status
    if before is not None:
        last = select(dossier.c.lookalike).where(dossier.c.id == before).scalar_subquery()
        yield dossier.c.lookalike <= last
        yield tuple_(last, before) > _CODE_PLACE


def count(connection: Connection) -> int:
    """Return how many dossiers there are."""
    return connection.execute(select(func.count()).select_from(dossier)).scalar_one()


def import_dossiers(
    connection: Connection, facts: Iterable[DossierFacts], *, new_id: Callable[[], int], now: datetime
) -> ImportCounts:
    """Bring dossiers in: a new code is added, a known one changed when its facts differ.

    A dossier is known by the canonical form of its code; the spelling on file stays. What a file leaves blank stays
    on file too, see `merged`. Safe to repeat: the second time everything is the same and nothing is written. Of one
    code given twice the later facts hold. Two imports at once on PostgreSQL do not fail; the later commit holds.
    """
    counts = ImportCounts()
    for some in _batches(facts, _KEYS_A_QUERY):
        counts += _import_batch(connection, _by_canonical(some), new_id, now)
    note_import(connection, counts.new + counts.changed + counts.same, now=now)
    return counts


def compare(connection: Connection, facts: Iterable[DossierFacts]) -> Comparison:
    """Return what an import of these facts would do, and do nothing. Of one code given twice the later facts hold."""
    new: list[DossierFacts] = []
    changed: list[tuple[Dossier, DossierFacts]] = []
    same = 0
    for some in _batches(facts, _KEYS_A_QUERY):
        found = _compare_batch(connection, _by_canonical(some))
        new += found.new
        changed += found.changed
        same += found.same
    return Comparison(new=tuple(new), changed=tuple(changed), same=same)


def merged(known: Dossier, one: DossierFacts) -> DossierFacts:
    """Return what a dossier's facts are after an import: a blank keeps what is on file.

    Two things take a fact away: the file names it in `cleared`, or it brings another state. Then the papers or the
    money wanted in the earlier state are wanted no longer, and citizens must not be sent for them again.
    """
    wanted = known.wanted if one.status is known.status else None
    return replace(
        one,
        code=known.code,
        procedure=_left(one, "procedure", one.procedure, known.procedure),
        received_on=_left(one, "received_on", one.received_on, known.received_on),
        due_on=_left(one, "due_on", one.due_on, known.due_on),
        wanted=_left(one, "wanted", one.wanted, wanted),
        pick_up=_left(one, "pick_up", one.pick_up, known.pick_up),
    )


def change_dossier(connection: Connection, one: Dossier, facts: DossierFacts, *, now: datetime) -> bool:
    """Write other facts of a dossier; False when it was changed meanwhile, and nothing is written."""
    guarded = update(dossier).where(dossier.c.id == one.id, dossier.c.updated_at == one.updated_at)
    return connection.execute(guarded.values(_values(facts, now))).rowcount == 1


def facts_of(one: Dossier) -> DossierFacts:
    """Return what an office says of a dossier, but for its secrets, which nobody knows."""
    return DossierFacts(
        code=one.code,
        status=one.status,
        procedure=one.procedure,
        received_on=one.received_on,
        due_on=one.due_on,
        wanted=one.wanted,
        pick_up=one.pick_up,
    )


def _left(one: DossierFacts, name: str, given: Item | None, on_file: Item | None) -> Item | None:
    return on_file if given is None and name not in one.cleared else given


def _by_canonical(facts: Iterable[DossierFacts]) -> Mapping[str, DossierFacts]:
    return {canonical(one.code): one for one in facts}


def _import_batch(
    connection: Connection, facts: Mapping[str, DossierFacts], new_id: Callable[[], int], now: datetime
) -> ImportCounts:
    found = _compare_batch(connection, facts)
    if found.new:
        none: dict[str, object] = dict.fromkeys(_MARKS.values())
        _insert(
            connection, [{"id": new_id()} | _values(one, now) | none | _marks(connection, one) for one in found.new]
        )
    if found.changed:
        statement = update(dossier).where(dossier.c.id == bindparam("this_id"))
        rows = [
            {"this_id": known.id} | _values(one, now) | _marks_on_file(known) | _marks(connection, one)
            for known, one in found.changed
        ]
        connection.execute(statement, rows)
    return ImportCounts(new=len(found.new), changed=len(found.changed), same=found.same)


def _compare_batch(connection: Connection, facts: Mapping[str, DossierFacts]) -> Comparison:
    query = select(dossier).where(dossier.c.canonical.in_(list(facts)))
    known = {row.canonical: _read(row) for row in connection.execute(query)}
    new = tuple(one for key, one in facts.items() if key not in known)
    after = ((known[key], merged(known[key], one)) for key, one in facts.items() if key in known)
    changed = tuple((before, one) for before, one in after if _differs(connection, before, one))
    return Comparison(new=new, changed=changed, same=len(facts) - len(new) - len(changed))


def _insert(connection: Connection, rows: list[dict[str, object]]) -> None:
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(dossier)
    # Another import may have added the code since we looked; its row is then changed instead of raising.
    kept = {*_BLANKABLE, *_MARKS.values()}
    changed = {
        name: func.coalesce(statement.excluded[name], dossier.c[name]) if name in kept else statement.excluded[name]
        for name in rows[0]
        if name not in {"id", "code", "canonical"}
    }
    connection.execute(statement.on_conflict_do_update(index_elements=["canonical"], set_=changed), rows)


def _differs(connection: Connection, known: Dossier, one: DossierFacts) -> bool:
    bare = replace(one, identity=None, password=None, cleared=frozenset())
    return facts_of(known) != bare or not _marks(connection, one).items() <= _marks_on_file(known).items()


def _marks(connection: Connection, one: DossierFacts) -> dict[str, object]:
    """Return the marks of the secrets that are given or taken away; the others stay as they are on file."""
    plain = canonical(one.code)
    taken: dict[str, object] = {_MARKS[name]: None for name in one.cleared if name in _MARKS}
    given = {"identity": one.identity, "password": one.password}
    return taken | {
        _MARKS[name]: secret_mark(connection, plain, secret) for name, secret in given.items() if secret is not None
    }


def _marks_on_file(one: Dossier) -> dict[str, object]:
    return {"identity_mark": one.identity_mark, "password_mark": one.password_mark}


def _values(one: DossierFacts, now: datetime) -> dict[str, object]:
    plain = canonical(one.code)
    return {
        "code": one.code,
        "canonical": plain,
        "lookalike": lookalike_key(plain),
        "status": one.status,
        "procedure": one.procedure,
        "received_on": one.received_on,
        "due_on": one.due_on,
        "wanted": one.wanted,
        "pick_up": one.pick_up,
        "updated_at": now,
    }


def _read(row: Row[tuple[object, ...]]) -> Dossier:
    return Dossier(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
