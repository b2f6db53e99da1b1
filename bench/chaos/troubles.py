"""Troubles: what is done to the gateway while the crowd texts. Each leaves everything running again, or starting."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.chaos.launcher import KILLED, POINTS
from bench.chaos.rig import Rig

DEATH_SECONDS = 14.0
"""How long a process may live that should die at a point: one without that work lives on. It is longer than the lease
of a link, since the link's last holder may just have been killed."""

_ALIVE_SECONDS = 1.5


@dataclass(slots=True)
class Record:
    """What was done: how often each trouble, and how long each take-over took."""

    kills: int = 0
    times: dict[str, int] = field(default_factory=dict)
    takeovers: list[float] = field(default_factory=list)

    def note(self, trouble: str) -> None:
        """Count a trouble."""
        self.times[trouble] = self.times.get(trouble, 0) + 1


def kill_somewhere(rig: Rig, record: Record, chance: random.Random) -> None:
    """Kill one process at a random moment and start it again."""
    process = chance.choice(rig.processes)
    time.sleep(chance.uniform(0, _ALIVE_SECONDS))
    process.kill()
    record.kills += 1
    record.note("kill -9 at random")
    process.start()


def kill_at(rig: Rig, record: Record, chance: random.Random, point: str) -> None:
    """Start one process anew with a point to die at, wait for its end, and start it again.

    The other processes are stopped meanwhile, cleanly, so that the work is surely this one's.
    """
    process = chance.choice(rig.processes)
    for each in rig.processes:
        each.stop()
    process.start(die=f"{point}:{chance.randint(1, 5)}")
    if process.await_death(DEATH_SECONDS) == KILLED:
        record.note(f"death at {point}")
    else:
        record.note(f"killed, did not come to {point}")
        process.kill()
    record.kills += 1
    for each in rig.processes:
        each.start()


def drop(rig: Rig, chance: random.Random) -> None:
    """Break the connection."""
    del chance
    rig.carrier.drop_connections()


def freeze(rig: Rig, chance: random.Random) -> None:
    """Let the connection hang, half open."""
    del chance
    rig.carrier.freeze()


def restart(rig: Rig, chance: random.Random) -> None:
    """Let the carrier be away."""
    rig.carrier.leave()
    time.sleep(chance.uniform(0.5, 2))
    rig.carrier.come_back()


def lock(rig: Rig, chance: random.Random) -> None:
    """Hold the database against all writers."""
    rig.home.lock(chance.uniform(1, 4))


def vanish(rig: Rig, chance: random.Random) -> None:
    """Fill the disk, or stop the server."""
    rig.home.vanish(chance.uniform(1, 4))


def pause(rig: Rig, chance: random.Random) -> None:
    """Stop a process for a while as a sleeping machine does, and let it go on."""
    process = chance.choice(rig.processes)
    process.tell(signal.SIGSTOP)
    time.sleep(chance.uniform(0.5, 3))
    process.tell(signal.SIGCONT)


def skew(rig: Rig, chance: random.Random) -> None:
    """Set the clock forward or back, at most five minutes: less than any validity or window."""
    rig.skew(chance.uniform(-300, 300))
    time.sleep(0.5)


TROUBLES: dict[str, Callable[[Rig, random.Random], None]] = {
    "connection dropped": drop,
    "connection frozen": freeze,
    "carrier away": restart,
    "database locked": lock,
    "database gone or disk full": vanish,
    "process asleep": pause,
    "clock set": skew,
}


def programme(kills: int, chance: random.Random) -> list[str]:
    """Return the names of what is to happen, in a random order: half the kills at points, each point as often."""
    turns, rest = divmod(kills // 2, len(POINTS))
    deaths = [*list(POINTS) * turns, *chance.sample(list(POINTS), rest)]
    others = list(TROUBLES) * max(1, kills // 15)
    names = [*deaths, *others, *["kill"] * (kills - len(deaths))]
    chance.shuffle(names)
    return names


def do(name: str, rig: Rig, record: Record, chance: random.Random) -> None:
    """Do one of the programme."""
    if name == "kill":
        kill_somewhere(rig, record, chance)
    elif name in POINTS:
        kill_at(rig, record, chance, name)
    else:
        record.note(name)
        TROUBLES[name](rig, chance)
