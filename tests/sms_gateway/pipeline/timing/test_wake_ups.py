"""Wake-ups of a block: each once, at its end, and those of other threads at once."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from sms_gateway.pipeline.timing.wake_ups import together, wake_up


class Sleeper:
    """Counts how often it is woken."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


def test_a_block_wakes_each_once_at_its_end_however_it_ends() -> None:
    one, other, elsewhere = Sleeper(), Sleeper(), Sleeper()
    with suppress(ValueError), together():
        wake_up(one.wake)
        wake_up(one.wake)
        wake_up(other.wake)
        thread = Thread(target=wake_up, args=(elsewhere.wake,))
        thread.start()
        thread.join()
        assert (one.woken, other.woken, elsewhere.woken) == (0, 0, 1)
        raise ValueError
    assert (one.woken, other.woken) == (1, 1)
    wake_up(one.wake)
    assert one.woken == 2
