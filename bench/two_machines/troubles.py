"""The troubles: what fails, and what the operator does about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.two_machines.run import Pair

CUT_SECONDS = 60.0
OPERATOR_SECONDS = 15.0
"""So long after a machine died the operator acts."""

SPLIT_SECONDS = 5.0
"""So long the standby gets nothing before the primary's machine dies."""

_CARRIER_SECONDS = 5.0
_RESTART_SECONDS = 2.0
_NOTICE_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What fails, as the table has it."""

    words: str
    happen: Callable[[Pair], None]


def kill_holder(pair: Pair) -> None:
    """Kill the process that holds the bind; systemd starts it again."""
    pair.begin()
    pair.a.kill_gateway()
    pair.carrier.wait_bound(0, _NOTICE_SECONDS)
    time.sleep(_RESTART_SECONDS)
    pair.a.start_gateway(pair.config)
    pair.await_bind()


def kill_other(pair: Pair) -> None:
    """Kill the process that holds no bind; systemd starts it again."""
    pair.begin()
    pair.b.kill_gateway()
    time.sleep(_RESTART_SECONDS)
    pair.b.start_gateway(pair.config)


def cut(pair: Pair) -> None:
    """Cut the network between the machines for a minute."""
    pair.begin()
    pair.network.cut()
    time.sleep(CUT_SECONDS)
    pair.network.heal()
    pair.await_bind()


def lose_standby(pair: Pair) -> None:
    """Let the standby's machine die; the operator goes on without it."""
    pair.begin()
    pair.b.lose_power()
    time.sleep(OPERATOR_SECONDS)
    pair.standby(pair.a, "--alone", "--yes")
    pair.await_bind()


def lose_primary(pair: Pair) -> None:
    """Let the primary's machine die; the operator fences it and promotes the standby."""
    pair.begin()
    _fail_over(pair)


def split_and_lose_primary(pair: Pair) -> None:
    """Let the standby get nothing for some seconds before that."""
    pair.begin()
    pair.network.cut()
    time.sleep(SPLIT_SECONDS)
    _fail_over(pair)


def _fail_over(pair: Pair) -> None:
    pair.a.lose_power()  # and stays without its cable: that is the fence
    pair.network.heal()
    time.sleep(_CARRIER_SECONDS)
    pair.carrier.drop_connections()  # the carrier's own enquire_link gets no answer
    time.sleep(OPERATOR_SECONDS - _CARRIER_SECONDS)
    pair.b.promote()
    pair.await_bind()


TROUBLES: Mapping[str, Trouble] = {
    "holder": Trouble(words="the process that holds the bind is killed", happen=kill_holder),
    "other": Trouble(words="the other process is killed", happen=kill_other),
    "cut": Trouble(words=f"the network between the machines is cut for {CUT_SECONDS:.0f} s", happen=cut),
    "standby": Trouble(words="the standby's machine dies; `db standby --alone`", happen=lose_standby),
    "primary": Trouble(words="the primary's machine dies; fence, promote", happen=lose_primary),
    "split": Trouble(
        words=f"the network is cut, {SPLIT_SECONDS:.0f} s later the primary's machine dies; fence, promote",
        happen=split_and_lose_primary,
    ),
}
"""By the name of `--trouble`."""

ASYNCHRONOUS = ("primary", "split")
"""Those that also happen to a pair whose commits do not wait."""
