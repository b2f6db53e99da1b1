"""Stories of citizens who open a ticket and go on: what they write, what must come back, and how the ticket ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from db.schema import TicketState

NUMBER = re.compile(r"YC[46][0-9]{8}")
QUESTION = "cho biet so nha va ten duong"
ANSWER = "moi den bo phan mot cua"


class Act(StrEnum):
    """What an agent does."""

    ASK = "ask"
    RESOLVE = "resolve"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A text of the citizen, or an act of an agent, and what the telephone gets for it."""

    does: str | Act  # of a text: its words, with {number} for the ticket's
    gets: re.Pattern[str]
    is_filed: bool = True  # whether the text becomes an entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """The turns of one citizen; each begins when the one before is answered."""

    turns: tuple[Turn, ...]
    ends: TicketState

    @property
    def filed(self) -> int:
        """Count the texts that become entries."""
        return sum(turn.is_filed and not isinstance(turn.does, Act) for turn in self.turns)

    @property
    def acts(self) -> int:
        """Count what agents do."""
        return sum(isinstance(turn.does, Act) for turn in self.turns)


def _turn(does: str | Act, gets: str, *, is_filed: bool = True) -> Turn:
    return Turn(does=does, gets=re.compile(gets), is_filed=is_filed)


_ASKS = _turn("HOI dang ky tam tru can giay to gi, lam o dau", rf"^Da nhan.*{NUMBER.pattern}")
_REPORTS = _turn("PA den duong hong 3 ngay nay o phuong Hai Chau", rf"^Da nhan.*{NUMBER.pattern}")
_ADDS = _turn("nha so 25 duong Le Duan, gan cho", "^Da ghi them vao")
_WITHDRAWS = _turn("HUY {number}", "^Da huy")

STORIES = (
    Story(turns=(_ASKS, _ADDS), ends=TicketState.NEW),
    Story(turns=(_ASKS, _turn("TT {number}", "^YC", is_filed=False)), ends=TicketState.NEW),
    Story(turns=(_REPORTS, _turn("TL {number} den van chua sang", "^Da ghi them vao")), ends=TicketState.NEW),
    Story(turns=(_ASKS, _WITHDRAWS), ends=TicketState.CLOSED),
    Story(turns=(_REPORTS, _turn("da xong", "^Da dong")), ends=TicketState.CLOSED),
    Story(
        turns=(_REPORTS, _WITHDRAWS, _turn("TL {number} den lai hong roi", "^Da mo lai")),
        ends=TicketState.OPEN,
    ),
    Story(turns=(_REPORTS, _turn(Act.ASK, QUESTION), _ADDS), ends=TicketState.OPEN),
    Story(
        turns=(_ASKS, _turn(Act.RESOLVE, ANSWER), _turn("5", "^Cam on ban da danh gia")),
        ends=TicketState.CLOSED,
    ),
)


def story_of(citizen: int) -> Story:
    """Return the story of the n-th citizen."""
    return STORIES[citizen % len(STORIES)]
