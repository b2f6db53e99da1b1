"""Figures of one trouble at a time: take-overs, an outage of the database, doubled answers against the window."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Thread

from sqlalchemy import func, select

from bench.chaos.crowd import Crowd
from bench.chaos.rig import Process, Rig
from bench.chaos.run import revive, settle
from bench.chaos.tally import Tally, take_tally
from db.processes import duties
from db.schema import outbound

_LINK = "link:main"


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeOvers:
    """Seconds from a death, and from SIGTERM, until the carrier has the other process's bind."""

    after_kill: Sequence[float]
    after_stop: Sequence[float]
    tally: Tally


def take_overs(rig: Rig, *, rounds: int, rate: float) -> TakeOvers:
    """Kill, then stop, the process that holds the bind, so many times, under load.

    The carrier answers everything: a stop waits for the responses of what was sent.
    """
    rig.smsc.faults = replace(rig.smsc.faults, lose_share=0.0)
    crowd = Crowd(rig.carrier, rate=rate)
    for process in rig.processes:
        process.start()
    rig.await_bind()
    crowd.start()
    after_kill = [_take_over(rig, kill=True) for _ in range(rounds)]
    after_stop = [_take_over(rig, kill=False) for _ in range(rounds)]
    return TakeOvers(after_kill=after_kill, after_stop=after_stop, tally=_end(rig, crowd))


def _take_over(rig: Rig, *, kill: bool) -> float:
    time.sleep(3)  # both run, and the other one looks
    holder = _holder(rig)
    began = time.monotonic()
    if kill:
        holder.kill()
        rig.smsc.wait_bound(0)
    else:
        Thread(target=holder.stop).start()
        rig.smsc.wait_bound(0)
    rig.smsc.wait_bound(1, 30)
    taken = time.monotonic() - began
    holder.await_death(20)
    holder.start()
    return taken


def _holder(rig: Rig) -> Process:
    """Return the process that has the link: its pid stands in the lease's owner."""
    with rig.database.read() as connection:
        owner = next(duty.owner for duty in duties.list_duties(connection) if duty.name == _LINK)
    return next(process for process in rig.processes if f":{process.pid}:" in owner)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """What became of texts that came while the database was away."""

    seconds: float
    recovered_after: float  # seconds from its return until a text was answered
    settled_after: float  # until all were
    starts: int  # of processes; one each means that no restart was needed
    peak_mib: float
    tally: Tally


def outage(rig: Rig, *, seconds: float, rate: float) -> Outage:
    """Take the database away for so long, under load."""
    crowd = Crowd(rig.carrier, rate=rate)
    for process in rig.processes:
        process.start()
    rig.await_bind()
    crowd.start()
    time.sleep(5)
    rig.home.vanish(seconds)
    back = time.monotonic()
    before = _count_sent(rig)
    while _count_sent(rig) == before and time.monotonic() - back < 60:  # noqa: PLR2004 - a minute is too long anyway
        time.sleep(0.05)
    recovered_after = time.monotonic() - back
    time.sleep(5)
    crowd.end_after(0)
    settle(rig, crowd)
    settled_after = time.monotonic() - back
    peak = max(process.peak_mib() for process in rig.processes)
    return Outage(
        seconds=seconds,
        recovered_after=recovered_after,
        settled_after=settled_after,
        starts=sum(process.starts for process in rig.processes),
        peak_mib=peak,
        tally=_end(rig, crowd),
    )


def _count_sent(rig: Rig) -> int:
    with rig.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(outbound).where(outbound.c.sent_at.is_not(None))) or 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubles:
    """Doubled answers of each crash with this window."""

    window: int
    crashes: Sequence[int]
    tally: Tally


def doubles(rig: Rig, *, window: int, crashes: int, rate: float, seed: int) -> Doubles:
    """Crash so many times with the window full: the carrier answers late."""
    chance = random.Random(seed)  # noqa: S311 - the same run again from the same seed
    rig.smsc.faults = replace(rig.smsc.faults, response_delay=1.2 * window / rate, lose_share=0.0)
    crowd = Crowd(rig.carrier, rate=rate)
    for process in rig.processes:
        process.start()
    rig.await_bind()
    crowd.start()
    counts, before = [], 0
    for _ in range(crashes):
        time.sleep(chance.uniform(2.5, 3.5))
        rig.processes[0].kill()
        rig.processes[0].start()
        rig.await_bind()
        time.sleep(4)
        now = _count_doubled(crowd)
        counts.append(now - before)
        before = now
    return Doubles(window=window, crashes=counts, tally=_end(rig, crowd))


def _count_doubled(crowd: Crowd) -> int:
    return sum(max(0, len(conversation) - 2) for conversation in crowd.conversations())


def _end(rig: Rig, crowd: Crowd) -> Tally:
    crowd.end_after(0)
    revive(rig)
    settle(rig, crowd)
    for process in rig.processes:
        process.stop()
    return take_tally(crowd, rig.database)
