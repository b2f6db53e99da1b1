"""The tables of figures: what a page shows and its file holds, made from counts. Pure, but for the words of pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from db.reports.day_figures import LONGER, OF_UNITS, TAKEN, Figure, FigureKind, Figures, TicketFigure, seconds_of
from db.schema import InboundState, OutboundState
from sms_gateway.pages.display.reading_names import shown_outcome, shown_reading
from sms_gateway.process.minute_counts import MISREADINGS
from sms_gateway.web.language import say

SOON, WITHIN_A_MINUTE = 5, 60
"""Seconds within which answers are counted."""

_MEDIAN, _MOST = 0.5, 0.95
_REPEATED = (InboundState.REDELIVERY, InboundState.DOUBLE_TAP)
_WAITING = (OutboundState.QUEUED, OutboundState.CLAIMED)

NOTHING = "\N{EN DASH}"
"""Stands in a cell where there is nothing to count."""

Cell = int | float | None
"""A count, a share or a mean; None where there is nothing to count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table: its name, and how it is made from the counts of a row."""

    name: str
    of: Callable[[Figures], Cell]
    is_share: bool = False

    @property
    def heading(self) -> str:
        """Return its name in words."""
        return say(f"figures.{self.name}")

    def shown(self, figures: Figures) -> str:
        """Return the cell of a row."""
        return shown_cell(self.of(figures), is_share=self.is_share)


def shown_cell(value: Cell, *, is_share: bool = False) -> str:
    """Write a cell: a dash stands for nothing.

    >>> shown_cell(12), shown_cell(0.256, is_share=True), shown_cell(4.25), shown_cell(None) == NOTHING
    ('12', '25.6 %', '4.2', True)
    """
    if value is None:
        return NOTHING
    if is_share:
        return f"{value * 100:.1f} %"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def total(figures: Figures, kind: FigureKind, keys: Collection[str] | None = None, detail: str | None = None) -> int:
    """Add up the counts of a kind: of some keys, of one detail, or of all."""
    return sum(
        count
        for figure, count in figures.items()
        if figure.kind == kind and (keys is None or figure.key in keys) and (detail is None or figure.detail == detail)
    )


def count_texts(figures: Figures) -> int:
    """Count the texts; what a carrier sent twice is one text, as on Today."""
    repeated = sum(
        count
        for figure, count in figures.items()
        if figure.kind == FigureKind.TEXT and figure.detail == InboundState.REDELIVERY
    )
    return total(figures, FigureKind.TEXT) - repeated


def count_misread(figures: Figures) -> int:
    """Count the texts with a command that could not be read."""
    return total(figures, FigureKind.TEXT, MISREADINGS)


def share_within(seconds: int) -> Callable[[Figures], float | None]:
    """Return what counts the share of answers that the carrier took within some seconds."""

    def share(figures: Figures) -> float | None:
        times = _times(figures)
        return share_of(sum(count for bound, count in times if bound <= seconds), sum(count for _, count in times))

    return share


def time_within(share: float) -> Callable[[Figures], int | None]:
    """Return what finds the seconds within which a share of the answers was taken, as the upper bound of its bucket."""

    def seconds(figures: Figures) -> int | None:
        times, reached = _times(figures), 0
        needed = share * sum(count for _, count in times)
        for bound, count in times:
            reached += count
            if reached >= needed:
                return int(bound) if bound < seconds_of(LONGER) else None
        return None

    return seconds


def share_of(part: int, whole: int) -> float | None:
    """Return a share; None of nothing."""
    return part / whole if whole else None


def count_tickets(*what: TicketFigure) -> Callable[[Figures], int]:
    """Return what counts the tickets to which this happened."""
    return lambda figures: total(figures, FigureKind.TICKET, what)


def mean_score(figures: Figures) -> float | None:
    """Return the mean of the ratings."""
    scores = [(int(figure.key), count) for figure, count in figures.items() if figure.kind == FigureKind.SCORE]
    return share_of(sum(score * count for score, count in scores), sum(count for _, count in scores))


def _times(figures: Figures) -> Sequence[tuple[float, int]]:
    return sorted((seconds_of(one.key), count) for one, count in figures.items() if one.kind == FigureKind.TIME)


def sms_of(*states: OutboundState, detail: str | None = None) -> Callable[[Figures], int]:
    """Return what counts the SMS in some states, of all without any; with a detail those that have it."""
    return lambda figures: total(figures, FigureKind.SMS, states or None, detail)


TEXTS = (
    Column(name="texts", of=count_texts),
    Column(name="misread", of=count_misread),
    Column(name="sms", of=sms_of()),
    Column(name="sent", of=sms_of(detail=TAKEN)),
    Column(name="delivered", of=sms_of(OutboundState.DELIVERED)),
    Column(name="failed", of=sms_of(OutboundState.FAILED)),
    Column(name="expired", of=sms_of(OutboundState.EXPIRED)),
    Column(name="unknown", of=sms_of(OutboundState.SENT)),
    Column(name="waiting", of=sms_of(*_WAITING)),
    Column(name="segments", of=lambda figures: total(figures, FigureKind.SEGMENTS)),
)

TIMES = (
    Column(name="answered_texts", of=lambda figures: total(figures, FigureKind.TIME)),
    Column(name="within_5", of=share_within(SOON), is_share=True),
    Column(name="within_60", of=share_within(WITHIN_A_MINUTE), is_share=True),
    Column(name="median", of=time_within(_MEDIAN)),
    Column(name="p95", of=time_within(_MOST)),
)

ANSWERED = count_tickets(TicketFigure.IN_TIME, TicketFigure.LATE)
IN_TIME = count_tickets(TicketFigure.IN_TIME)

TICKETS = (
    Column(name="opened", of=count_tickets(TicketFigure.OPENED)),
    Column(name="answered", of=ANSWERED),
    Column(name="in_time", of=IN_TIME),
    Column(name="late", of=count_tickets(TicketFigure.LATE)),
    Column(name="share_in_time", of=lambda figures: share_of(IN_TIME(figures), ANSWERED(figures)), is_share=True),
    Column(name="reopened", of=count_tickets(TicketFigure.REOPENED)),
    Column(name="closed", of=count_tickets(TicketFigure.CLOSED)),
    Column(name="rated", of=lambda figures: total(figures, FigureKind.SCORE)),
    Column(name="mean_score", of=mean_score),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table: rows of counts under the same columns, each with its label."""

    name: str
    of: str
    """What its rows are about: the key of the first heading."""
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Figures]]

    def headings(self) -> Sequence[str]:
        """Return the words of the headings."""
        return [say(f"figures.{self.of}"), *(column.heading for column in self.columns)]

    def lines(self) -> Sequence[Sequence[str]]:
        """Return the rows as they are shown, each with its label first."""
        return [[label, *(column.shown(figures) for column in self.columns)] for label, figures in self.rows]


def commands_table(figures: Figures) -> Table:
    """Return how texts were read, the most frequent first."""
    return _parts("commands", figures, _reading)


def outcomes_table(figures: Figures) -> Table:
    """Return what came of texts."""
    return _parts("outcomes", figures, lambda one: _outcome(one.detail))


def _reading(one: Figure) -> str:
    """Return how a text was read; of one without a reading, why it has none. Only a new text is still to be read."""
    if one.key or one.detail == InboundState.RECEIVED:
        return shown_reading(one.key or None)
    if one.detail == InboundState.PARKED:
        return say("state.parked")
    return say("reading.repeated" if one.detail in _REPEATED else "reading.not_needed")


def _outcome(outcome: str) -> str:
    return say(f"state.{outcome}") if outcome in set(InboundState) else shown_outcome(outcome)


def _parts(name: str, figures: Figures, label_of: Callable[[Figure], str]) -> Table:
    found: dict[str, Figures] = {}
    for figure, count in figures.items():
        if figure.kind == FigureKind.TEXT:
            found.setdefault(label_of(figure), Figures())[figure] += count
    whole = total(figures, FigureKind.TEXT)
    columns = (
        Column(name="texts_all", of=lambda some: total(some, FigureKind.TEXT)),
        Column(name="share", of=lambda some: share_of(total(some, FigureKind.TEXT), whole), is_share=True),
    )
    rows = sorted(found.items(), key=lambda row: (-row[1].total(), row[0]))
    return Table(name=name, of=name.removesuffix("s"), columns=columns, rows=rows)


def units_table(figures: Figures, names: Mapping[str, str]) -> Table:
    """Return how the tickets of each unit went; without a code are accusations, of which no unit is told."""
    found: dict[str, Figures] = {}
    for figure, count in figures.items():
        if figure.kind in OF_UNITS:
            found.setdefault(figure.detail, Figures())[figure] += count
    rows = [(names.get(code, code) if code else say("figures.no_unit"), some) for code, some in found.items()]
    return Table(name="units", of="unit", columns=TICKETS, rows=sorted(rows, key=lambda row: row[0]))
