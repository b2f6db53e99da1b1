"""The counts that an operator may see: of texts all, of tickets those of the units that Numbers shows too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from db.reports.day_figures import FigureKind, Figures
from db.schema import OperatorRole
from db.units.unit_rows import list_units
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.messages.figures.spans import Span, Step, start_of
from sms_gateway.pages.session import current_session
from sms_gateway.pages.site.scope import own_memberships
from sms_gateway.process.back_office_jobs import days_counting
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies

_OF_TICKETS = frozenset({FigureKind.TICKET, FigureKind.SCORE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Reads counts for the operator of a request."""

    connection: Connection
    units: Mapping[str, str]
    """The names of the units whose tickets the operator may see, by code; none where there are no tickets."""
    sees_all: bool
    """Whether the operator may see what is told of no unit."""

    def read(self, first: date, last: date, step: Step) -> Mapping[date, Figures]:
        """Return the counts of each step, by its first day; a step without any is not there."""
        parts = dependencies()
        counting = days_counting(parts.settings.retention)
        by_month = step is not Step.DAY
        kept = counting.read(self.connection, first, last, by_month=by_month, now=parts.now())
        found: dict[date, Figures] = {}
        for day, figures in kept.items():
            found.setdefault(start_of(day, step), Figures()).update(self._visible(figures))
        return found

    def read_span(self, span: Span) -> Mapping[date, Figures]:
        """Return the counts of each step of a range that has begun, also of those without any."""
        found = self.read(span.first, span.last, span.step)
        return {start: found.get(start, Figures()) for start in span.starts() if start <= today()}

    def _visible(self, figures: Figures) -> Figures:
        return Figures(
            {
                figure: count
                for figure, count in figures.items()
                if figure.kind not in _OF_TICKETS or figure.detail in self.units or (self.sees_all and self.units)
            }
        )


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
