"""A change of a dossier -> the notices of those who follow it, in the commit of the change.

Nothing is written while notices are off: that costs one look-up of an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.notices.terms import NoticeTerms, terms_of
from db.schema import DossierStatus, NoticeKind, NoticeState, dossier, notice, subscription
from db.store.record import record

KINDS: Mapping[DossierStatus, NoticeKind] = {
    DossierStatus.ACCEPTED: NoticeKind.RECEIVED,
    DossierStatus.NOT_ACCEPTED: NoticeKind.REFUSED,
    DossierStatus.PAPERS_WANTED: NoticeKind.PAPERS_WANTED,
    DossierStatus.PAYMENT_WANTED: NoticeKind.PAYMENT_WANTED,
    DossierStatus.WITHDRAWN: NoticeKind.WITHDRAWN,
    DossierStatus.STOPPED: NoticeKind.STOPPED,
    DossierStatus.DONE: NoticeKind.DONE,
    DossierStatus.RETURNED: NoticeKind.RETURNED,
}
"""What a state tells; the others tell nothing."""

STATUS_OF: Mapping[NoticeKind, DossierStatus] = {kind: status for status, kind in KINDS.items()}

RUNNING = frozenset({DossierStatus.REGISTERED, DossierStatus.ACCEPTED, DossierStatus.IN_PROGRESS})
"""States in which the office works, so that its due date counts."""

ENDED = frozenset({DossierStatus.WITHDRAWN, DossierStatus.STOPPED, DossierStatus.RETURNED})
"""States that nobody is told of who is subscribed with them."""

DEMANDS = frozenset({DossierStatus.PAPERS_WANTED, DossierStatus.PAYMENT_WANTED})
"""States that ask citizens for something."""

_ON = "-"
_KEYS_A_QUERY = 500
_HASH_OCTETS = 16


@record
class Told:
    """What of a dossier a notice can depend on."""

    status: DossierStatus
    due_on: date | None = None
    wanted: str | None = None
    fix: str | None = None
    pick_up: str | None = None


class Facts(Protocol):
    """The same of a dossier as it is stored, or as an office gives it."""

    @property
    def status(self) -> DossierStatus:
        """Its state."""

    @property
    def due_on(self) -> date | None:
        """When it is due."""

    @property
    def wanted(self) -> str | None:
        """What is missing."""

    @property
    def fix(self) -> str | None:
        """How to supply it."""

    @property
    def pick_up(self) -> str | None:
        """Where the result is."""


class Changed(NamedTuple):
    """A dossier, by its canonical code, before (None: it is new) and after a change."""

    canonical: str
    before: Facts | None
    after: Facts


def note_notices(connection: Connection, changed: Iterable[Changed], *, at: datetime) -> None:
    """Write what those who follow these dossiers are told; what waits and is not true any more is replaced.

    Safe to repeat: what was written once is not written again.
    """
    terms = terms_of(connection)
    if terms is None:
        return
    rest = (one for one in changed if is_told(one) or is_postponed(one, terms.day_of(at)))
    while some := list(islice(rest, _KEYS_A_QUERY)):
        _note_some(connection, some, terms, at)


def is_told(one: Changed) -> bool:
    """Return whether another thing is to be told than before, also if it is nothing."""
    if one.before is None:
        return one.after.status not in ENDED
    return value_of(one.before) != value_of(one.after)


def is_postponed(one: Changed, today: date) -> bool:
    """Return whether a due date that has passed was replaced by a later one."""
    before = None if one.before is None else one.before.due_on
    after = one.after.due_on
    return (
        before is not None and after is not None and before < today and before < after and one.after.status in RUNNING
    )


def value_of(told: Facts) -> str:
    """Return what a state tells, as a hash: the same words are told once, those of a demand once a day."""
    match told.status:
        case DossierStatus.PAPERS_WANTED | DossierStatus.PAYMENT_WANTED:
            words: tuple[str | None, ...] = (told.wanted, told.fix)
        case DossierStatus.DONE:
            words = (told.pick_up,)
        case _:
            return told.status.value
    return blake2b(repr((told.status.value, *words)).encode(), digest_size=_HASH_OCTETS).hexdigest()


def told_on(told: Facts, day: date) -> str:
    """Return the value of a notice that tells this state, as it came into being on this day.

    Papers and money can be demanded again in the same words, or without any: on another day that is another notice.
    """
    value = value_of(told)
    return f"{value}{_ON}{day.isoformat()}" if told.status in DEMANDS else value


def tells(value: str, told: Facts) -> bool:
    """Return whether a notice with this value tells what is so, whenever it came into being."""
    return value.partition(_ON)[0] == value_of(told)


def _note_some(connection: Connection, some: Sequence[Changed], terms: NoticeTerms, at: datetime) -> None:
    followers = _followers(connection, some)
    if not followers:
        return
    told = {one.canonical for one in some if is_told(one)}
    held = _replace(connection, [one for key in told for one in followers.get(key, ())])
    rows = []
    for one in some:
        kind = KINDS.get(one.after.status) if one.canonical in told else None
        for subscription_id in followers.get(one.canonical, ()):
            if kind is not None:
                not_before = min(at + terms.hold, held.get(subscription_id, at + terms.hold))
                value = told_on(one.after, terms.day_of(at))
                rows.append(_row(terms, subscription_id, kind, value, at, not_before))
            if is_postponed(one, terms.day_of(at)) and one.before is not None and one.before.due_on is not None:
                missed = one.before.due_on.isoformat()
                rows.append(_row(terms, subscription_id, NoticeKind.OVERDUE, missed, at, at + terms.hold))
    add_notices(connection, rows)


def _followers(connection: Connection, some: Sequence[Changed]) -> Mapping[str, Sequence[int]]:
    asked = select(dossier.c.canonical, subscription.c.id).join(dossier, dossier.c.id == subscription.c.dossier_id)
    named = dossier.c.canonical.in_([one.canonical for one in some])
    found: dict[str, list[int]] = {}
    for row in connection.execute(asked.where(named, subscription.c.until.is_(None)).order_by(subscription.c.id)):
        found.setdefault(row.canonical, []).append(row.id)
    return found


def _replace(connection: Connection, subscriptions: Sequence[int]) -> Mapping[int, datetime]:
    """Replace what waits to tell an earlier state; return until when it was held, by subscription."""
    held: dict[int, datetime] = {}
    for start in range(0, len(subscriptions), _KEYS_A_QUERY):
        waiting = (
            notice.c.subscription_id.in_(subscriptions[start : start + _KEYS_A_QUERY]),
            notice.c.state == NoticeState.WAITING,
            notice.c.kind.in_(list(STATUS_OF)),
        )
        found = connection.execute(select(notice.c.id, notice.c.subscription_id, notice.c.not_before).where(*waiting))
        rows = found.all()
        held |= {row.subscription_id: row.not_before for row in rows}
        if rows:
            ids = notice.c.id.in_([row.id for row in rows])
            # A round may have written one meanwhile: then it is told, and stays so.
            still = notice.c.state == NoticeState.WAITING
            connection.execute(update(notice).where(ids, still).values(state=NoticeState.REPLACED))
    return held


def _row(  # noqa: PLR0917 - the columns of a row
    terms: NoticeTerms, subscription_id: int, kind: NoticeKind, value: str, at: datetime, not_before: datetime
) -> dict[str, object]:
    return {
        "id": terms.new_id(),
        "subscription_id": subscription_id,
        "kind": kind,
        "value": value,
        "state": NoticeState.WAITING,
        "made_at": at,
        "not_before": not_before,
    }


def add_notices(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert notices. One that is there is left, but if it was replaced before it was written: it is true again."""
    if not rows:
        return
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(notice)
    was_replaced = notice.c.state == NoticeState.REPLACED
    kept = {
        name: case((was_replaced, statement.excluded[name]), else_=notice.c[name])
        for name in ("state", "made_at", "not_before")
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=["subscription_id", "kind", "value"], set_=kept), list(rows)
    )
