"""A text that ends the process that carries it out: it ends parked, and its neighbours are answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bench.chaos.rig import Home, PostgresHome, Rig, SqliteHome
from db.messages import parked_texts
from db.messages.parked_texts import ParkedText
from db.processes import duties
from db.schema import InboundState, inbound
from sms_gateway.demo.simulator import Direction, Faults
from sms_gateway.pipeline.reclaim import DEATHS

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

POISON = "HD chet"
KILLER = "84905666666"
NEIGHBOURS = [f"8490500{number:04d}" for number in range(20)]
FAULTS = Faults(response_delay=0.02, receipt_delay=0.05, retry_delay=0.2, window=50)
MAX_ATTEMPTS = 2
DEADLINE = 150.0


def answers(rig: Rig, citizen: str) -> list[str]:
    return [bubble.text for bubble in rig.carrier.conversation(citizen) if bubble.direction is Direction.MT]


def parked(rig: Rig) -> list[ParkedText]:
    with rig.database.read() as connection:
        return parked_texts.find_parked(connection)


def live_until(rig: Rig, condition: Callable[[], bool]) -> int:
    """Start the process again as often as it dies, as systemd would; return how often it died."""
    (process,) = rig.processes
    deadline, deaths = time.monotonic() + DEADLINE, 0
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        if not process.alive():
            deaths += 1
            process.start(poison=POISON)
        time.sleep(0.05)
    return deaths


@pytest.mark.parametrize(
    "home",
    [
        pytest.param(lambda path: SqliteHome(path, size_mib=64), id="sqlite"),
        pytest.param(
            lambda _: PostgresHome(),
            id="postgresql",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_text_that_ends_the_process_is_parked_and_its_neighbours_are_answered(
    home: Callable[[Path], Home], tmp_path: Path
) -> None:
    rig = Rig(tmp_path, home(tmp_path), faults=FAULTS)
    with rig.config.open("a", encoding="utf-8") as config:
        config.write(f"[pipeline]\nmax_attempts = {MAX_ATTEMPTS}\n")
    try:
        (process,) = rig.processes
        process.start(poison=POISON)
        rig.await_bind()
        for citizen in NEIGHBOURS[:10]:
            rig.carrier.send_text(citizen, "8188", "HD")
        rig.carrier.send_text(KILLER, "8188", POISON)
        for citizen in NEIGHBOURS[10:]:
            rig.carrier.send_text(citizen, "8188", "HD")
        deaths = live_until(rig, lambda: bool(parked(rig)))
        # On the short way, on the long way, and at each try that is counted.
        assert deaths == 2 + MAX_ATTEMPTS
        live_until(rig, lambda: all(answers(rig, citizen) for citizen in [*NEIGHBOURS, KILLER]))
        assert [text.fault for text in parked(rig)] == [DEATHS]
        assert "Xin loi" in answers(rig, KILLER)[0]
        with rig.database.read() as connection:
            states = list(connection.scalars(select(inbound.c.state).where(inbound.c.duplicate_of.is_(None))))
        assert states.count(InboundState.HANDLED) == len(NEIGHBOURS)
        assert process.stop() == 0
        with rig.database.read() as connection:
            assert {duty.owner for duty in duties.list_duties(connection)} >= {duties.NOBODY}
    finally:
        rig.close()
