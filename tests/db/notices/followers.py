"""Dossiers that phones follow, as the tests of notices make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import select

from db.citizens.dossiers import DossierFacts, find_by_lookalike, import_dossiers
from db.notices.release import give_terms
from db.notices.subscriptions import Subscriber, subscribe
from db.notices.terms import NoticeTerms
from db.schema import DossierStatus, notice
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import first_id_at

NOON = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
"""12:00 in Viet Nam."""
CODE = "H17-261129-0001"
PHONE = Address("84905123456")
HOLD = timedelta(hours=1)
S = DossierStatus
ids = count(first_id_at(NOON))


def new_id() -> int:
    """Return another id."""
    return next(ids)


def at(minutes: float) -> datetime:
    """Return the time so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def terms_for(database: Database) -> NoticeTerms:
    """Switch notices on."""
    terms = NoticeTerms(hold=HOLD, new_id=new_id, zone=ZoneInfo("Asia/Ho_Chi_Minh"))
    give_terms(database, terms)
    return terms


def store(
    database: Database,
    status: DossierStatus,
    *,
    code: str = CODE,
    minute: float = 0,
    wanted: str | None = None,
    fix: str | None = None,
    pick_up: str | None = None,
    due_on: date | None = None,
) -> None:
    """Import a dossier."""
    facts = DossierFacts(code=code, status=status, wanted=wanted, fix=fix, pick_up=pick_up, due_on=due_on)
    with database.write() as connection:
        import_dossiers(connection, [facts], new_id=new_id, now=at(minute))


def follow(
    database: Database, *, code: str = CODE, phone: Address = PHONE, minute: float = 0, with_secret: bool = False
) -> int:
    """Let a phone follow a dossier; return of how many it was not told before."""
    with database.write() as connection:
        key = "".join(letter for letter in code if letter.isalnum()).translate(str.maketrans("OIL", "011"))
        (found,) = find_by_lookalike(connection, [key])[key]
        who = Subscriber(phone=phone, inbound_id=7, link="main", short_code="8188", with_secret=with_secret)
        return subscribe(connection, who, [found.id], new_id=new_id, now=at(minute))


def notices(database: Database) -> Sequence[tuple[str, str]]:
    """Return kind and state of every notice."""
    with database.read() as connection:
        rows = connection.execute(select(notice.c.kind, notice.c.state).order_by(notice.c.id))
        return [(row.kind.value, row.state.value) for row in rows]
