"""Starts `sms-gateway` with a moment to die at and a clock that can be set; the gateway itself knows of neither.

    python -m bench.chaos.launcher --die t1-committed:3 --poison "HD X" --clock FILE -- serve --config gateway.toml

The functions of the pipeline's steps are wrapped before the program starts. At the third event at the point, the
process ends at once, as by kill -9. It also ends whenever a text that holds the poison is carried out. FILE holds
seconds to add to the time of day; SIGUSR1 makes the launcher read it again.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from sms_gateway.cli import main
from sms_gateway.clock import utc_now
from sms_gateway.pipeline import loop, rounds
from sms_gateway.pipeline.delivery import receipts, sending
from sms_gateway.pipeline.dispatch import handling
from sms_gateway.pipeline.intake import batch, storage
from sms_gateway.wiring import gateway

KILLED = 137
"""The exit code at a point: what a shell says of kill -9."""

POINTS: dict[str, tuple[object, str, int, bool]] = {
    "t1-written": (storage, "write_texts", 1, True),  # rows written, not committed
    "t1-committed": (batch.Reception, "_acknowledge", 1, False),  # committed, nobody told
    "t1-acknowledged": (batch.Reception, "_acknowledge", 1, True),  # told to the link, which may not have written
    "t2-written": (handling, "handle_texts", 1, True),  # effects written, not committed
    "t3-claimed": (rounds.Round, "_hand_over", 1, False),  # answers claimed and committed, not handed over
    "t3-submitted": (rounds.Round, "_hand_over", 1, True),  # handed to the link, which may have written them
    "t3-responded": (loop.Pipeline, "report", 1, False),  # the carrier has taken them, the pipeline was not told
    "t3-settled": (sending, "settle", 1, True),  # settlements written, not committed
    "t4-written": (receipts, "record_receipts", 1, True),  # receipts written, not committed
    "t4-committed": (rounds, "acknowledge_receipts", 0, False),  # committed, the carrier not told
}
"""Every boundary of a step: what is wrapped, the argument that says whether there is work, and whether to die after."""


def _has_work(argument: object) -> bool:
    """Tell whether this call does anything: a step is also called with nothing to do."""
    return bool(getattr(argument, "receipts", argument))


def _die_at(point: str, times: int) -> None:
    owner, name, place, after = POINTS[point]
    step: Callable[..., Any] = getattr(owner, name)
    calls = count(1)

    @wraps(step)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        last = _has_work(arguments[place]) and next(calls) >= times
        if last and not after:
            os._exit(KILLED)
        result = step(*arguments, **named)
        if last:
            os._exit(KILLED)
        return result

    setattr(owner, name, wrapped)


def _die_of(poison: str) -> None:
    carry_out: Callable[..., Any] = handling.__dict__["_carry_out"]

    @wraps(carry_out)
    def wrapped(connection: Any, item: handling.ReadText, *arguments: Any, **named: Any) -> Any:
        if poison in item.text.body:
            os._exit(KILLED)
        return carry_out(connection, item, *arguments, **named)

    setattr(handling, carry_out.__name__, wrapped)


class SkewedClock:
    """The time of day with something added."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._skew = timedelta(0)
        self.read()

    def __call__(self) -> datetime:
        """Give aware UTC, wrong by as much as the file says."""
        return utc_now() + self._skew

    def read(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Read the file; also as a signal's handler."""
        del number, frame
        self._skew = timedelta(seconds=float(self._file.read_text(encoding="ascii")))


def launch(arguments: list[str]) -> None:
    """Wrap what is asked for, then be `sms-gateway`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--die", metavar="POINT:TIMES", help=f"one of {', '.join(POINTS)}")
    parser.add_argument("--poison", metavar="WORDS", help="what a text holds that ends the process")
    parser.add_argument("--clock", type=Path, metavar="FILE")
    parser.add_argument("words", nargs="*")
    chosen = parser.parse_args(arguments)
    if chosen.die:
        point, _, times = chosen.die.partition(":")
        _die_at(point, int(times))
    if chosen.poison:
        _die_of(chosen.poison)
    if chosen.clock:
        clock = SkewedClock(chosen.clock)
        signal.signal(signal.SIGUSR1, clock.read)
        gateway.Gateway = partial(gateway.Gateway, now=clock)  # type: ignore[misc, assignment]  # as a class it is only called
    main(chosen.words, prog_name="sms-gateway")


if __name__ == "__main__":
    launch(sys.argv[1:])
