"""Where threads run."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from sms_gateway.process.tuning.cpu_affinity import ALLOWED, on_every_core, on_one_core


def test_a_thread_started_meanwhile_stays_on_the_same_core_and_so_do_those_that_it_starts_later() -> None:
    found: list[frozenset[int]] = []

    def look() -> None:
        found.append(frozenset(os.sched_getaffinity(0)))

    def start_another() -> None:
        look()
        later = Thread(target=look)
        later.start()
        later.join()

    with on_one_core():
        thread = Thread(target=start_another)
        thread.start()
        look()
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 3
    assert len(found[0]) == 1
    assert found[0] <= ALLOWED


def test_afterwards_the_thread_runs_anywhere_again() -> None:
    with pytest.raises(RuntimeError), on_one_core():
        raise RuntimeError("the start failed")
    assert os.sched_getaffinity(0) == ALLOWED


def test_a_thread_that_computes_long_has_every_core_and_gives_way() -> None:
    before = os.nice(0)
    with on_one_core(), ThreadPoolExecutor(1, initializer=on_every_core) as pool:
        assert pool.submit(os.sched_getaffinity, 0).result() == ALLOWED
        assert pool.submit(os.nice, 0).result() == 10
    assert os.nice(0) == before


def test_a_thread_works_where_the_system_refuses_to_place_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    for name in ("setpriority", "sched_setaffinity"):  # as a filter of system calls does
        monkeypatch.setattr(os, name, refuse)
    with on_one_core(), ThreadPoolExecutor(1, initializer=on_every_core) as pool:
        assert pool.submit(int, "1").result() == 1
