"""Dossiers: found by the code on the receipt, brought in by import, searched by operators."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from typing import TypeVar

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.notices.changes import Changed, note_notices
from db.notices.subscriptions import StatedPhones, subscribe_stated
from db.notices.terms import terms_of
from db.processes.statistics import note_import
from db.processes.webhook_dossiers import note_changed
from db.schema import DossierStatus, dossier
from db.store.address import Msisdn
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared
from db.store.record import record

Item = TypeVar("Item")

CODE_LETTERS = 64
"""Longest code that the columns hold."""
WANTED_LETTERS = 200
FIX_LETTERS = 200
PICK_UP_LETTERS = 100
PROCEDURE_LETTERS = 200
_KEYS_A_QUERY = 500
"""Keys looked up at once: well below the 32,766 variables of SQLite, and few enough for one short statement."""
_KEYS_REMEMBERED = 2048  # a few rounds of texts: each step that meets a code asks for its key
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "Ɖ": "D"})
_LOOKALIKES = str.maketrans("OIL", "011")
_MARKS = {"identity": "identity_mark", "password": "password_mark"}
"""The column of each secret."""
_BLANKABLE = ("procedure", "received_on", "due_on", "wanted", "fix", "pick_up")
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
    fix: str | None = None
    """How to supply what is wanted."""
    pick_up: str | None = None
    """Where the result lies (status 9)."""
    identity: str | None = field(default=None, repr=False)
    """Last four digits of the applicant's identity number."""
    password: str | None = field(default=None, repr=False)
    """The printed look-up password."""
    phone: Msisdn | None = field(default=None, repr=False)
    """Whom to tell of changes; counts only where the office states that its owner agreed, and is no fact on file."""
    cleared: frozenset[str] = frozenset()
    """Names of the facts above that the file takes away explicitly."""


@record
class Dossier:
    """One dossier as it stands in the database. It holds no name: anyone who has a code may ask."""

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
    fix: str | None = None
    changed_at: datetime | None = None
    """When its office changed it, by its own clock; an import or a page counts at its own time."""
    identity_mark: bytes | None = field(default=None, repr=False)
    password_mark: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCounts:
    """What an import did, in dossiers."""

    new: int = 0
    changed: int = 0
    same: int = 0
    phones: StatedPhones = field(default_factory=StatedPhones)

    def __add__(self, other: ImportCounts) -> ImportCounts:
        new, changed, same = self.new + other.new, self.changed + other.changed, self.same + other.same
        return ImportCounts(new=new, changed=changed, same=same, phones=self.phones + other.phones)


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


def find_by_id(connection: Connection, dossier_id: int) -> Dossier | None:
    """Return the dossier in this row."""
    row = connection.execute(select(dossier).where(dossier.c.id == dossier_id)).one_or_none()
    return None if row is None else read_dossier(row)


def count(connection: Connection) -> int:
    """Return how many dossiers there are."""
    return connection.execute(select(func.count()).select_from(dossier)).scalar_one()


def import_dossiers(
    connection: Connection,
    facts: Iterable[DossierFacts],
    *,
    new_id: Callable[[], int],
    now: datetime,
    consents_stated_by: str | None = None,
) -> ImportCounts:
    """Bring dossiers in: a new code is added, a known one changed when its facts differ.

    A dossier is known by the canonical form of its code; the spelling on file stays. What a file leaves blank stays
    on file too, see `merged`. Safe to repeat: the second time everything is the same and nothing is written. Of one
    code given twice the later facts hold. Two imports at once on PostgreSQL do not fail; the later commit holds.
    Telephones count only when somebody states that their owners agreed (`consents_stated_by`), and notices are on.
    """
    stated_by = consents_stated_by if terms_of(connection) is not None else None
    counts = ImportCounts()
    for some in _batches(facts, _KEYS_A_QUERY):
        by_code = _by_canonical(some)
        found = _import_batch(connection, by_code, new_id, now)
        counts += ImportCounts(new=len(found.new), changed=len(found.changed), same=found.same)
        phones = {key: one.phone for key, one in by_code.items() if stated_by and one.phone is not None}
        if stated_by and phones:
            told = subscribe_stated(connection, phones, stated_by=stated_by, new_id=new_id, now=now)
            counts += ImportCounts(phones=told)
        new = (Changed(canonical(one.code), None, one) for one in found.new)
        note_notices(connection, chain(new, (Changed(one.canonical, one, it) for one, it in found.changed)), at=now)
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
    wanted, fix = (known.wanted, known.fix) if one.status is known.status else (None, None)
    return replace(
        one,
        code=known.code,
        procedure=_left(one, "procedure", one.procedure, known.procedure),
        received_on=_left(one, "received_on", one.received_on, known.received_on),
        due_on=_left(one, "due_on", one.due_on, known.due_on),
        wanted=_left(one, "wanted", one.wanted, wanted),
        fix=_left(one, "fix", one.fix, fix),
        pick_up=_left(one, "pick_up", one.pick_up, known.pick_up),
    )


def change_dossier(connection: Connection, one: Dossier, facts: DossierFacts, *, now: datetime) -> bool:
    """Write other facts of a dossier; False when it was changed meanwhile, and nothing is written."""
    guarded = update(dossier).where(dossier.c.id == one.id, dossier.c.updated_at == one.updated_at)
    if connection.execute(guarded.values(_values(facts, now))).rowcount == 0:
        return False
    note_changed(connection, [(facts.code, facts.status)], at=now)
    note_notices(connection, [Changed(one.canonical, one, facts)], at=now)
    return True


def facts_of(one: Dossier) -> DossierFacts:
    """Return what an office says of a dossier, but for its secrets, which nobody knows."""
    return DossierFacts(
        code=one.code,
        status=one.status,
        procedure=one.procedure,
        received_on=one.received_on,
        due_on=one.due_on,
        wanted=one.wanted,
        fix=one.fix,
        pick_up=one.pick_up,
    )


def _left(one: DossierFacts, name: str, given: Item | None, on_file: Item | None) -> Item | None:
    return on_file if given is None and name not in one.cleared else given


def _by_canonical(facts: Iterable[DossierFacts]) -> Mapping[str, DossierFacts]:
    return {canonical(one.code): one for one in facts}


def _import_batch(
    connection: Connection, facts: Mapping[str, DossierFacts], new_id: Callable[[], int], now: datetime
) -> Comparison:
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
    changed = (*found.new, *(one for _, one in found.changed))
    note_changed(connection, ((one.code, one.status) for one in changed), at=now)
    return found


def _compare_batch(connection: Connection, facts: Mapping[str, DossierFacts]) -> Comparison:
    query = select(dossier).where(dossier.c.canonical.in_(list(facts)))
    known = {row.canonical: read_dossier(row) for row in connection.execute(query)}
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
    bare = replace(one, identity=None, password=None, phone=None, cleared=frozenset())
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
        "fix": one.fix,
        "pick_up": one.pick_up,
        "updated_at": now,
        "changed_at": now,
    }


def read_dossier(row: Row[tuple[object, ...]]) -> Dossier:
    """Make a dossier of a row of its table."""
    return Dossier(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
