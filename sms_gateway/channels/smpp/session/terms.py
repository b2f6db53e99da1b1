"""What a session is bound with, and the states it goes through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
)


class SessionState(Enum):
    """Where a session is; drawn above."""

    OPEN = "open"  # connected; nothing was said yet
    BINDING = "binding"  # the bind is written, its response awaited
    BOUND = "bound"  # texts may go
    UNBINDING = "unbinding"  # we asked to part; responses may still come
    PARTING = "parting"  # they asked to part; answered once no response is awaited or owed
    CLOSED = "closed"  # over; the connection may be dropped


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionTerms:
    """What the two sides agreed on; times in seconds."""

    bind: BindRequest
    window: int
    response_seconds: float
    enquire_seconds: float
