"""Dossiers that a system pushes in: in any order, again and again, and an older change never undoes a newer one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, text, update

from db.citizens.dossier_history import Change, add_changes
from db.citizens.dossiers import Dossier, DossierFacts, canonical, compare, import_dossiers, read_dossier
from db.schema import DossierStatus, dossier

MOST_PUSHED = 1000
"""Dossiers in one call: few enough for one short transaction."""

FINAL = frozenset({DossierStatus.WITHDRAWN, DossierStatus.STOPPED, DossierStatus.DONE, DossierStatus.RETURNED})

_KEYS_A_QUERY = 500
_ADVISORY_LOCK = 0x736D7364  # any number of our own; on PostgreSQL pushes wait for it, so that each sees the last
_SET_TIME = update(dossier).where(dossier.c.canonical == bindparam("key")).values(changed_at=bindparam("of_change"))


@dataclass(frozen=True, kw_only=True, slots=True)
class PushedDossier:
    """What a system says of a dossier, and since when that holds."""

    facts: DossierFacts
    at: datetime


class PushOutcome(StrEnum):
    """What became of a pushed dossier."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"  # it is on file already
    OLDER = "older"  # a later change is on file
    FINAL = "final"  # it has ended, and the push does not say that this is corrected


def push_dossiers(
    connection: Connection,
    pushed: Sequence[PushedDossier],
    *,
    corrects: bool,
    by: str,
    new_id: Callable[[], int],
    now: datetime,
) -> Mapping[str, PushOutcome]:
    """Bring in at most MOST_PUSHED dossiers with different codes; return what became of each, by canonical code.

    The later change holds, whatever order changes come in; of two at the same time the later call. A dossier that has
    ended stays ended, but when `corrects` says so and the change is later; that a result is returned (10) follows when
    it is done (9). Facts are merged as in an import. Safe to repeat: the second time nothing is changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    by_key = {canonical(one.facts.code): one for one in pushed}
    known = _known(connection, list(by_key))
    outcomes: dict[str, PushOutcome] = {}
    for key, one in by_key.items():
        before = known.get(key)
        outcomes[key] = PushOutcome.NEW if before is None else _outcome(before, one, corrects=corrects)
    taken = {key: one for key, one in by_key.items() if outcomes[key] not in {PushOutcome.OLDER, PushOutcome.FINAL}}
    if not taken:
        return outcomes
    facts = [one.facts for one in taken.values()]
    changed = compare(connection, facts).changed
    outcomes |= dict.fromkeys((canonical(before.code) for before, _ in changed), PushOutcome.CHANGED)
    import_dossiers(connection, facts, new_id=new_id, now=now)
    add_changes(
        connection,
        (
            Change(id=new_id(), dossier_id=before.id, at=now, operator=by, before=before.status, after=after.status)
            for before, after in changed
            if before.status is not after.status
        ),
    )
    untouched = {key for key in taken if outcomes[key] is PushOutcome.SAME and known[key].changed_at == taken[key].at}
    _set_times(connection, {key: one for key, one in taken.items() if key not in untouched})
    return outcomes


def _known(connection: Connection, keys: Sequence[str]) -> Mapping[str, Dossier]:
    known: dict[str, Dossier] = {}
    for start in range(0, len(keys), _KEYS_A_QUERY):
        asked = select(dossier).where(dossier.c.canonical.in_(keys[start : start + _KEYS_A_QUERY]))
        rows = connection.execute(asked.order_by(dossier.c.id).with_for_update())
        known |= {row.canonical: read_dossier(row) for row in rows}
    return known


def _outcome(before: Dossier, one: PushedDossier, *, corrects: bool) -> PushOutcome:
    """Return what becomes of a dossier on file; SAME stands for SAME and CHANGED until the facts are compared."""
    if one.at < _since(before):
        return PushOutcome.OLDER
    if before.status in FINAL and one.facts.status is not before.status:
        follows = (before.status, one.facts.status) == (DossierStatus.DONE, DossierStatus.RETURNED)
        if not follows and not (corrects and one.at > _since(before)):
            return PushOutcome.FINAL
    return PushOutcome.SAME


def _since(before: Dossier) -> datetime:
    return before.changed_at or before.updated_at


def _set_times(connection: Connection, taken: Mapping[str, PushedDossier]) -> None:
    """Note since when the facts hold, also where they are the same: an older change must not undo these."""
    times = [{"key": key, "of_change": one.at} for key, one in taken.items()]
    if times:
        connection.execute(_SET_TIME, times)
