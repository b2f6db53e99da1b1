"""Notices by SMS to duty numbers: written by the one writer of what goes out, while a channel can send them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from db.processes.alarm_texts import count_alarm_texts, mark_alarm_texts
from db.processes.alarms import count_open
from db.processes.channel_states import ChannelState
from db.store.engine import Database
from db.store.ids import first_id_at
from db.store.phone_numbers import read_sender
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered, NoticeKind
from sms_gateway.alarms.ways.words import Language, sms_of
from sms_gateway.channels.status import channel_statuses
from sms_gateway.clock import Now
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.conversation import URGENT_LASTS
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.alarm_model import AlarmSmsSettings

HOUR = timedelta(hours=1)

MOST_AN_HOUR = 10
"""Texts to one telephone, for urgent notices: forty files of one directory that is gone are forty alarms."""

MOST_QUIET = 5
"""For the others, so that room is left. From here on each text says that the page has more: the rest is left out."""

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsParts:
    """What writes texts: of the service, or of a command beside it."""

    database: Database
    replies: Replies
    senders: Sequence[str]  # the channels that send to telephones, the best first
    states: Callable[[], Sequence[ChannelState]]  # of the channels of this process


class SmsWay:
    """Texts notices to the telephones of the settings."""

    name = "sms"

    def __init__(
        self, settings: AlarmSmsSettings, parts: SmsParts, *, service: str, language: Language, now: Now
    ) -> None:
        self._numbers = [number for written in settings.numbers if (number := read_sender(written)) is not None]
        self._parts = parts
        self._service = service
        self._language: Language = language
        self._now = now

    def deliver(self, notice: AlarmNotice) -> None:
        """Write a notice as texts; return when they are stored and a channel is up that sends them."""
        self.queue(notice)

    def queue(self, notice: AlarmNotice) -> Sequence[int]:
        """As `deliver`; return the ids of the texts: none where the telephones got the most of an hour already."""
        now, replies = self._now(), self._parts.replies
        try:
            with self._parts.database.write() as connection:
                link = self._link_up(connection)
                written = self._written(connection, notice, now)
                if written >= (MOST_AN_HOUR if notice.is_urgent else MOST_QUIET):
                    event(_LOG, "alarm_sms_left_out", level="warning", alarm=notice.alarm, kind=notice.kind)
                    return ()
                count = None if written + 1 < MOST_QUIET else sum(count_open(connection).values())
                traits = replies.traits.of(link)
                body = sms_of(notice, self._service, self._language, traits.segments_of, count=count)
                texts = [
                    replies.compose(
                        link=link, sender=traits.known_as, recipient=number, body=body, now=now, lasts=URGENT_LASTS
                    )
                    for number in self._numbers
                ]
                replies.queue(connection, texts, now=now)
                mark_alarm_texts(connection, [one.id for one in texts])
        except SQLAlchemyError as error:
            raise NotDelivered(f"the texts could not be stored ({type(error).__name__})") from None
        return [one.id for one in texts]

    def _written(self, connection: Connection, notice: AlarmNotice, now: datetime) -> int:
        """Return how many texts each telephone got within an hour; a test, that somebody waits for, always goes."""
        if notice.kind is NoticeKind.TEST or not self._numbers:
            return 0
        return count_alarm_texts(connection, self._numbers[0], since=first_id_at(now - HOUR))

    def probe(self) -> str:
        """Return the channel that would send now."""
        try:
            with self._parts.database.read() as connection:
                return self._link_up(connection)
        except SQLAlchemyError as error:
            raise NotDelivered(f"the database cannot be read ({type(error).__name__})") from None

    def _link_up(self, connection: Connection) -> str:
        statuses = channel_statuses(connection, names=self._parts.senders, here=self._parts.states(), now=self._now())
        standing = {one.name for one in statuses if one.state.up and not one.silent}
        for name in self._parts.senders:
            if name in standing:
                return name
        raise NotDelivered("no channel that sends to telephones is up")
