"""The guard: decides of each text, before it is handled, whether it is answered. One value a text, one query a batch.

It goes by behaviour, never by the words of a text: how many answers a number had in an hour and a day, and how fast
it answers our answers. What is counted are answers, so a text that gets none costs its sender nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from db import events, limits
from db.inbox import WaitingText
from db.limits import Answered, Block, Standing
from handlers.answer import Outcome
from parsers.commands import Command
from parsers.misread import Misread
from sms_gateway.log import event, logger_of
from sms_gateway.road.guessing import GuessLimits, Leave, Request, judge_requests
from sms_gateway.road.ids import first_id_at

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

QUICK = timedelta(minutes=1)
"""Nobody reads five answers and types five texts in this time; a machine does."""

FRUITLESS = timedelta(minutes=3)
"""Five texts in this time that came to nothing: a person who tries again and again needs longer for each."""

_LOG = logger_of(__name__)
_FRUITFUL = frozenset(
    outcome.value
    for outcome in (
        Outcome.ACCOUNT_OPENED,
        Outcome.ACCOUNT_EXISTS,
        Outcome.STATUS_TOLD,
        Outcome.STATUS_PARTLY_TOLD,
    )
)
_IN_HAND = Outcome.STATUS_TOLD.value


class Silence(StrEnum):
    """Why a text gets no answer; stands as its outcome."""

    BLOCKED = "blocked"  # the number is on the block list
    OWN_NUMBER = "own_number"  # from one of our own numbers
    LOOP = "loop"  # answers came and went faster than people type
    HOUR_LIMIT = "hour_limit"  # the hour is used up, and its sender was told
    DAY_LIMIT = "day_limit"  # the day is used up, and its sender was told


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Answer with this notice instead of carrying the text out."""

    outcome: Outcome  # HOUR_LIMIT_TOLD or DAY_LIMIT_TOLD


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepSilent:
    """Give no answer. A machine's number is also put on the block list for a while."""

    reason: Silence
    is_machine: bool = False


Ruling = Leave | Notice | KeepSilent
"""What is decided of one text; Leave lets it be carried out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is answered (section [limits] of the settings)."""

    per_hour: int = 20
    per_day: int = 60
    in_a_row: int = 5  # answers to a machine before it is left alone
    machine_rest: timedelta = timedelta(hours=1)  # how long a machine is left alone
    own_numbers: frozenset[str] = frozenset()
    guesses: GuessLimits = field(default_factory=GuessLimits)


def judge(
    connection: Connection,
    texts: Sequence[tuple[WaitingText, Command | Misread]],
    found: Mapping[str, object],
    given: Limits,
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> Mapping[int, Ruling]:
    """Decide of each text, by its id, in their order; `found` holds the look-alike keys that have a dossier.

    Writes what it must remember (attempts, a block, an alarm) by the connection, so a rollback forgets it. Two
    processes that judge texts of one number in the same moment may each let one more pass: a limit is no lock.
    """
    marks = {text.sender: limits.mark_of(connection, "phone", text.sender) for text, _ in texts}
    standings = limits.read_standings(connection, set(marks.values()), since_id=first_id_at(now - DAY), now=now)
    rulings: dict[int, Ruling] = {}
    leaves: list[Request] = []
    current = dict(standings)
    for text, command in texts:
        mark = marks[text.sender]
        standing = current.get(mark, Standing())
        ruling = rule(standing, sender=text.sender, at=text.received_at, given=given)
        if isinstance(ruling, KeepSilent):
            if ruling.is_machine:
                _leave_alone(connection, text, given, new_id=new_id, now=now)
                current[mark] = Standing(answered=standing.answered, is_blocked=True)
        else:
            current[mark] = _answered(standing, text, command, ruling, now)
        if ruling is None:
            leaves.append(Request(inbound_id=text.id, sender=mark, command=command))
        else:
            rulings[text.id] = ruling
    rulings.update(judge_requests(connection, leaves, found, given.guesses, new_id=new_id, now=now))
    return rulings


def rule(standing: Standing, *, sender: str, at: datetime, given: Limits) -> Notice | KeepSilent | None:
    """Decide of a text that came at `at`, from what its number had before; None lets it pass. Pure."""
    if standing.is_blocked:
        return KeepSilent(reason=Silence.BLOCKED)
    if sender in given.own_numbers:
        return KeepSilent(reason=Silence.OWN_NUMBER)
    before = standing.answered
    quick = [one for one in before if one.received_at > at - QUICK]
    fruitless = [one for one in before if one.received_at > at - FRUITLESS and one.outcome not in _FRUITFUL]
    for run in (quick, fruitless):
        if len(run) >= given.in_a_row:
            return KeepSilent(reason=Silence.LOOP, is_machine=_alternates(run, at, given.in_a_row))
    day = _count(before, since=at - DAY)
    if day >= given.per_day:
        told = _was_told(before, Outcome.DAY_LIMIT_TOLD, since=at - DAY)
        return KeepSilent(reason=Silence.DAY_LIMIT) if told else Notice(outcome=Outcome.DAY_LIMIT_TOLD)
    if _count(before, since=at - HOUR) >= given.per_hour:
        told = _was_told(before, Outcome.HOUR_LIMIT_TOLD, since=at - HOUR)
        return KeepSilent(reason=Silence.HOUR_LIMIT) if told else Notice(outcome=Outcome.HOUR_LIMIT_TOLD)
    return None


def _alternates(run: Sequence[Answered], at: datetime, in_a_row: int) -> bool:
    """Tell whether each text came after the answer to the one before, as when two machines talk.

    Texts that a carrier had kept and hands over together do not: none of them can be an answer to an answer.
    """
    times = [*(one.received_at for one in run), at]
    reactions = sum(later > earlier.handled_at for earlier, later in zip(run, times[1:], strict=True))
    return reactions >= in_a_row - 1


def _count(before: Sequence[Answered], *, since: datetime) -> int:
    return sum(one.received_at > since for one in before)


def _was_told(before: Sequence[Answered], notice: Outcome, *, since: datetime) -> bool:
    return any(one.outcome == notice.value and one.received_at > since for one in before)


def _answered(
    standing: Standing, text: WaitingText, command: Command | Misread, ruling: Notice | None, now: datetime
) -> Standing:
    """Return the standing after this text: what is decided for the next one of the same batch goes by it."""
    outcome = _IN_HAND if not isinstance(command, Misread) else Outcome.CORRECTED.value
    if ruling is not None:
        outcome = ruling.outcome.value
    this = Answered(received_at=text.received_at, handled_at=now, outcome=outcome)
    return Standing(answered=(*standing.answered, this), is_blocked=standing.is_blocked)


def _leave_alone(
    connection: Connection, text: WaitingText, given: Limits, *, new_id: Callable[[], int], now: datetime
) -> None:
    until = now + given.machine_rest
    entry = Block(number=text.sender, reason="loop", made_by="loop", since=now, until=until)
    limits.put_on_list(connection, entry)
    happened = events.NewEvent(id=new_id(), at=now, kind=events.EventKind.LOOP_BROKEN, inbound_id=text.id)
    events.add(connection, [happened])
    event(_LOG, "loop_broken", level="warning", inbound=text.id)
