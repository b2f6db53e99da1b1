"""How messages are counted by the minute: for the chart and the counts of Today, and by the schedule."""

from __future__ import annotations

from datetime import datetime

from db.reports.rollups import Rollup
from db.store.ids import IDS_A_MINUTE, first_id_at
from handlers.commands import HANDLERS
from parsers.misread import MisreadKind

MISREADINGS = tuple(f"misread:{kind.value}" for kind in MisreadKind)

ROLLUP = Rollup(
    ids_a_minute=IDS_A_MINUTE,
    misreadings=MISREADINGS,
    look_up=next(one.name for one in HANDLERS.every if one.is_look_up),
)


def minute_number(moment: datetime) -> int:
    """Return the number of the minute that a moment is in."""
    return first_id_at(moment) // IDS_A_MINUTE
