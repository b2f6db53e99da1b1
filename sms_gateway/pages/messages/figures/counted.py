"""The counts that an operator may see: of texts all, of tickets those of the units that Numbers shows too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from db.reports.day_figures import Figures
from db.reports.kept_figures import Kept
from db.schema import OperatorRole
from db.units.unit_rows import list_units
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.messages.figures.spans import Span, Step, start_of
from sms_gateway.pages.session import current_session
from sms_gateway.pages.site.scope import own_memberships
from sms_gateway.process.back_office_jobs import days_counting
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """The counts of a range: of each step that has begun, and in all. Those of steps do not tell units apart."""

    steps: Mapping[date, Figures]
    total: Figures
    is_whole: bool
    """Whether each day was counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Reads counts for the operator of a request."""

    connection: Connection
    units: Mapping[str, str]
    """The names of the units whose tickets the operator may see, by code; none where there are no tickets."""
    sees_all: bool
    """Whether the operator may see what is told of no unit."""

    def read(self, span: Span) -> Counted:
        """Return the counts of a range."""
        kept = self._kept(span.first, span.last, by_month=span.step is not Step.DAY)
        steps = {start: Figures() for start in span.starts() if start <= today()}
        for day, figures in kept.steps.items():
            if day <= today():  # a clock that was ahead leaves later days
                steps[start_of(day, span.step)].update(figures)
        return Counted(steps=steps, total=kept.total, is_whole=not kept.missing)

    def read_months(self, first: date, last: date) -> Kept:
        """Return the counts of whole months."""
        return self._kept(first, last, by_month=True)

    def _kept(self, first: date, last: date, *, by_month: bool) -> Kept:
        parts = dependencies()
        units = None if self.units and self.sees_all else self.units
        counting = days_counting(parts.settings.retention)
        return counting.read(self.connection, first, last, by_month=by_month, units=units, now=parts.now())


def reader(connection: Connection) -> Reader:
    """Return what the operator of this request may read."""
    operator = current_session().operator
    is_agent = operator.role is OperatorRole.AGENT
    if not dependencies().is_on(CONVERSATION):
        return Reader(connection=connection, units={}, sees_all=not is_agent)
    led = {one.unit_id for one in own_memberships(connection, operator) if one.leads}
    units = {one.code: one.name for one in list_units(connection) if not is_agent or one.id in led}
    return Reader(connection=connection, units=units, sees_all=not is_agent)


def today() -> date:
    """Return the day in the city."""
    return dependencies().now().astimezone(LOCAL_ZONE).date()
