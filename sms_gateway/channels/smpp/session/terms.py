"""The terms of a session, and the states it goes through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
)


class SessionState(Enum):
    """The state of a session; drawn above."""

    OPEN = "open"  # connected; nothing was sent yet
    BINDING = "binding"  # the bind is written, its response awaited
    BOUND = "bound"  # texts may be sent
    UNBINDING = "unbinding"  # we asked to end; responses may still come
    PARTING = "parting"  # they asked to end; answered once no response is awaited or owed
    CLOSED = "closed"  # over; the connection may be dropped


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionTerms:
    """What the two sides agreed on; times in seconds."""

    bind: BindRequest
    window: int
    response_seconds: float
    enquire_seconds: float
