"""Waiting with a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def until(holds: Callable[[], bool], timeout: float = 10) -> None:
    """Wait until it holds; fail after so many seconds."""
    deadline = time.monotonic() + timeout
    gate = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "not so in time"
        gate.wait(0.005)
