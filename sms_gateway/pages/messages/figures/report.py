"""The report of a quarter as tables: its counts beside those of the quarter before and of the same one last year."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from db.reports.day_figures import Figures
from db.schema import OutboundState
from sms_gateway.pages.messages.figures.spans import Quarter
from sms_gateway.pages.messages.figures.tables import (
    NOTHING,
    TEXTS,
    TICKETS,
    TIMES,
    Cell,
    Column,
    commands_table,
    share_of,
    shown_cell,
    sms_of,
)
from sms_gateway.web.language import say

COMPARED = (-1, -4)
"""Quarters before the one of the report."""

_LOST = sms_of(OutboundState.FAILED, OutboundState.EXPIRED)
_EVERY = sms_of()

LOST = (
    Column(name="lost", of=_LOST),
    Column(name="share_lost", of=lambda figures: share_of(_LOST(figures), _EVERY(figures)), is_share=True),
)
_OF_MESSAGES = ("texts", "misread", "sms", "delivered", "unknown", "segments", "within_5", "within_60")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportTable:
    """A table of the report, as it is shown and as it is in the file."""

    title: str
    headings: Sequence[str]
    lines: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """The counts of a quarter, and of those that it is compared with; None where nothing was counted."""

    quarter: Quarter
    now: Figures | None
    before: Sequence[Figures | None]

    def messages(self) -> ReportTable:
        """Return texts, SMS, failed deliveries and times to answer."""
        columns = [one for one in (*TEXTS, *TIMES) if one.name in _OF_MESSAGES]
        place = next(number for number, one in enumerate(columns) if one.name == "unknown")
        return self._table("report.messages", [*columns[:place], *LOST, *columns[place:]])

    def tickets(self) -> ReportTable:
        """Return tickets and ratings of all units."""
        return self._table("report.tickets", TICKETS)

    def services(self) -> ReportTable:
        """Return the texts by how they were read; a service that nobody used in these quarters has no row."""
        every = [self.now, *self.before]
        by_label = [
            {} if each is None else {label: each.total() for label, each in commands_table(each).rows} for each in every
        ]
        labels = {label for found in by_label for label in found}
        pairs = list(zip(every, by_label, strict=True))
        lines = [
            self._line(label, [None if each is None else found.get(label, 0) for each, found in pairs])
            for label in sorted(labels, key=lambda one: (-by_label[0].get(one, 0), one))
        ]
        return ReportTable(title=say("report.services"), headings=self._headings("figures.command"), lines=lines)

    def _table(self, title: str, columns: Collection[Column]) -> ReportTable:
        lines = [
            self._line(
                column.heading,
                [None if each is None else column.of(each) for each in (self.now, *self.before)],
                is_share=column.is_share,
            )
            for column in columns
        ]
        return ReportTable(title=say(title), headings=self._headings("report.what"), lines=lines)

    def _headings(self, first: str) -> Sequence[str]:
        names = [name_of(self.quarter.plus(ago)) for ago in (0, *COMPARED)]
        changes = [say("report.change", quarter=name) for name in names[1:]]
        return [say(first), names[0], *(each for pair in zip(names[1:], changes, strict=True) for each in pair)]

    def _line(self, label: str, values: Sequence[Cell], *, is_share: bool = False) -> Sequence[str]:
        now, *before = values
        compared = [(shown_cell(each, is_share=is_share), change(now, each, is_share=is_share)) for each in before]
        return [
            label[:1].upper() + label[1:],
            shown_cell(now, is_share=is_share),
            *(each for pair in compared for each in pair),
        ]


def name_of(quarter: Quarter) -> str:
    """Return the name of a quarter: `Q. IV/2026`."""
    return say("report.quarter", number=("I", "II", "III", "IV")[quarter.number - 1], year=quarter.year)


def change(now: Cell, before: Cell, *, is_share: bool) -> str:
    """Return how a value differs from an earlier one: in per cent; of shares and means, by how much.

    >>> change(15, 10, is_share=False), change(0.5, 0.25, is_share=True), change(3, 0, is_share=False) == NOTHING
    ('+50.0 %', '+25.0', True)
    """
    if now is None or before is None:
        return NOTHING
    if is_share or isinstance(now, float):
        return _signed((now - before) * (100 if is_share else 1))
    return f"{_signed((now - before) / before * 100)} %" if before else NOTHING


def _signed(value: float) -> str:
    return f"{value:+.1f}" if round(value, 1) else "0.0"
