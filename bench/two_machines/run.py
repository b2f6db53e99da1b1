"""One run: two machines under load, one trouble, and what became of every text."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from bench.chaos.carriers import SmppCarrier
from bench.chaos.crowd import Crowd
from bench.chaos.tally import Tally, count_unsettled, take_tally
from bench.two_machines.machine import ADMINISTRATOR, NAME, Machine
from bench.two_machines.network import Network, address_of
from db.store.engine import open_database
from db.upkeep.revision import upgrade
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Direction, Faults
from sms_gateway.process import keyfile
from tests.postgres import ROLE

FAULTS = Faults(response_delay=0.02, receipt_delay=0.1, retry_delay=0.3, window=50)
BEFORE_SECONDS = 8.0
"""Of load before the trouble."""

AFTER_SECONDS = 10.0
"""Of load after it."""

PATIENCE_SECONDS = 80.0
"""So long the counts may stand still before what is missing counts as lost: claims of the dead end after 60 s."""

_BIND_SECONDS = 60.0
_FOLLOW_SECONDS = 20.0


class CarrierOnNet(SmppCarrier):
    """The simulated SMSC, at the carrier's address."""

    def section(self, directory: Path, window: int) -> str:
        """Return the section of the link."""
        return super().section(directory, window).replace("127.0.0.1", address_of("carrier"))


@dataclass(kw_only=True)
class Pair:
    """Two machines under load: `a` has the primary and holds the bind, `b` has the standby."""

    network: Network
    a: Machine
    b: Machine
    carrier: CarrierOnNet
    config: Path
    started_at: datetime | None = None  # of the trouble

    def begin(self) -> None:
        """Note that the trouble begins now."""
        self.started_at = utc_now()

    def revive(self) -> None:
        """Start processes again that ended by themselves, as systemd does."""
        for machine in (self.a, self.b):
            machine.revive_gateway(self.config)

    def await_bind(self) -> None:
        """Wait until the carrier has a bind; raises TimeoutError."""
        deadline = time.monotonic() + _BIND_SECONDS
        while self.carrier.bound != 1:
            self.revive()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.carrier.bound} binds")
            time.sleep(0.1)

    def standby(self, machine: Machine, *words: str) -> str:
        """Run `db standby` on a machine, as the operator does."""
        return machine.command(self.config, "db", "standby", "--as", ADMINISTRATOR, *words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to."""

    pause: float  # the longest time without an answer, from the trouble on
    tally: Tally
    lost: int  # acknowledged to the carrier, and not in the database or not answered

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost, and nothing done twice without a mark."""
        return self.tally.good and not self.lost


def run(network: Network, directory: Path, trouble: Callable[[Pair], None], *, rate: float, waits: bool) -> Outcome:
    """Let one trouble happen under load; with `waits` commits wait for the standby."""
    keys = directory / "keys"
    keyring = keyfile.load_or_make(keys)
    with _pair(network, directory, keys, waits=waits) as pair:
        url = _url()
        database = open_database(url, keyring)
        crowd = Crowd(pair.carrier, rate=rate)
        try:
            pair.a.start_gateway(pair.config)
            pair.await_bind()
            pair.b.start_gateway(pair.config)
            pair.b.await_gateway()
            crowd.start()
            time.sleep(BEFORE_SECONDS)
            trouble(pair)
            time.sleep(AFTER_SECONDS)
            crowd.end_after(0)
            _settle(crowd, lambda: count_unsettled(database), pair.revive)
            for machine in (pair.a, pair.b):
                machine.stop_gateway()
            tally = take_tally(crowd, database)
        finally:
            crowd.end_after(0)
            database.close()
        return Outcome(pause=_pause(crowd, pair.started_at), tally=tally, lost=tally.lost)


def _url() -> str:
    hosts = "&".join(f"host={address_of(machine)}:5432" for machine in ("a", "b"))
    return f"postgresql+psycopg://{ROLE}@/{NAME}?{hosts}&target_session_attrs=read-write"


@contextmanager
def _pair(network: Network, directory: Path, keys: Path, *, waits: bool) -> Iterator[Pair]:
    a, b = (Machine(network, name, directory) for name in ("a", "b"))
    carrier = CarrierOnNet(address_of("carrier"), faults=FAULTS)
    config = directory / "gateway.toml"
    config.write_text(
        f'[database]\nurl = "{_url()}"\nkey_file = "{keys}"\n[web]\nport = 0\n'
        f"{carrier.section(directory, 10)}[limits]\naccounts_an_hour = 1000000\nanswers_an_hour = 0\n",
        encoding="utf-8",
    )
    pair = Pair(network=network, a=a, b=b, carrier=carrier, config=config)
    carrier.start()
    try:
        a.make_primary()
        made = open_database(_url(), keyfile.load(keys))
        upgrade(made)
        made.close()
        b.follow(a)
        if waits:
            _wait_for_standby(pair)
        yield pair
    finally:
        for machine in (a, b):
            machine.stop_gateway()
        carrier.stop()
        for machine in (a, b):
            machine.lose_power()


def _wait_for_standby(pair: Pair) -> None:
    deadline = time.monotonic() + _FOLLOW_SECONDS
    while True:
        try:
            pair.standby(pair.a, "--wait-for", "a, b")
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def _settle(crowd: Crowd, unsettled: Callable[[], int], revive: Callable[[], None]) -> None:
    """Wait until everybody is served and all rows are at an end, or nothing moves any more."""
    counts, moved = (-1, -1), time.monotonic()
    while time.monotonic() - moved < PATIENCE_SECONDS:
        revive()
        now = (crowd.waiting(), unsettled())
        if now == (0, 0):
            return
        if now != counts:
            counts, moved = now, time.monotonic()
        time.sleep(0.5)


def _pause(crowd: Crowd, since: datetime | None) -> float:
    times = sorted(
        bubble.at
        for conversation in crowd.conversations()
        for bubble in conversation
        if bubble.direction is Direction.MT and (since is None or bubble.at >= since)
    )
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise([*([since] if since else []), *times])]
    return max(gaps, default=0.0)
