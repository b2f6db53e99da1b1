"""Look-ups: many more than usual find nothing, so an import is probably missing; tables that nobody approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from sqlalchemy import Connection

from db.citizens.lookups import StoredTable, answering, list_tables
from db.processes.statistics import StatisticName, read_figures
from db.reports.rollups import LookUps, read_look_ups
from db.schema import NOT_FOUND, LookupState
from sms_gateway.alarms.condition import AlarmName, Condition, said
from sms_gateway.clock import local_time
from sms_gateway.process.minute_counts import minute_number

WINDOWS = (timedelta(hours=1), timedelta(days=1))
"""The hour soon shows a jump of a busy city; in a small city only the day has enough look-ups."""

USUAL_FOR = timedelta(days=7)
"""The usual share is that of the seven days before the last one."""

FEW = 10
"""With fewer look-ups a share means nothing."""

_DEVIATIONS = 3
_POINTS = 0.15
"""A jump is both: three standard deviations above chance, and 15 points above the usual share."""

_ASSUMED = LookUps(asked=10, not_found=2)
"""Assumed before there are counts: one in five of the codes that people type is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Jump:
    """A share that is far above the usual one."""

    window: timedelta
    found: LookUps
    usual: float


def find_jump(recent: Sequence[tuple[timedelta, LookUps]], before: LookUps) -> Jump | None:
    """Return the first time window in which the share of look-ups that found nothing has jumped."""
    usual = (before.not_found + _ASSUMED.not_found) / (before.asked + _ASSUMED.asked)
    for window, found in recent:
        expected = found.asked * usual
        most = max(expected + _DEVIATIONS * sqrt(expected * (1 - usual)), found.asked * (usual + _POINTS))
        if found.asked >= FEW and found.not_found > most:
            return Jump(window=window, found=found, usual=usual)
    return None


def read_jump(connection: Connection, now: datetime) -> Jump | None:
    """Look for a jump in the minutes that are kept."""
    end = minute_number(now)
    recent = [(window, read_look_ups(connection, minute_number(now - window), end)) for window in WINDOWS]
    usual_until = now - WINDOWS[-1]
    before = read_look_ups(connection, minute_number(usual_until - USUAL_FOR), minute_number(usual_until))
    return find_jump(recent, before)


def newest_import(connection: Connection) -> datetime | None:
    """Return when dossiers were last imported; None when they never were."""
    found = read_figures(connection).get(StatisticName.IMPORTED)
    return None if found is None else found.taken_at


def look_up_conditions(jump: Jump | None, imported_at: datetime | None) -> Iterator[Condition]:
    """Return the condition of a jump, with the newest import."""
    if jump is None:
        return
    title = said(
        "alarm.not_found",
        count=jump.found.not_found,
        total=jump.found.asked,
        hours=jump.window // timedelta(hours=1),
        usual=round(100 * jump.usual),
    )
    fix = said("fix.not_found", since=local_time(imported_at)) if imported_at else said("fix.not_found_never")
    page_values = {"outcome": NOT_FOUND}
    yield Condition(name=AlarmName.NOT_FOUND, title=title, fix=fix, page="admin.log", page_values=page_values)


def unapproved_tables(connection: Connection, now: datetime) -> Sequence[StoredTable]:
    """Return the look-up tables that wait for an approval, or answer without one."""
    every = list_tables(connection)
    current = {one.id for one in answering(every, now)}
    waits = (one for one in every if one.state is LookupState.WAITING and not one.off)
    return [one for one in waits if one.id in current or not one.answers(now)]


def table_conditions(
    tables: Sequence[StoredTable], left_out: Sequence[StoredTable], now: datetime
) -> Iterator[Condition]:
    """Return a condition for each table that nobody approved, and for each that cannot answer."""
    for one in left_out:
        yield _of_table(AlarmName.TABLE_LEFT_OUT, one)
    for one in tables:
        yield _of_table(AlarmName.TABLE_UNAPPROVED if one.is_unapproved(now) else AlarmName.TABLE_WAITS, one)


def _of_table(name: AlarmName, table: StoredTable) -> Condition:
    return Condition(
        name=name,
        subject=str(table.id),
        title=said(f"alarm.{name}", name=table.name),
        fix=said(f"fix.{name}"),
        page="admin.table_version",
        page_values={"table_id": table.id},
    )
