"""The alarms of a service on a real database; only the clock, and what takes the notices, are the test's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

from db.citizens.lookups import StoredTable
from db.processes.channel_states import ChannelState
from db.store.engine import Database
from db.store.ids import IdSource
from parsers.vocabulary import VOCABULARY
from sms_gateway.alarms.finding import Watched
from sms_gateway.alarms.notice import AlarmNotice, Way
from sms_gateway.alarms.plan import AlarmTerms
from sms_gateway.alarms.running import Alarms
from sms_gateway.alarms.telling import AlarmDesk
from sms_gateway.channels.service_health import MonitorFailure
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.metrics import Trouble
from sms_gateway.settings.alarm_model import (
    AlarmEmailSettings,
    AlarmSettings,
    AlarmSmsSettings,
    AlarmWebhookSettings,
)
from sms_gateway.settings.model import Settings
from sms_gateway.settings.switches import all_on
from tests.sms_gateway.conftest import VIETTEL, Clock

HELD, REPEAT = timedelta(seconds=60), timedelta(hours=4)
TERMS = AlarmTerms(held=HELD, repeat=REPEAT, quiet=(time(22), time(6)), zone=LOCAL_ZONE)


EVERY_WAY = Settings(
    alarms=AlarmSettings(
        email=AlarmEmailSettings(host="mail.example"),
        webhook=AlarmWebhookSettings(url="https://monitor.example/"),
        sms=AlarmSmsSettings(numbers=["0905123456"]),
    )
)


@dataclass(kw_only=True)
class HeardWay:
    """A way that keeps what it was given, and refuses while it is told to. The far edge."""

    name: str
    refusal: BaseException | None = None
    heard: list[AlarmNotice] = field(default_factory=list)

    def deliver(self, notice: AlarmNotice) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.heard.append(notice)

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Return kind, alarm and subject of each notice."""
        return [(one.kind.value, one.alarm, one.subject) for one in self.heard]


@dataclass(kw_only=True)
class House:
    """A service and what is wrong with it."""

    database: Database
    ways: Sequence[Way]
    settings: Settings = EVERY_WAY
    clock: Clock = field(default_factory=Clock)
    links: list[ChannelState] = field(default_factory=lambda: [VIETTEL])
    left_out: list[StoredTable] = field(default_factory=list)
    troubles: Callable[[], Sequence[Trouble]] = tuple
    monitor: MonitorFailure | None = None  # why it takes no heartbeat
    is_urgent_on: bool | None = None  # None: the conversation is off
    terms: AlarmTerms = TERMS

    def __post_init__(self) -> None:
        self.new_id = IdSource(node=3, now=self.clock).new
        self.alarms = self.restarted()

    def restarted(self) -> Alarms:
        """Return the alarms of a new process."""
        watched = Watched(
            settings=self.settings,
            is_on=all_on,
            links=lambda: self.links,
            troubles=self.troubles,
            is_urgent_on=self.is_urgent_on,
            left_out=lambda: self.left_out,
            heartbeat=lambda: self.monitor,
        )
        desk = AlarmDesk(
            database=self.database,
            watched=watched,
            terms=self.terms,
            language="en",
            vocabulary=VOCABULARY,
            address="https://sms.example/admin/alarms",
            ways=self.ways,
            new_id=self.new_id,
            now=self.clock,
        )
        return Alarms(desk, without_database=[way for way in self.ways if way.name != "sms"])

    def rounds(self, *, seconds: int = 0, every: int = 20) -> None:
        """Make a round now, and one every few seconds for so long."""
        self.alarms.round()
        for _ in range(seconds // every):
            self.clock.advance(timedelta(seconds=every))
            self.alarms.round()

    def go_down(self, name: str = "viettel") -> None:
        """Let a link fall."""
        self.links[:] = [
            replace(one, up=False, since=self.clock.now, last_error="connection closed") if one.name == name else one
            for one in self.links
        ]

    def come_up(self) -> None:
        """Let every link stand."""
        self.links[:] = [VIETTEL]
