"""What a session reports to its bind: a closed set of events."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from db.store.record import record
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """The SMSC accepted the bind."""

    system_id: str


@record
class Received:
    """A deliver_sm or data_sm came in; answer it once, with `answer`."""

    command: int
    sequence: int
    message: ShortMessage
    pdu: bytes  # the same, whole, as received


@record
class Answered:
    """A submit_sm was answered; the token is what `submit` was given."""

    token: Hashable
    status: int
    message_id: str


@record
class AnsweredLate:
    """A submit_sm was answered after `Unanswered`; the token is what `submit` was given."""

    token: Hashable
    status: int
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwritten:
    """A submit_sm was not written, since the connection is gone: it was surely not taken."""

    token: Hashable


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """A submit_sm got no response in time, or the session ended before: nobody knows whether it was taken."""

    token: Hashable


@dataclass(frozen=True, kw_only=True, slots=True)
class Fell:
    """The session is over; the reason is free of personal data. `asked`: we or they ended it by unbind."""

    reason: str
    asked: bool = False
    unanswered: int = 0  # submit_sm that were in flight


Event = Bound | Received | Answered | AnsweredLate | Unanswered | Unwritten | Fell
