"""A notice of an alarm, and what delivers one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class NoticeKind(StrEnum):
    """What a notice says of its alarm."""

    BEGINS = "begins"
    GOES_ON = "goes_on"  # a quiet repeat
    ENDS = "ends"
    TEST = "test"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmNotice:
    """What people on duty are told of an alarm, in the language of the settings. It holds no data about citizens."""

    number: str  # the same for every try to deliver this notice
    alarm: str  # such as "link_down"
    subject: str = ""  # which link, table or file; "" where the alarm is of the whole service
    kind: NoticeKind
    title: str
    fix: str  # what to do, in one sentence
    address: str | None = None  # of the page, as a whole URL
    since: datetime
    at: datetime  # when it is sent
    is_urgent: bool = False  # goes out in the quiet hours, too


class NotDelivered(Exception):  # noqa: N818 - a result of a way, raised where no server accepted the notice
    """A notice was not accepted. The reason may be logged: it names no password, no secret and no address.

    `is_final`: another try with the same settings and the same notice seldom helps. It is made later than others.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Way(Protocol):
    """A way on which notices leave the service."""

    @property
    def name(self) -> str:
        """Return `email`, `webhook` or `sms`."""

    def deliver(self, notice: AlarmNotice) -> None:
        """Deliver a notice; return when it was accepted.

        Raises:
            NotDelivered: It was not accepted, or nobody knows. Another try is safe: it has the same number.
        """
